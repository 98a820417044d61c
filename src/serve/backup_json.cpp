#include "serve/backup_json.hpp"

#include "serve/control_json.hpp"
#include "serve/json_values.hpp"

namespace agg::serve {
namespace {

json::object object_of(const Manifest& manifest) {
    json::object object;
    object["aggd"] = text(manifest.version);
    object["made"] = to_rfc3339(manifest.made);
    object["schema"] = manifest.schema;
    object["feeds"] = manifest.feeds;
    object["items"] = manifest.items;
    object["stories"] = manifest.stories;
    set_time(object, "oldest_item", manifest.oldest_item);
    set_time(object, "newest_item", manifest.newest_item);
    object["database_bytes"] = manifest.database_bytes;
    object["database_xxh128"] = manifest.database_hash;
    object["config_xxh128"] = manifest.config_hash;
    return object;
}

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? json::value_to<std::string>(*value) : "";
}

std::optional<std::uint64_t> number_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    json::error_code not_a_number;
    if (value == nullptr) return std::nullopt;
    const auto number = value->to_number<std::uint64_t>(not_a_number);
    return not_a_number ? std::nullopt : std::optional{number};
}

}  // namespace

std::string write_manifest(const Manifest& manifest) { return line(object_of(manifest)); }

Result<Manifest> read_manifest(std::string_view text) {
    json::error_code not_json;
    const json::value document = json::parse(json::string_view(text.data(), text.size()), not_json);
    const json::object* object = not_json ? nullptr : document.if_object();
    if (object == nullptr) return fail(ErrorKind::invalid, "its manifest.json is not JSON");
    const auto made = parse_rfc3339(text_of(*object, "made"));
    const auto schema = number_of(*object, "schema");
    const auto bytes = number_of(*object, "database_bytes");
    Manifest manifest;
    manifest.database_hash = text_of(*object, "database_xxh128");
    manifest.config_hash = text_of(*object, "config_xxh128");
    if (!made || !schema || !bytes || manifest.database_hash.empty() || manifest.config_hash.empty())
        return fail(ErrorKind::invalid, "its manifest.json lacks what a backup of aggd's says of itself");
    manifest.version = text_of(*object, "aggd");
    manifest.made = *made;
    manifest.schema = *schema;
    manifest.database_bytes = *bytes;
    manifest.feeds = number_of(*object, "feeds").value_or(0);
    manifest.items = number_of(*object, "items").value_or(0);
    manifest.stories = number_of(*object, "stories").value_or(0);
    manifest.oldest_item = parse_rfc3339(text_of(*object, "oldest_item"));
    manifest.newest_item = parse_rfc3339(text_of(*object, "newest_item"));
    return manifest;
}

std::string write_restore(const RestoreReport& report) {
    json::object object;
    object["dry_run"] = report.dry_run;
    object["archive"] = object_of(report.archive);
    json::object here = {{"feeds", report.feeds}, {"items", report.items}, {"stories", report.stories}};
    set_time(here, "newest_item", report.newest_item);
    object["here"] = std::move(here);
    object["changes"] = json::parse(write_reload(report.changes));
    json::array kept;
    for (const std::string& path : report.kept) kept.emplace_back(text(path));
    object["kept"] = std::move(kept);
    return line(object);
}

std::string write_space(const store::Space& space) {
    json::object object;
    object["database_bytes"] = space.database_bytes;
    object["log_bytes"] = space.log_bytes;
    json::array parts;
    for (const store::SpacePart& part : space.parts)
        parts.push_back(json::object{{"name", part.name}, {"bytes", part.bytes}});
    object["parts"] = std::move(parts);
    json::array feeds;
    for (const store::FeedSpace& feed : space.feeds)
        feeds.push_back(json::object{{"name", text(feed.name)},
                                     {"title", text(feed.title)},
                                     {"subscribed", feed.is_subscribed},
                                     {"items", feed.items},
                                     {"bytes", feed.bytes}});
    object["feeds"] = std::move(feeds);
    return line(object);
}

}  // namespace agg::serve
