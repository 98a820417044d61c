#include "serve/opml.hpp"

#include <algorithm>

#include "serve/markup.hpp"

namespace agg::serve {
namespace {

void begin(XmlWriter& xml, std::string_view title) {
    xml.open("opml", {{"version", "2.0"}});
    xml.open("head");
    xml.element("title", title);
    xml.close();
    xml.open("body");
}

std::string finish(XmlWriter& xml) {
    xml.close();
    xml.close();
    return xml.take();
}

void write_outline(XmlWriter& xml, std::string_view title, std::string_view url, std::string_view site = {},
                   std::string_view categories = {}) {
    xml.empty_element("outline", {{"type", "rss"},
                                  {"text", title},
                                  {"title", title},
                                  {"xmlUrl", url},
                                  {"htmlUrl", site},
                                  {"category", categories}});
}

void write_feed_outline(XmlWriter& xml, const FeedStatus& feed) {
    std::string categories;
    for (const std::string& tag : feed.tags) categories += (categories.empty() ? "" : ",") + tag;
    write_outline(xml, feed.title.empty() ? feed.name : feed.title, feed.url, feed.site, categories);
}

}  // namespace

std::string write_subscriptions(const std::vector<FeedStatus>& feeds) {
    XmlWriter xml;
    begin(xml, "Subscriptions of aggd");
    std::vector<std::string> folders;
    for (const FeedStatus& feed : feeds) {
        if (feed.tags.empty())
            write_feed_outline(xml, feed);
        else if (std::find(folders.begin(), folders.end(), feed.tags.front()) == folders.end())
            folders.push_back(feed.tags.front());
    }
    for (const std::string& folder : folders) {
        xml.open("outline", {{"text", folder}, {"title", folder}});
        for (const FeedStatus& feed : feeds)
            if (!feed.tags.empty() && feed.tags.front() == folder) write_feed_outline(xml, feed);
        xml.close();
    }
    return finish(xml);
}

std::string write_views(const Catalog& catalog, const std::string& base_url) {
    XmlWriter xml;
    begin(xml, "Served by aggd");
    write_outline(xml, "aggd", base_url + "feed.atom", base_url);
    for (const View& view : catalog.views)
        write_outline(xml, view.title.empty() ? view.name : view.title,
                      fmt::format("{}view/{}.atom", base_url, percent_encode(view.name)), base_url);
    const auto folder = [&](const char* title, const char* kind, const std::set<std::string>& names) {
        if (names.empty()) return;
        xml.open("outline", {{"text", title}, {"title", title}});
        for (const std::string& name : names)
            write_outline(xml, name, fmt::format("{}{}/{}.atom", base_url, kind, percent_encode(name)), base_url);
        xml.close();
    };
    folder("Tags", "tag", catalog.tags);
    folder("Sources", "source", catalog.sources);
    return finish(xml);
}

}  // namespace agg::serve
