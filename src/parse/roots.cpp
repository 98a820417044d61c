#include "base/text.hpp"
#include "parse/dialects.hpp"

namespace agg::parse {
namespace {

bool is_cdf(const Element& channel) {
    if (channel.name().local == "CHANNEL") return true;
    if (!channel.attribute("href").empty() || !channel.attribute("lastmod").empty()) return true;
    for (const Element& child : channel)
        if (iequals(child.name().local, "abstract") || (iequals(child.name().local, "item") && !child.attribute("href").empty())) return true;
    return false;
}

bool is_root(const Element& element) {
    const std::string_view local = element.name().local;
    return iequals(local, "rss") || iequals(local, "rdf") || iequals(local, "feed") || iequals(local, "channel") || local == "entry";
}

// A page around a feed, or markup that an error message put there, must not hide it; a page that mentions one is a page.
bool has_items(const Element& root) {
    for (const Element& child : root) {
        const std::string_view local = child.name().local;
        if (iequals(local, "item") || iequals(local, "entry") || iequals(local, "channel")) return true;
    }
    return false;
}

Element find_root(const Element& first, int depth, bool in_page) {
    for (Element element = first; element; element = element.next())
        if (is_root(element) && (!in_page || has_items(element))) return element;
    if (depth == 0) return {};
    for (Element element = first; element; element = element.next())
        if (const Element inner = find_root(element.first(), depth - 1, in_page)) return inner;
    return {};
}

}  // namespace

Element feed_root(const Xml& xml) {
    const Element first = xml.first();
    bool in_page = false;
    for (Element element = first; element; element = element.next()) {
        if (iequals(element.name().local, "opml")) return {};
        in_page = in_page || iequals(element.name().local, "html");
    }
    return find_root(first, 4, in_page);
}

ParsedFeed read_xml_feed(const Element& root) {
    const std::string_view local = root.name().local;
    if (iequals(local, "feed") || local == "entry") return read_atom(root);
    if (iequals(local, "channel") && is_cdf(root)) return read_cdf(root);
    return read_rss(root);
}

}  // namespace agg::parse
