#include "dedup/identity.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "dedup/fingerprint.hpp"
#include "dedup/page_key.hpp"

namespace agg::dedup {
namespace {

constexpr std::size_t k_min_guid_bytes = 5;  // shorter ones are counters that every feed has

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
    Keys keys{.identity = fingerprint(identity(item)), .content = fingerprint(content_of(item))};
    if (!item.link.empty()) keys.link_identity = fingerprint("link " + item.link);
    if (!item.title.empty())
        keys.title_identity = fingerprint("title " + item.title + "\n" +
                                          (item.published_repaired ? "" : to_rfc3339(item.published)));
    if (!item.canonical_url.empty()) keys.url = fingerprint(item.canonical_url);
    if (item.id.size() >= k_min_guid_bytes) keys.guid = fingerprint(item.id);
    if (const std::string page = page_key(item.canonical_url); !page.empty()) keys.page = fingerprint(page);
    return keys;
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

std::vector<KeyedItem> keyed_items(std::vector<Item> items) {
    const std::vector<Keys> keys = document_keys(items);
    std::vector<KeyedItem> all;
    all.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        KeyedItem& one = all.emplace_back();
        one.keys = keys[i];
        one.telling = telling_of(items[i]);
        one.anchors = anchors_of(one.telling);
        one.item = std::move(items[i]);
    }
    return all;
}

}  // namespace agg::dedup
