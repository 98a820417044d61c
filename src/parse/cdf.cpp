// Channel Definition Format (Microsoft, 1997): <CHANNEL HREF BASE LASTMOD><TITLE/><ABSTRACT/><LOGO/><ITEM HREF LASTMOD>...
#include "base/text.hpp"
#include "base/url_reference.hpp"
#include "parse/date.hpp"
#include "parse/dialects.hpp"
#include "parse/draft.hpp"
#include "parse/markup.hpp"

namespace agg::parse {
namespace {

std::string address(const Element& element, const std::string& base) {
    std::string href = element.attribute("href");
    if (trim(href).empty())
        if (const Element anchor = element.child(Space::feed, "a")) href = anchor.attribute("href");
    return trim(href).empty() ? std::string{} : resolve_reference(base, href);
}

void read_item(ParsedFeed& feed, const Element& element, const std::string& base) {
    if (feed.items.size() > k_max_items) return;
    ItemDraft draft;
    offer_text(draft.link, 0, address(element, base));
    offer_date(draft.updated, 0, element.attribute("lastmod"));
    for (const Element& child : element) {
        const std::string_view local = child.name().local;
        if (iequals(local, "title")) offer_markup(draft.title, 0, short_text(child));
        else if (iequals(local, "abstract")) offer_markup(draft.summary, 0, html_body(child));
    }
    feed.items.push_back(draft.finish());
}

void read_channel(ParsedFeed& feed, FeedDraft& draft, const Element& channel, int depth) {
    const std::string base_attribute = channel.attribute("base");
    const std::string base = base_attribute.empty() ? channel.base() : resolve_reference(channel.base(), base_attribute);
    if (depth == 0) {
        offer_text(draft.link, 0, address(channel, base));
        offer_date(draft.updated, 0, channel.attribute("lastmod"));
    }
    for (const Element& child : channel) {
        const std::string_view local = child.name().local;
        if (iequals(local, "item")) read_item(feed, child, base);
        else if (iequals(local, "channel") && depth < 8) read_channel(feed, draft, child, depth + 1);
        else if (depth > 0) continue;
        else if (iequals(local, "title")) offer_markup(draft.title, 0, short_text(child));
        else if (iequals(local, "abstract")) offer_markup(draft.subtitle, 0, short_text(child));
        else if (iequals(local, "logo")) offer_text(iequals(child.attribute("style"), "icon") ? draft.icon : draft.logo, 0, address(child, base));
    }
}

}  // namespace

ParsedFeed read_cdf(const Element& root) {
    ParsedFeed feed;
    feed.format = Format::cdf;
    FeedDraft draft;
    read_channel(feed, draft, root, 0);
    draft.finish(feed);
    return feed;
}

}  // namespace agg::parse
