#include "aggd/document.hpp"

#include <algorithm>
#include <set>

#include "base/url.hpp"
#include "clean/clean.hpp"
#include "dedup/fingerprint.hpp"

namespace agg::aggd {

parse::Document document_of(const fetch::Response& response) {
    const auto url = Url::parse(response.url);
    return {.bytes = response.body,
            .content_type = response.headers.get("Content-Type"),
            .url = url ? url->public_base() : std::string(),
            .content_location = response.headers.get("Content-Location")};
}

std::optional<Document> read_document(const fetch::Response& response, std::uint64_t last_fingerprint,
                                      const SeenDocument* seen, TimePoint now) {
    Document document;
    document.reading.fingerprint = dedup::fingerprint(response.body);
    if (document.reading.fingerprint == last_fingerprint) return std::nullopt;

    const auto parsed = parse::parse(document_of(response));
    if (!parsed) {
        document.reading.error = parsed.error();
        return document;
    }
    document.info = clean::clean_feed(*parsed);
    document.reading.hints = parsed->hints;
    document.reading.cut_short = parsed->cut_short;

    // An item at which a document broke off is half an item under half a name: it comes back with the whole document.
    const std::size_t whole = parsed->items.size() - (parsed->last_item_cut_short && !parsed->items.empty() ? 1 : 0);
    std::vector<Item> changed;
    std::vector<std::size_t> places;  // of these in the document
    document.seen.looked_at = seen != nullptr ? seen->looked_at : now;
    for (std::size_t i = 0; i < whole; ++i) {
        const ParsedItem& item = parsed->items[i];
        const std::uint64_t fingerprint = fingerprint_of(item, *parsed);
        if (const SeenItem* same = seen != nullptr ? seen->find(fingerprint) : nullptr) {
            document.seen.items.push_back(*same);
            document.unchanged.push_back(same->identity);
            continue;
        }
        places.push_back(i);
        changed.push_back(clean::clean_item(item, *parsed, now));
        const Item& cleaned = changed.back();
        document.seen.items.push_back({.fingerprint = fingerprint,
                                       .published = cleaned.published_repaired ? TimePoint::min() : cleaned.published});
    }
    document.items = dedup::keyed_items(std::move(changed));
    // An id that several items of a document carry is no id of theirs, which only shows in the whole of it.
    const std::set<std::uint64_t> known(document.unchanged.begin(), document.unchanged.end());
    if (std::any_of(document.items.begin(), document.items.end(),
                    [&](const dedup::KeyedItem& item) { return known.contains(item.keys.identity); }))
        return read_document(response, last_fingerprint, nullptr, now);
    for (std::size_t i = 0; i < places.size(); ++i)
        document.seen.items[places[i]].identity = document.items[i].keys.identity;

    for (const dedup::KeyedItem& item : document.items) document.bodies.push_back(store::body_of(item.item));

    document.reading.items = whole;
    document.warnings = parsed->warnings;
    for (const SeenItem& item : document.seen.items) {
        document.reading.identities.push_back(item.identity);
        if (item.published != TimePoint::min()) document.reading.published.push_back(item.published);
    }
    return document;
}

}  // namespace agg::aggd
