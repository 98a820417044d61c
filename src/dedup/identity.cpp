#include "dedup/identity.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "dedup/fingerprint.hpp"

namespace agg::dedup {
namespace {

// Fields joined so that no two different lists of fields give the same text.
class Joined {
  public:
    Joined& operator<<(std::string_view field) {
        text_.append(std::to_string(field.size())).append(":").append(field);
        return *this;
    }
    Joined& operator<<(std::int64_t number) { return *this << std::string_view(std::to_string(number)); }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
};

std::string content_of(const Item& item) {
    Joined all;
    all << item.link << item.title << item.summary_html << item.content_html << item.image << item.comments
        << item.language << item.source.title << item.source.link;
    all << (item.duration ? item.duration->count() : -1);
    all << (item.published_repaired ? -1 : to_unix_ms(item.published));
    all << (item.updated ? to_unix_ms(*item.updated) : -1);
    for (const Author& author : item.authors) all << "author" << author.name << author.email << author.url;
    for (const std::string& category : item.categories) all << "category" << category;
    for (const Enclosure& enclosure : item.enclosures)
        all << "enclosure" << enclosure.url << enclosure.type
            << (enclosure.length_bytes ? static_cast<std::int64_t>(*enclosure.length_bytes) : -1);
    return all.text();
}

}  // namespace

std::string identity(const Item& item) {
    if (!item.id.empty()) return "id " + item.id;
    if (!item.link.empty()) return "link " + item.link;
    if (item.title.empty()) return "content " + content_of(item);
    return "title " + item.title + "\n" + (item.published_repaired ? "" : to_rfc3339(item.published));
}

Keys keys(const Item& item) {
    return {.identity = fingerprint(identity(item)),
            .url = item.canonical_url.empty() ? 0 : fingerprint(item.canonical_url),
            .content = fingerprint(content_of(item))};
}

std::vector<Keys> document_keys(const std::vector<Item>& items) {
    std::vector<Keys> all;
    all.reserve(items.size());
    std::unordered_map<std::uint64_t, std::uint64_t> content_of_identity;
    std::unordered_set<std::uint64_t> repeated;
    for (const Item& item : items) {
        all.push_back(keys(item));
        const auto [first, is_new] = content_of_identity.try_emplace(all.back().identity, all.back().content);
        if (!is_new && first->second != all.back().content) repeated.insert(all.back().identity);
    }
    for (std::size_t i = 0; i < items.size() && !repeated.empty(); ++i) {
        if (items[i].id.empty() || !repeated.contains(all[i].identity)) continue;
        Item without_id = items[i];
        without_id.id.clear();
        all[i].identity = keys(without_id).identity;
    }
    return all;
}

}  // namespace agg::dedup
