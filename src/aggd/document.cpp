#include "aggd/document.hpp"

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

std::optional<Document> read_document(const fetch::Response& response, std::uint64_t last_fingerprint, TimePoint now) {
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

    std::vector<Item> items;
    items.reserve(parsed->items.size());
    for (const ParsedItem& item : parsed->items) items.push_back(clean::clean_item(item, *parsed, now));
    // An item at which a document broke off is half an item under half a name: it comes back with the whole document.
    if (parsed->last_item_cut_short && !items.empty()) items.pop_back();
    document.reading.items = items.size();
    document.warnings = parsed->warnings;
    const std::vector<dedup::Keys> keys = dedup::document_keys(items);
    for (const dedup::Keys& key : keys) document.reading.identities.push_back(key.identity);
    document.items.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].published_repaired) document.reading.published.push_back(items[i].published);
        document.items.push_back({std::move(items[i]), keys[i]});
    }
    return document;
}

}  // namespace agg::aggd
