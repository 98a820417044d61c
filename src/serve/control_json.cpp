#include "serve/control_json.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"

namespace agg::serve {
namespace {

namespace json = boost::json;

json::string text(std::string_view value) { return json::string(to_valid_utf8(value)); }

json::array texts(const std::vector<std::string>& values) {
    json::array array;
    for (const std::string& value : values) array.emplace_back(text(value));
    return array;
}

json::string time(TimePoint value) { return json::string(to_rfc3339(value)); }

json::object object_of(const FeedStatus& feed) {
    json::object object;
    object["name"] = text(feed.name);
    object["title"] = text(feed.title);
    object["url"] = text(feed.url);
    object["site"] = text(feed.site);
    object["tags"] = texts(feed.tags);
    object["state"] = to_string(feed.state);
    if (feed.last_poll) object["last_poll"] = time(*feed.last_poll);
    object["last_result"] = text(feed.last_result);
    if (feed.next_poll) object["next_poll"] = time(*feed.next_poll);
    object["next_poll_reason"] = text(feed.next_poll_reason);
    object["failures"] = feed.failures;
    object["items"] = feed.items;
    return object;
}

std::string line(const json::object& object) { return json::serialize(object) + "\n"; }

const char* type_name(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null: return "null";
        case json::kind::bool_: return "true or false";
        case json::kind::int64:
        case json::kind::uint64:
        case json::kind::double_: return "a number";
        case json::kind::string: return "a string";
        case json::kind::array: return "an array";
        case json::kind::object: return "an object";
    }
    return "something else";
}

// Reads the members of a request one by one; the first problem stays.
class Members {
  public:
    explicit Members(std::string_view body) {
        if (trim(body).empty()) return;
        boost::system::error_code problem;
        json::value document = json::parse(json::string_view(body.data(), body.size()), problem);
        if (problem)
            problem_ = fmt::format("The request is not JSON: {}.", problem.message());
        else if (!document.is_object())
            problem_ = fmt::format("The request must be a JSON object, not {}.", type_name(document));
        else
            object_ = std::move(document.as_object());
    }

    void read(const char* name, std::string& value) {
        if (const json::value* member = find(name)) take(name, *member, value);
    }
    void read(const char* name, bool& value) {
        const json::value* member = find(name);
        if (!member) return;
        if (member->is_bool())
            value = member->as_bool();
        else
            wrong_type(name, "true or false", *member);
    }
    void read(const char* name, std::vector<std::string>& values) {
        const json::value* member = find(name);
        if (!member) return;
        if (!member->is_array()) return wrong_type(name, "an array of strings", *member);
        for (const json::value& each : member->as_array()) take(name, each, values.emplace_back());
    }

    // What is wrong with the request, when all members it may have were read; empty: nothing.
    [[nodiscard]] std::string problem() const {
        if (!problem_.empty()) return problem_;
        for (const auto& member : object_) {
            const std::string_view name(member.key().data(), member.key().size());
            if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
            std::string hint;
            for (const std::string& known : known_)
                if (edit_distance(name.substr(0, 40), known) <= 2) hint = fmt::format(" Did you mean \"{}\"?", known);
            return fmt::format("Unknown member \"{}\" in the request.{}", truncate_utf8(name, 80), hint);
        }
        return {};
    }

  private:
    const json::value* find(const char* name) {
        known_.emplace_back(name);
        return object_.if_contains(name);
    }
    void take(const char* name, const json::value& member, std::string& value) {
        if (member.is_string())
            value = json::value_to<std::string>(member);
        else
            wrong_type(name, "a string", member);
    }
    void wrong_type(const char* name, const char* wanted, const json::value& found) {
        if (problem_.empty()) problem_ = fmt::format("\"{}\" must be {}, not {}.", name, wanted, type_name(found));
    }

    json::object object_;
    std::vector<std::string> known_;
    std::string problem_;
};

}  // namespace

const char* to_string(FeedState state) {
    switch (state) {
        case FeedState::unpolled: return "unpolled";
        case FeedState::fine: return "fine";
        case FeedState::failing: return "failing";
        case FeedState::gone: return "gone";
        case FeedState::paused: return "paused";
    }
    return "unknown";
}

std::string write_status(const DaemonStatus& status) {
    json::object object;
    object["version"] = text(status.version);
    object["started"] = time(status.started);
    object["config_file"] = text(status.config_file);
    object["config_problem"] = text(status.config_problem);
    object["config_changed"] = status.config_changed;
    object["database"] = text(status.database);
    object["database_bytes"] = status.database_bytes;
    object["listening"] = texts(status.listening);
    object["feeds"] = status.feeds;
    object["fine"] = status.fine;
    object["failing"] = status.failing;
    object["gone"] = status.gone;
    object["paused"] = status.paused;
    object["unpolled"] = status.unpolled;
    object["items"] = status.items;
    object["stories"] = status.stories;
    object["polls"] = status.polls;
    object["not_modified"] = status.not_modified;
    object["errors"] = status.errors;
    object["bytes_received"] = status.bytes_received;
    if (status.next_poll) object["next_poll"] = time(*status.next_poll);
    if (status.offline_since) object["offline_since"] = time(*status.offline_since);
    return line(object);
}

std::string write_hosts(const std::vector<HostStatus>& hosts) {
    json::array array;
    for (const HostStatus& host : hosts) {
        json::object each;
        each["name"] = text(host.name);
        each["feeds"] = host.feeds;
        if (host.spacing) each["spacing_ms"] = host.spacing->count();
        if (host.max_transfers) each["max_transfers"] = *host.max_transfers;
        if (host.spacing_until) each["spacing_until"] = time(*host.spacing_until);
        if (host.held_until) each["held_until"] = time(*host.held_until);
        if (host.held_until) each["held_reason"] = text(host.held_reason);
        each["limited"] = host.limited;
        array.push_back(std::move(each));
    }
    json::object object;
    object["hosts"] = std::move(array);
    return line(object);
}

std::string write_feeds(const std::vector<FeedStatus>& feeds) {
    json::array array;
    for (const FeedStatus& feed : feeds) array.push_back(object_of(feed));
    json::object object;
    object["feeds"] = std::move(array);
    return line(object);
}

std::string write_feed(const FeedStatus& feed) {
    json::object object;
    object["feed"] = object_of(feed);
    return line(object);
}

std::string write_added(const AddedFeed& added) {
    json::object object;
    object["feed"] = object_of(added.feed);
    object["format"] = to_string(added.format);
    object["found_on_page"] = added.found_on_page;
    object["items"] = added.items;
    object["known_elsewhere"] = added.known_elsewhere;
    return line(object);
}

std::string write_refreshed(const std::vector<RefreshedFeed>& feeds) {
    json::array array;
    for (const RefreshedFeed& feed : feeds) {
        json::object each;
        each["name"] = text(feed.name);
        each["asked"] = feed.asked;
        each["failed"] = feed.failed;
        each["result"] = text(feed.result);
        each["new_items"] = feed.new_items;
        array.push_back(std::move(each));
    }
    json::object object;
    object["feeds"] = std::move(array);
    return line(object);
}

std::string write_reload(const ReloadReport& report) {
    json::object object;
    object["added"] = texts(report.added);
    object["removed"] = texts(report.removed);
    object["changed"] = texts(report.changed);
    json::object keys;
    for (std::size_t i = 0; i < report.changed_keys.size(); ++i)
        keys[text(report.changed.at(i))] = texts(report.changed_keys[i]);
    object["changed_keys"] = std::move(keys);
    object["sections"] = texts(report.sections);
    return line(object);
}

Result<AddRequest> read_add_request(std::string_view body) {
    AddRequest request;
    Members members(body);
    members.read("url", request.url);
    members.read("name", request.name);
    members.read("title", request.title);
    members.read("tags", request.tags);
    members.read("interval", request.interval);
    if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorKind::invalid, "{}", problem);
    if (trim(request.url).empty()) return fail(ErrorKind::invalid, "The request names no \"url\".");
    return request;
}

Result<RefreshRequest> read_refresh_request(std::string_view body) {
    RefreshRequest request;
    Members members(body);
    members.read("feeds", request.feeds);
    members.read("wait", request.wait);
    members.read("force", request.force);
    if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorKind::invalid, "{}", problem);
    return request;
}

}  // namespace agg::serve
