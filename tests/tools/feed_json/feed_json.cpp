#include "feed_json.hpp"

#include <boost/json.hpp>
#include <fmt/ranges.h>

#include "clean/clean.hpp"
#include "config/opml.hpp"

namespace agg::tools {
namespace {

namespace json = boost::json;

void put(json::object& out, const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
}

void put(json::object& out, const char* key, const std::optional<TimePoint>& time) {
    if (time) out[key] = to_rfc3339(*time);
}

void put_authors(json::object& out, const std::vector<Author>& authors) {
    if (authors.empty()) return;
    json::array list;
    for (const Author& author : authors) list.emplace_back(author.name.empty() ? author.email : author.name);
    out["author"] = list[0];
    out["authors"] = std::move(list);
}

void put_categories(json::object& out, const std::vector<std::string>& categories) {
    if (!categories.empty()) out["categories"] = json::array(categories.begin(), categories.end());
}

const char* name_of(Format format) {
    switch (format) {
        case Format::rss: return "rss";
        case Format::rdf: return "rdf";
        case Format::atom: return "atom";
        case Format::json_feed: return "json";
        case Format::cdf: return "cdf";
    }
    return "";
}

json::object feed_object(const ParsedFeed& feed) {
    const FeedInfo clean = clean::clean_feed(feed);
    json::object out;
    put(out, "title", clean.title);
    put(out, "subtitle", clean.subtitle);
    put(out, "link", feed.link);
    put(out, "id", feed.id);
    put(out, "language", clean.language);
    put(out, "published", feed.published.time);
    put(out, "updated", feed.updated.time);
    put_authors(out, feed.authors);
    put(out, "icon", feed.icon);
    put(out, "logo", feed.logo);
    if (feed.hints.ttl) out["ttl"] = feed.hints.ttl->count();
    put_categories(out, feed.categories);
    return out;
}

// Links and dates as the document has them: the suite asks what can be read, not what was shortened or repaired.
json::object entry_object(const ParsedItem& parsed, const ParsedFeed& feed) {
    const Item item = clean::clean_item(parsed, feed, TimePoint{});
    json::object out;
    put(out, "title", item.title);
    put(out, "link", parsed.link);
    put(out, "id", item.id);
    put(out, "summary", item.summary_html);
    put(out, "content", item.content_html);
    put_authors(out, item.authors);
    put(out, "published", parsed.published.time);
    put(out, "updated", parsed.updated.time);
    put_categories(out, item.categories);
    json::array enclosures;
    for (const Enclosure& enclosure : item.enclosures) {
        json::object one{{"url", enclosure.url}};
        put(one, "type", enclosure.type);
        if (enclosure.length_bytes) one["length"] = *enclosure.length_bytes;
        enclosures.push_back(std::move(one));
    }
    if (!enclosures.empty()) out["enclosures"] = std::move(enclosures);
    if (item.duration) out["duration"] = item.duration->count();
    put(out, "source_title", item.source.title);
    put(out, "source_link", item.source.link);
    put(out, "comments", item.comments);
    put(out, "image", item.image);
    return out;
}

// An OPML list as {"feeds"}; absent when the document is none.
std::optional<std::string> opml_json(std::string_view bytes) {
    const auto list = config::read_opml(bytes);
    if (!list) return std::nullopt;
    json::array feeds;
    for (const config::Outline& outline : list->outlines)
        feeds.push_back({{"url", outline.url},
                         {"title", outline.title},
                         {"folder", fmt::format("{}", fmt::join(outline.folder, "/"))}});
    return json::serialize(json::object{{"feeds", std::move(feeds)}});
}

}  // namespace

std::string feed_json(const parse::Document& document) {
    const auto feed = parse::parse(document);
    if (!feed)
        if (auto list = opml_json(document.bytes)) return *list;
    if (!feed) return json::serialize(json::object{{"error", feed.error().message}});
    json::array entries;
    for (const ParsedItem& item : feed->items) entries.push_back(entry_object(item, *feed));
    return json::serialize(
        json::object{{"format", name_of(feed->format)}, {"feed", feed_object(*feed)}, {"entries", std::move(entries)}});
}

}  // namespace agg::tools
