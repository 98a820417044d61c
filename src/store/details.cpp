#include "store/details.hpp"

#include <stdexcept>

#include <boost/json.hpp>

namespace agg::store {
namespace {

namespace json = boost::json;

void put(json::object& object, const char* name, const std::string& text) {
    if (!text.empty()) object[name] = text;
}

std::string get(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr ? std::string(value->as_string()) : std::string();
}

// Calls `visit` for each element of the array `name`, if there is one.
template <typename Visit>
void each(const json::object& object, const char* name, Visit visit) {
    if (const json::value* value = object.if_contains(name))
        for (const json::value& element : value->as_array()) visit(element);
}

}  // namespace

std::string to_details(const Item& item) {
    json::object details;
    for (const Author& author : item.authors) {
        json::object one;
        put(one, "name", author.name);
        put(one, "email", author.email);
        put(one, "url", author.url);
        if (!details.contains("authors")) details["authors"] = json::array();
        details["authors"].as_array().push_back(std::move(one));
    }
    if (!item.categories.empty()) details["categories"] = json::array(item.categories.begin(), item.categories.end());
    for (const Enclosure& enclosure : item.enclosures) {
        json::object one;
        put(one, "url", enclosure.url);
        put(one, "type", enclosure.type);
        if (enclosure.length_bytes) one["length"] = *enclosure.length_bytes;
        if (!details.contains("enclosures")) details["enclosures"] = json::array();
        details["enclosures"].as_array().push_back(std::move(one));
    }
    put(details, "image", item.image);
    put(details, "comments", item.comments);
    put(details, "language", item.language);
    if (item.duration) details["duration_s"] = item.duration->count();
    put(details, "source_title", item.source.title);
    put(details, "source_link", item.source.link);
    put(details, "published_text", item.published_text);
    return json::serialize(details);
}

void from_details(std::string_view details, Item& item) {
    const json::value parsed = json::parse(details);
    const json::object& object = parsed.as_object();
    each(object, "authors", [&](const json::value& value) {
        const json::object& one = value.as_object();
        item.authors.push_back({get(one, "name"), get(one, "email"), get(one, "url")});
    });
    each(object, "categories", [&](const json::value& value) { item.categories.emplace_back(value.as_string()); });
    each(object, "enclosures", [&](const json::value& value) {
        const json::object& one = value.as_object();
        Enclosure enclosure{get(one, "url"), get(one, "type"), std::nullopt};
        if (const json::value* length = one.if_contains("length"))
            enclosure.length_bytes = length->to_number<std::uint64_t>();
        item.enclosures.push_back(std::move(enclosure));
    });
    item.image = get(object, "image");
    item.comments = get(object, "comments");
    item.language = get(object, "language");
    if (const json::value* duration = object.if_contains("duration_s"))
        item.duration = std::chrono::seconds{duration->to_number<std::int64_t>()};
    item.source = {get(object, "source_title"), get(object, "source_link")};
    item.published_text = get(object, "published_text");
}

}  // namespace agg::store
