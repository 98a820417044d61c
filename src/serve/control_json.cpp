#include "serve/control_json.hpp"

#include "serve/json_values.hpp"
#include "serve/request_members.hpp"

namespace agg::serve {
namespace {

json::object object_of(const FeedStatus& feed) {
    json::object object;
    object["name"] = text(feed.name);
    object["title"] = text(feed.title);
    object["url"] = text(feed.url);
    object["site"] = text(feed.site);
    object["tags"] = texts(feed.tags);
    object["state"] = to_string(feed.state);
    set_time(object, "last_poll", feed.last_poll);
    object["last_result"] = text(feed.last_result);
    set_time(object, "next_poll", feed.next_poll);
    object["next_poll_reason"] = text(feed.next_poll_reason);
    object["failures"] = feed.failures;
    object["items"] = feed.items;
    object["condition"] = to_string(feed.condition);
    set_time(object, "newest_item", feed.newest_item);
    set_time(object, "lying_since", feed.lying_since);
    if (!feed.moved_to.empty()) object["moved_to"] = text(feed.moved_to);
    return object;
}

json::object object_of(const FeedMove& move) {
    json::object object;
    object["feed"] = text(move.feed);
    object["title"] = text(move.title);
    object["from"] = text(move.from);
    object["to"] = text(move.to);
    object["since"] = time(move.since);
    object["polls"] = move.polls;
    object["believed"] = move.believed;
    object["joins"] = text(move.joins);
    return object;
}

json::object object_of(const FeedDetails& feed) {
    json::object object = object_of(feed.status);
    if (feed.interval) object["interval_ms"] = feed.interval->count();
    object["min_interval_ms"] = feed.min_interval.count();
    object["max_interval_ms"] = feed.max_interval.count();
    object["usual_interval_ms"] = feed.usual_interval.count();
    object["last_status"] = feed.last_status;
    object["last_bytes"] = feed.last_bytes;
    object["last_duration_ms"] = feed.last_duration.count();
    object["last_new_items"] = feed.last_new_items;
    set_time(object, "last_success", feed.last_success);
    set_time(object, "last_document", feed.last_document);
    set_time(object, "failing_since", feed.failing_since);
    set_time(object, "not_before", feed.not_before);
    object["etag"] = text(feed.etag);
    object["last_modified"] = text(feed.last_modified);
    if (feed.move) object["move"] = object_of(*feed.move);
    return object;
}

json::object item_object(const store::Story& story) {
    const store::Member& leading = story.members.front();
    json::object item;
    item["id"] = static_cast<std::int64_t>(leading.id);
    item["entry"] = text(story.uid);
    item["feed"] = text(leading.feed_name);
    item["outlet"] = text(leading.feed_title);
    item["title"] = text(leading.item.title);
    item["link"] = text(leading.item.link);
    item["published"] = time(leading.item.published);
    item["arrived"] = time(leading.arrived);
    item["read"] = story.is_read;
    item["starred"] = story.is_starred;
    item["hidden"] = story.is_hidden;
    item["tags"] = texts(story.tags);
    json::array also;
    for (std::size_t i = 1; i < story.members.size(); ++i) {
        const store::Member& member = story.members[i];
        also.push_back(json::object{{"id", static_cast<std::int64_t>(member.id)},
                                    {"feed", text(member.feed_name)},
                                    {"link", text(member.item.link)}});
    }
    item["also"] = std::move(also);
    return item;
}

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

const char* to_string(Condition condition) {
    switch (condition) {
        case Condition::fine: return "fine";
        case Condition::broken: return "broken";
        case Condition::dead: return "dead";
        case Condition::gone: return "gone";
        case Condition::rate_limited: return "rate-limited";
        case Condition::stale: return "stale";
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
    object["hidden"] = status.hidden;
    object["unruled"] = status.unruled;
    object["polls"] = status.polls;
    object["not_modified"] = status.not_modified;
    object["errors"] = status.errors;
    object["bytes_received"] = status.bytes_received;
    set_time(object, "next_poll", status.next_poll);
    json::array needs;
    for (const Need& need : status.needs) {
        json::object each;
        each["feed"] = text(need.feed);
        each["what"] = text(need.what);
        each["command"] = text(need.command);
        needs.push_back(std::move(each));
    }
    object["needs"] = std::move(needs);
    set_time(object, "offline_since", status.offline_since);
    if (!status.storage_problem.empty()) object["storage_problem"] = text(status.storage_problem);
    object["restores"] = status.restores;
    if (!status.restore_problem.empty()) object["restore_problem"] = text(status.restore_problem);
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

std::string write_details(const FeedDetails& feed) {
    json::object object;
    object["feed"] = object_of(feed);
    return line(object);
}

std::string write_why(const FeedDetails& feed) {
    json::object object;
    object["feed"] = object_of(feed);
    object["why"] = text(feed.why);
    return line(object);
}

std::string write_moves(const std::vector<FeedMove>& moves) {
    json::array array;
    for (const FeedMove& move : moves) array.push_back(object_of(move));
    json::object object;
    object["moves"] = std::move(array);
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
    object["rules"] = json::object{{"added", texts(report.added_rules)},
                                   {"removed", texts(report.removed_rules)},
                                   {"changed", texts(report.changed_rules)}};
    return line(object);
}

std::string write_item(const store::Story& story) { return json::serialize(item_object(story)); }

std::string write_items(const store::Page& page, const std::string& next) {
    json::array items;
    for (const store::Story& story : page.stories) items.push_back(item_object(story));
    json::object object;
    object["items"] = std::move(items);
    if (!next.empty()) object["next"] = text(next);
    return line(object);
}

std::string write_marked(const store::Marked& marked) { return line({{"changed", marked.changed}}); }

Result<AddRequest> read_add_request(std::string_view body) {
    AddRequest request;
    RequestMembers members(body);
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
    RequestMembers members(body);
    members.read("feeds", request.feeds);
    members.read("tags", request.tags);
    members.read("wait", request.wait);
    members.read("force", request.force);
    if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorKind::invalid, "{}", problem);
    return request;
}

Result<std::vector<std::string>> read_moves_request(std::string_view body) {
    std::vector<std::string> feeds;
    RequestMembers members(body);
    members.read("feeds", feeds);
    if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorKind::invalid, "{}", problem);
    return feeds;
}

Result<MarkItems> read_mark_items(std::string_view body) {
    std::string mark;
    MarkItems request;
    RequestMembers members(body);
    members.read("mark", mark);
    members.read("items", request.items);
    if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorKind::invalid, "{}", problem);
    if (request.items.empty()) return fail(ErrorKind::invalid, "The request names no \"items\".");
    if (mark == "read")
        request.mark = store::Mark::read;
    else if (mark == "unread")
        request.mark = store::Mark::unread;
    else if (mark == "star")
        request.mark = store::Mark::starred;
    else if (mark == "unstar")
        request.mark = store::Mark::unstarred;
    else
        return fail(ErrorKind::invalid, "\"mark\" must be read, unread, star or unstar, not \"{}\".",
                    truncate_utf8(mark, 40));
    return request;
}

Result<Password> read_password(std::string_view body) {
    Password request;
    RequestMembers members(body);
    members.read("user", request.user);
    members.read("password", request.password);
    if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorKind::invalid, "{}", problem);
    if (trim(request.user).empty() && !request.password.empty())
        return fail(ErrorKind::invalid, "The request names no \"user\".");
    if (request.user.size() > 200 || request.password.size() > 500)
        return fail(ErrorKind::invalid, "A user has at most 200 bytes, a password 500.");
    return request;
}

}  // namespace agg::serve
