#include "serve/markup.hpp"
#include "serve/writers.hpp"
#include "version.hpp"

namespace agg::serve {
namespace {

void write_author(XmlWriter& xml, const Author& author) {
    xml.open("author");
    xml.element("name", author.name);
    if (!author.url.empty()) xml.element("uri", author.url);
    if (!author.email.empty()) xml.element("email", author.email);
    xml.close();
}

void write_source(XmlWriter& xml, const Entry& entry) {
    if (entry.outlet.title.empty()) return;
    xml.open("source");
    xml.element("id", entry.outlet.id);
    xml.element("title", entry.outlet.title);
    xml.element("updated", to_rfc3339(entry.updated));
    if (!entry.outlet.feed_url.empty()) xml.empty_element("link", {{"rel", "self"}, {"href", entry.outlet.feed_url}});
    if (!entry.outlet.site.empty()) xml.empty_element("link", {{"rel", "alternate"}, {"href", entry.outlet.site}});
    xml.close();
}

void write_entry(XmlWriter& xml, const Entry& entry) {
    xml.open("entry", {{"xml:lang", entry.language}});
    xml.element("id", entry.id);
    xml.element("title", entry.title);
    xml.element("published", to_rfc3339(entry.published));
    xml.element("updated", to_rfc3339(entry.updated));
    for (const Author& author : entry.authors) write_author(xml, author);
    if (!entry.link.empty())
        xml.empty_element("link", {{"rel", "alternate"}, {"type", "text/html"}, {"href", entry.link}});
    for (const AlsoTold& other : entry.also)
        if (!other.url.empty())
            xml.empty_element(
                "link", {{"rel", "related"}, {"type", "text/html"}, {"href", other.url}, {"title", other.outlet}});
    for (const Enclosure& enclosure : entry.enclosures)
        xml.empty_element("link", {{"rel", "enclosure"},
                                   {"type", enclosure.type},
                                   {"length", enclosure.length_bytes ? std::to_string(*enclosure.length_bytes) : ""},
                                   {"href", enclosure.url}});
    if (!entry.comments.empty())
        xml.empty_element("link", {{"rel", "replies"}, {"type", "text/html"}, {"href", entry.comments}});
    for (const std::string& category : entry.categories) xml.empty_element("category", {{"term", category}});
    for (const std::string& state : entry.reader_states)
        xml.empty_element("category", {{"scheme", "http://www.google.com/reader/"},
                                       {"term", state},
                                       {"label", std::string_view(state).substr(state.rfind('/') + 1)}});
    write_source(xml, entry);
    if (!entry.image.empty()) xml.empty_element("media:thumbnail", {{"url", entry.image}});
    if (!entry.summary_html.empty()) xml.element("summary", entry.summary_html, {{"type", "html"}});
    // An entry without an alternate link must have content (RFC 4287, 4.1.2).
    if (!entry.content_html.empty())
        xml.element("content", entry.content_html, {{"type", "html"}});
    else if (entry.link.empty())
        xml.element("content", entry.title, {{"type", "text"}});
    xml.close();
}

}  // namespace

std::string write_atom(const ViewInfo& view, const std::vector<Entry>& entries) {
    XmlWriter xml;
    xml.open("feed", {{"xmlns", "http://www.w3.org/2005/Atom"},
                      {"xmlns:fh", "http://purl.org/syndication/history/1.0"},
                      {"xmlns:media", "http://search.yahoo.com/mrss/"}});
    xml.element("id", view.id);
    xml.element("title", view.title);
    xml.element("updated", to_rfc3339(view.changed_at));
    xml.empty_element("link", {{"rel", "self"}, {"type", "application/atom+xml"}, {"href", view.self_url}});
    xml.empty_element("link", {{"rel", "alternate"}, {"href", view.home_url}});
    // RFC 5005: older entries are pages that never change their place, so that they are an archive as well.
    for (const char* relation : {"next", "prev-archive"})
        if (!view.next_url.empty())
            xml.empty_element("link", {{"rel", relation}, {"type", "application/atom+xml"}, {"href", view.next_url}});
    if (!view.current_url.empty()) {
        xml.empty_element("link", {{"rel", "current"}, {"type", "application/atom+xml"}, {"href", view.current_url}});
        xml.empty_element("fh:archive", {});
    }
    xml.element("generator", "aggd", {{"version", k_version}});
    for (const Entry& entry : entries) write_entry(xml, entry);
    xml.close();
    return xml.take();
}

}  // namespace agg::serve
