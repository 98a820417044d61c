#include <boost/json.hpp>

#include "serve/markup.hpp"
#include "serve/writers.hpp"

namespace agg::serve {
namespace {

namespace json = boost::json;

void set(json::object& object, const char* name, std::string_view text) {
    if (!text.empty()) object[name] = scrub(text);
}

json::array authors_of(const Entry& entry) {
    json::array authors;
    for (const Author& author : entry.authors) {
        json::object each;
        set(each, "name", author.name);
        set(each, "url", author.url);
        authors.push_back(std::move(each));
    }
    return authors;
}

json::array attachments_of(const Entry& entry) {
    json::array attachments;
    for (const Enclosure& enclosure : entry.enclosures) {
        json::object each;
        set(each, "url", enclosure.url);
        set(each, "mime_type", enclosure.type);
        if (enclosure.length_bytes) each["size_in_bytes"] = *enclosure.length_bytes;
        if (entry.duration && entry.enclosures.size() == 1) each["duration_in_seconds"] = entry.duration->count();
        attachments.push_back(std::move(each));
    }
    return attachments;
}

json::object extension_of(const Entry& entry) {
    json::object source;
    set(source, "title", entry.outlet.title);
    set(source, "feed_url", entry.outlet.feed_url);
    set(source, "home_page_url", entry.outlet.site);
    json::object extension;
    extension["source"] = std::move(source);
    json::array also;
    for (const AlsoTold& other : entry.also) {
        json::object each;
        set(each, "title", other.outlet);
        set(each, "url", other.url);
        also.push_back(std::move(each));
    }
    if (!also.empty()) extension["also"] = std::move(also);
    set(extension, "comments_url", entry.comments);
    return extension;
}

json::object item_of(const Entry& entry) {
    json::object item;
    set(item, "id", entry.id);
    set(item, "url", entry.link);
    set(item, "title", entry.title);
    // One of content_html and content_text is required.
    if (!entry.content_html.empty()) {
        set(item, "content_html", entry.content_html);
        set(item, "summary", plain_text(entry.summary_html));
    } else if (!entry.summary_html.empty()) {
        set(item, "content_html", entry.summary_html);
    } else {
        set(item, "content_text", entry.title);
    }
    item["date_published"] = to_rfc3339(entry.published);
    item["date_modified"] = to_rfc3339(entry.updated);
    item["authors"] = authors_of(entry);
    if (!entry.categories.empty()) {
        json::array tags;
        for (const std::string& category : entry.categories) tags.emplace_back(scrub(category));
        item["tags"] = std::move(tags);
    }
    set(item, "image", entry.image);
    set(item, "language", entry.language);
    if (!entry.enclosures.empty()) item["attachments"] = attachments_of(entry);
    if (!entry.outlet.title.empty()) item["_aggd"] = extension_of(entry);
    return item;
}

}  // namespace

std::string write_json_feed(const ViewInfo& view, const std::vector<Entry>& entries) {
    json::object feed;
    feed["version"] = "https://jsonfeed.org/version/1.1";
    set(feed, "title", view.title);
    set(feed, "home_page_url", view.home_url);
    set(feed, "feed_url", view.self_url);
    set(feed, "next_url", view.next_url);
    json::array items;
    items.reserve(entries.size());
    for (const Entry& entry : entries) items.push_back(item_of(entry));
    feed["items"] = std::move(items);
    return json::serialize(feed) + "\n";
}

}  // namespace agg::serve
