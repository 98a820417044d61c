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

Element find_root(const Element& first, int depth) {
    for (Element element = first; element; element = element.next())
        if (is_root(element)) return element;
    if (depth == 0) return {};
    for (Element element = first; element; element = element.next())
        if (const Element inner = find_root(element.first(), depth - 1)) return inner;
    return {};
}

}  // namespace

Element feed_root(const Xml& xml) {
    const Element first = xml.first();
    for (Element element = first; element; element = element.next())
        if (iequals(element.name().local, "html") || iequals(element.name().local, "opml")) return {};
    return find_root(first, 4);
}

ParsedFeed read_xml_feed(const Element& root) {
    const std::string_view local = root.name().local;
    if (iequals(local, "feed") || local == "entry") return read_atom(root);
    if (iequals(local, "channel") && is_cdf(root)) return read_cdf(root);
    return read_rss(root);
}

}  // namespace agg::parse
