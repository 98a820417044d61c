#include "base/text.hpp"
#include "parse/dialects.hpp"
#include "parse/elements.hpp"

namespace agg::parse {
namespace {

void read_entry(ParsedFeed& feed, const Element& element) {
    if (feed.items.size() > k_max_items) return;
    ItemDraft draft;
    offer_text(draft.language, 8, element.language());
    for (const Element& child : element) read_item_element(draft, child);
    feed.items.push_back(draft.finish());
}

}  // namespace

ParsedFeed read_atom(const Element& root) {
    ParsedFeed feed;
    feed.format = Format::atom;
    FeedDraft draft;
    if (iequals(root.name().local, "entry")) {
        read_entry(feed, root);
        return feed;
    }
    offer_text(draft.language, 8, root.language());
    for (const Element& child : root) {
        if (iequals(child.name().local, "entry")) read_entry(feed, child);
        else read_feed_element(draft, child);
    }
    draft.finish(feed);
    // RFC 4287, 4.2.1: an entry without author has its source's, and then the feed's.
    for (ParsedItem& item : feed.items)
        if (item.authors.empty()) item.authors = feed.authors;
    return feed;
}

}  // namespace agg::parse
