#include "serve/markup.hpp"
#include "serve/writers.hpp"
#include "version.hpp"

namespace agg::serve {
namespace {

std::string length_of(const Enclosure& enclosure) { return std::to_string(enclosure.length_bytes.value_or(0)); }

void write_item(XmlWriter& xml, const Entry& entry) {
    xml.open("item");
    xml.element("title", entry.title);
    if (!entry.link.empty()) xml.element("link", entry.link);
    xml.element("guid", entry.id, {{"isPermaLink", "false"}});
    // An HTTP date is an RFC 822 date with a four-digit year, as RSS asks for.
    xml.element("pubDate", to_http_date(entry.published));
    if (entry.updated > entry.published) xml.element("atom:updated", to_rfc3339(entry.updated));
    for (const Author& author : entry.authors) xml.element("dc:creator", author.name);
    for (const std::string& category : entry.categories) xml.element("category", category);
    if (!entry.comments.empty()) xml.element("comments", entry.comments);
    // The attribute url is required, so an outlet whose address cannot be shown has no source.
    if (!entry.outlet.feed_url.empty()) xml.element("source", entry.outlet.title, {{"url", entry.outlet.feed_url}});
    for (const AlsoTold& other : entry.also)
        if (!other.url.empty())
            xml.empty_element(
                "atom:link", {{"rel", "related"}, {"type", "text/html"}, {"href", other.url}, {"title", other.outlet}});
    // One enclosure is what RSS readers expect; all of them stand in media:content as well when there are more.
    if (!entry.enclosures.empty()) {
        const Enclosure& first = entry.enclosures.front();
        xml.empty_element("enclosure", {{"url", first.url}, {"length", length_of(first)}, {"type", first.type}});
    }
    if (entry.enclosures.size() > 1)
        for (const Enclosure& enclosure : entry.enclosures)
            xml.empty_element("media:content", {{"url", enclosure.url},
                                                {"fileSize", enclosure.length_bytes ? length_of(enclosure) : ""},
                                                {"type", enclosure.type}});
    if (!entry.image.empty()) xml.empty_element("media:thumbnail", {{"url", entry.image}});
    if (!entry.summary_html.empty()) xml.element("description", entry.summary_html);
    if (!entry.content_html.empty()) xml.element("content:encoded", entry.content_html);
    xml.close();
}

}  // namespace

std::string write_rss(const ViewInfo& view, const std::vector<Entry>& entries) {
    XmlWriter xml;
    xml.open("rss", {{"version", "2.0"},
                     {"xmlns:atom", "http://www.w3.org/2005/Atom"},
                     {"xmlns:content", "http://purl.org/rss/1.0/modules/content/"},
                     {"xmlns:dc", "http://purl.org/dc/elements/1.1/"},
                     {"xmlns:fh", "http://purl.org/syndication/history/1.0"},
                     {"xmlns:media", "http://search.yahoo.com/mrss/"}});
    xml.open("channel");
    xml.element("title", view.title);
    xml.element("link", view.home_url);
    xml.element("description", "Everything that " + view.title + " collects, each story once.");
    xml.empty_element("atom:link", {{"rel", "self"}, {"type", "application/rss+xml"}, {"href", view.self_url}});
    for (const char* relation : {"next", "prev-archive"})
        if (!view.next_url.empty())
            xml.empty_element("atom:link",
                              {{"rel", relation}, {"type", "application/rss+xml"}, {"href", view.next_url}});
    if (!view.current_url.empty()) {
        xml.empty_element("atom:link",
                          {{"rel", "current"}, {"type", "application/rss+xml"}, {"href", view.current_url}});
        xml.empty_element("fh:archive", {});
    }
    xml.element("lastBuildDate", to_http_date(view.changed_at));
    xml.element("generator", std::string("aggd ") + k_version);
    for (const Entry& entry : entries) write_item(xml, entry);
    xml.close();
    xml.close();
    return xml.take();
}

}  // namespace agg::serve
