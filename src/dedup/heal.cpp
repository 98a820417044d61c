#include "dedup/heal.hpp"

#include <unordered_map>
#include <unordered_set>

namespace agg::dedup {
namespace {

constexpr std::size_t k_fewest = 3;  // items: fewer may be a publisher's slip
constexpr std::size_t k_nobody = static_cast<std::size_t>(-1);
constexpr std::size_t k_several = static_cast<std::size_t>(-2);

// Who has a name; k_several when it is no name of one alone.
class Names {
  public:
    void add(const std::string& name, std::size_t owner) {
        if (name.empty()) return;
        const auto [entry, is_new] = owners_.try_emplace(name, owner);
        if (!is_new && entry->second != owner) entry->second = k_several;
    }
    [[nodiscard]] std::size_t owner(const std::string& name) const {
        const auto entry = owners_.find(name);
        return entry == owners_.end() ? k_nobody : entry->second;
    }

  private:
    std::unordered_map<std::string, std::size_t> owners_;
};

std::string dated(const std::string& title, TimePoint published) {
    return title.empty() ? std::string() : to_rfc3339(published) + " " + title;
}

}  // namespace

std::vector<Rewrite> find_rewrites(const std::vector<KeyedItem>& document, const std::vector<std::uint64_t>& unchanged,
                                   const std::vector<Known>& known) {
    std::unordered_set<std::uint64_t> in_document(unchanged.begin(), unchanged.end()), stored;
    for (const KeyedItem& one : document) in_document.insert(one.keys.identity);
    for (const Known& one : known) stored.insert(one.identity);
    std::vector<std::size_t> fresh;
    for (std::size_t i = 0; i < document.size(); ++i)
        if (!stored.contains(document[i].keys.identity)) fresh.push_back(i);
    if (fresh.size() < k_fewest || fresh.size() * 2 <= document.size() + unchanged.size()) return {};

    // The names of both sides; one that two items share says nothing.
    Names known_url, known_link, known_title, fresh_url, fresh_link, fresh_title;
    for (std::size_t k = 0; k < known.size(); ++k) {
        if (in_document.contains(known[k].identity)) continue;
        known_url.add(known[k].canonical_url, k);
        known_link.add(known[k].link, k);
        known_title.add(dated(known[k].title, known[k].published), k);
    }
    for (const std::size_t i : fresh) {
        const Item& item = document[i].item;
        fresh_url.add(item.canonical_url, i);
        fresh_link.add(item.link, i);
        if (!item.published_repaired) fresh_title.add(dated(item.title, item.published), i);
    }
    std::vector<Rewrite> all;
    std::unordered_set<std::size_t> taken;
    for (const std::size_t i : fresh) {
        const Item& item = document[i].item;
        const auto match = [&](const Names& ours, const Names& theirs, const std::string& name) {
            const std::size_t owner = ours.owner(name) == i ? theirs.owner(name) : k_nobody;
            return owner < known.size() && !taken.contains(owner) ? owner : k_nobody;
        };
        std::size_t owner = match(fresh_url, known_url, item.canonical_url);
        if (owner == k_nobody) owner = match(fresh_link, known_link, item.link);
        if (owner == k_nobody) owner = match(fresh_title, known_title, dated(item.title, item.published));
        if (owner == k_nobody) continue;
        taken.insert(owner);
        all.push_back({i, known[owner].item});
    }
    if (all.size() < k_fewest || all.size() * 10 < fresh.size() * 6) return {};
    return all;
}

}  // namespace agg::dedup
