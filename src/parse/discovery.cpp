#include "parse/discovery.hpp"

#include <array>

#include "base/text.hpp"
#include "base/url_reference.hpp"
#include "parse/html_tags.hpp"
#include "base/references.hpp"

namespace agg::parse {
namespace {

constexpr auto npos = std::string_view::npos;

bool has_word(std::string_view list, std::string_view word) {
    for (const std::string_view part : split(list, ' '))
        if (iequals(trim(part), word)) return true;
    return false;
}

bool is_feed_type(std::string_view type) {
    constexpr auto k_types = std::to_array<std::string_view>({"application/rss+xml", "application/atom+xml", "application/feed+json",
                                                              "application/rdf+xml", "application/x-rss+xml", "application/json",
                                                              "application/xml", "text/xml", "text/rss+xml", "text/rss", "application/rss",
                                                              "application/atom", "text/atom+xml"});
    const std::string_view plain = trim(type.substr(0, type.find(';')));
    return std::any_of(k_types.begin(), k_types.end(), [&](std::string_view known) { return iequals(known, plain); });
}

// True when an address that a page links to is likely a feed's.
bool looks_like_feed(std::string_view url) {
    const std::string lower = ascii_lower(url.substr(0, url.find('#')));
    const std::string_view path = std::string_view(lower).substr(0, lower.find('?'));
    for (const std::string_view end : {".rss", ".rdf", ".atom", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "/rss", "/rss/", "/feed", "/feed/",
                                       "/feeds", "/atom", "/atom/", "/rss2"})
        if (path.ends_with(end)) return true;
    return lower.find("feeds.feedburner.com/") != npos || lower.find("format=rss") != npos || lower.find("feed=rss") != npos;
}

void add(std::vector<FeedLink>& links, FeedLink link) {
    constexpr std::size_t k_most = 100;
    const bool known = std::any_of(links.begin(), links.end(), [&](const FeedLink& other) { return other.url == link.url; });
    if (!known && links.size() < k_most && (link.url.starts_with("http://") || link.url.starts_with("https://"))) links.push_back(std::move(link));
}

}  // namespace

std::vector<FeedLink> feed_links_in(std::string_view html, const std::string& url) {
    std::vector<FeedLink> named;
    std::vector<FeedLink> linked;
    std::string base = url;
    TagWalker walker(html);
    while (const auto tag = walker.next()) {
        const bool is_link = iequals(tag->name, "link");
        const bool is_anchor = iequals(tag->name, "a");
        if (!is_link && !is_anchor && !iequals(tag->name, "base")) continue;
        const std::string href = html_attribute(tag->attributes, "href");
        if (trim(href).empty()) continue;
        if (iequals(tag->name, "base")) {
            base = resolve_reference(url, href);
        } else if (is_link) {
            const std::string relation = html_attribute(tag->attributes, "rel");
            const std::string type = html_attribute(tag->attributes, "type");
            const bool feed = has_word(relation, "feed") || (has_word(relation, "alternate") && is_feed_type(type));
            if (feed) add(named, {resolve_reference(base, href), collapse_space(html_attribute(tag->attributes, "title")), type});
        } else {
            std::string target = resolve_reference(base, href);
            const std::string type = html_attribute(tag->attributes, "type");
            if (is_feed_type(type) || looks_like_feed(target))
                add(linked, {std::move(target), collapse_space(html_attribute(tag->attributes, "title")), type});
        }
    }
    return named.empty() ? linked : named;
}

std::string describe(std::string_view text) {
    const std::string_view start = trim(text);
    if (start.empty()) return "an empty document";
    if (start.starts_with("%PDF-")) return "a PDF document";
    if (start.starts_with("\x89PNG") || start.starts_with("GIF8") || start.starts_with("\xFF\xD8")) return "an image";
    TagWalker walker(text);
    bool page = ifind(text.substr(0, 4096), "<!doctype html") != npos;
    std::string_view first;
    while (const auto tag = walker.next()) {
        if (first.empty()) first = tag->name;
        if (iequals(tag->name, "opml")) return "an OPML list";
        if (iequals(tag->name, "urlset") || iequals(tag->name, "sitemapindex")) return "a site map";
        if (iequals(tag->name, "html") || iequals(tag->name, "body") || iequals(tag->name, "head")) page = true;
        if (iequals(tag->name, "title") && page) {
            const std::size_t end = std::min(text.find('<', tag->end), text.size());
            const std::string title = collapse_space(References().resolve(text.substr(tag->end, end - tag->end)));
            if (!title.empty()) return fmt::format("a web page titled \"{}\"", truncate_utf8(title, 120));
        }
    }
    if (page) return "a web page";
    if (!first.empty() && start[0] == '<') return fmt::format("XML whose first element is <{}>", truncate_utf8(first, 60));
    return "plain text";
}

}  // namespace agg::parse
