#include "serve/control_json.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "serve/fake_admin.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace {

// Equal whatever the order of members.
void check_same(const std::string& written, const char* expected) {
    CHECK(written.ends_with("\n"));
    CHECK(boost::json::parse(written) == boost::json::parse(expected));
}

}  // namespace

TEST_CASE("a feed is written member by member") {
    check_same(write_feed(sample_feed()), R"({"feed":{
        "name":"bbc-world", "title":"BBC «World»", "url":"https://feeds.example/world.xml", "site":"https://www.example/",
        "tags":["news","мир"], "state":"failing", "last_poll":"2022-01-10T09:00:00Z",
        "last_result":"could not resolve feeds.example", "next_poll":"2022-01-10T09:20:00Z",
        "next_poll_reason":"2nd failure in a row", "failures":2, "items":34,
        "condition":"fine"}})");
}

TEST_CASE("what is absent is left out") {
    check_same(write_feed(FeedStatus{}),
               R"({"feed":{"name":"", "title":"", "url":"", "site":"", "tags":[], "state":"unpolled",
        "last_result":"", "next_poll_reason":"", "failures":0, "items":0,
        "condition":"fine"}})");
}

TEST_CASE("text that is not UTF-8 still makes valid JSON") {
    FeedStatus feed;
    feed.last_result = "broken \xFF \"quote\" \x01";
    CHECK(boost::json::parse(write_feed(feed)).at("feed").at("last_result") == "broken \xEF\xBF\xBD \"quote\" \x01");
}

TEST_CASE("the status is written member by member") {
    DaemonStatus status;
    status.version = "0.1.0";
    status.started = at("2022-01-10T08:00:00Z");
    status.config_file = "/etc/aggd/feeds.conf";
    status.config_problem = "feeds.conf:3:1: what is this";
    status.config_changed = true;
    status.database = "/var/lib/aggd/aggd.db";
    status.database_bytes = 18446744073709551615u;
    status.listening = {"unix:/run/aggd.sock", "http://127.0.0.1:8137/"};
    status.feeds = 15, status.fine = 1, status.failing = 2, status.gone = 3, status.paused = 4, status.unpolled = 5;
    status.items = 6, status.stories = 7, status.polls = 8, status.not_modified = 9, status.errors = 10,
    status.bytes_received = 11, status.hidden = 12, status.unruled = 13;
    status.next_poll = at("2022-01-10T09:20:00Z");
    status.needs = {{"old", "gone", "aggctl remove old"}};
    status.restores = 2;
    status.restore_problem = "no room";
    check_same(write_status(status),
               R"({"version":"0.1.0", "started":"2022-01-10T08:00:00Z", "config_file":"/etc/aggd/feeds.conf",
        "config_problem":"feeds.conf:3:1: what is this", "config_changed":true, "database":"/var/lib/aggd/aggd.db", "database_bytes":18446744073709551615,
        "listening":["unix:/run/aggd.sock","http://127.0.0.1:8137/"], "feeds":15, "fine":1, "failing":2, "gone":3, "paused":4,
        "unpolled":5, "items":6, "stories":7, "hidden":12, "unruled":13, "polls":8, "not_modified":9, "errors":10, "bytes_received":11,
        "next_poll":"2022-01-10T09:20:00Z",
        "needs":[{"feed":"old","what":"gone","command":"aggctl remove old"}], "restores":2,
        "restore_problem":"no room"})");
}

TEST_CASE("an outage and the hosts are written member by member") {
    DaemonStatus offline;
    offline.offline_since = at("2022-01-10T09:00:00Z");
    CHECK(boost::json::parse(write_status(offline)).at("offline_since") == "2022-01-10T09:00:00Z");

    const HostStatus held{.name = "reddit.com",
                          .feeds = 7,
                          .spacing = std::chrono::seconds{60},
                          .max_transfers = 1,
                          .spacing_until = at("2022-01-10T09:10:00Z"),
                          .held_until = at("2022-01-10T09:20:00Z"),
                          .held_reason = "it answered 429 Too Many Requests",
                          .limited = 2};
    check_same(write_hosts({held, {.name = "nas", .feeds = 1}}),
               R"({"hosts":[{"name":"reddit.com", "feeds":7, "spacing_ms":60000, "max_transfers":1,
                   "spacing_until":"2022-01-10T09:10:00Z", "held_until":"2022-01-10T09:20:00Z",
                   "held_reason":"it answered 429 Too Many Requests", "limited":2}, {"name":"nas", "feeds":1, "limited":0}]})");
}

TEST_CASE("what is known of a feed is written member by member, the paragraph beside it") {
    FeedDetails feed;
    feed.status = sample_feed();
    feed.status.condition = Condition::rate_limited;
    feed.status.newest_item = at("2022-01-09T00:00:00Z");
    feed.status.lying_since = at("2022-01-08T00:00:00Z");
    feed.status.moved_to = "https://new.example/";
    feed.interval = std::chrono::minutes{30};
    feed.min_interval = std::chrono::minutes{15};
    feed.max_interval = std::chrono::hours{1};
    feed.usual_interval = std::chrono::minutes{30};
    feed.last_status = 429;
    feed.last_bytes = 12;
    feed.last_duration = std::chrono::milliseconds{34};
    feed.last_new_items = 5;
    feed.last_success = feed.last_document = feed.failing_since = feed.not_before = at("2022-01-10T08:00:00Z");
    feed.etag = "W/\"x\"";
    feed.last_modified = "yesterday";
    feed.move =
        FeedMove{"bbc-world", "BBC",  "https://old.example/", "https://new.example/", at("2022-01-10T08:00:00Z"), 2,
                 false,       "other"};
    feed.why = "because";
    const auto json = boost::json::parse(write_details(feed));
    const auto same = boost::json::parse(R"({"name":"bbc-world", "title":"BBC «World»",
        "url":"https://feeds.example/world.xml", "site":"https://www.example/", "tags":["news","мир"], "state":"failing",
        "last_poll":"2022-01-10T09:00:00Z", "last_result":"could not resolve feeds.example",
        "next_poll":"2022-01-10T09:20:00Z", "next_poll_reason":"2nd failure in a row", "failures":2, "items":34,
        "condition":"rate-limited", "newest_item":"2022-01-09T00:00:00Z", "lying_since":"2022-01-08T00:00:00Z",
        "moved_to":"https://new.example/", "interval_ms":1800000, "min_interval_ms":900000, "max_interval_ms":3600000,
        "usual_interval_ms":1800000, "last_status":429, "last_bytes":12, "last_duration_ms":34, "last_new_items":5,
        "last_success":"2022-01-10T08:00:00Z", "last_document":"2022-01-10T08:00:00Z",
        "failing_since":"2022-01-10T08:00:00Z", "not_before":"2022-01-10T08:00:00Z", "etag":"W/\"x\"",
        "last_modified":"yesterday", "move":{"feed":"bbc-world", "title":"BBC", "from":"https://old.example/",
        "to":"https://new.example/", "since":"2022-01-10T08:00:00Z", "polls":2, "believed":false, "joins":"other"}})");
    CHECK(json.at("feed") == same);
    CHECK(boost::json::parse(write_why(feed)) == boost::json::value{{"feed", same}, {"why", "because"}});
    CHECK(boost::json::parse(write_moves({*feed.move})).at("moves").at(0) == same.at("move"));
}

TEST_CASE("a moves request names feeds, or none for all") {
    CHECK(read_moves_request("")->empty());
    CHECK(*read_moves_request(R"({"feeds":["a","b"]})") == std::vector<std::string>{"a", "b"});
    CHECK(read_moves_request(R"({"feed":"a"})").error().message ==
          "Unknown member \"feed\" in the request. Did you mean \"feeds\"?");
}

TEST_CASE("what add, refresh and reload did is written member by member") {
    AddedFeed added;
    added.format = Format::json_feed;
    added.found_on_page = true;
    added.items = 34;
    added.known_elsewhere = 6;
    const auto json = boost::json::parse(write_added(added));
    CHECK(json.at("feed").at("state") == "unpolled");
    CHECK(json.at("format") == "JSON Feed");
    CHECK(json.at("found_on_page") == true);
    CHECK(json.at("items") == 34);
    CHECK(json.at("known_elsewhere") == 6);
    check_same(write_refreshed({{"a", true, "timed out", 0}, {"b", false, "", 2}}),
               R"({"feeds":[{"name":"a","asked":true,"failed":true,"result":"timed out","new_items":0},
                            {"name":"b","asked":true,"failed":false,"result":"","new_items":2}]})");
    check_same(write_refreshed({}), R"({"feeds":[]})");
    check_same(write_reload({{"a"}, {}, {"b", "c"}, {{"url", "tags"}, {}}, {"[fetch]"}, {"r"}, {}, {}}),
               R"({"added":["a"],"removed":[],"changed":["b","c"],"changed_keys":{"b":["url","tags"],"c":[]},
                   "sections":["[fetch]"], "rules":{"added":["r"],"removed":[],"changed":[]}})");
}

TEST_CASE("an add request is read member by member") {
    const auto request = read_add_request(
        R"({"url":"bbc.co.uk/news","name":"bbc","title":"Би-би-си","tags":["a","b"],"interval":"30min"})");
    REQUIRE(request);
    CHECK(request->url == "bbc.co.uk/news");
    CHECK(request->name == "bbc");
    CHECK(request->title == "Би-би-си");
    CHECK(request->tags == std::vector<std::string>{"a", "b"});
    CHECK(request->interval == "30min");
    CHECK(read_add_request(R"({"url":"x"})")->tags.empty());
}

TEST_CASE("a refresh request may be empty") {
    const auto all = read_refresh_request("");
    REQUIRE(all);
    CHECK(all->feeds.empty());
    CHECK_FALSE(all->wait);
    CHECK(read_refresh_request(R"({"tags":["x"]})")->tags == std::vector<std::string>{"x"});
    const auto some = read_refresh_request(R"({"feeds":["a","b"],"wait":true})");
    REQUIRE(some);
    CHECK(some->feeds == std::vector<std::string>{"a", "b"});
    CHECK(some->wait);
}

TEST_CASE("a request that is not understood is refused with what was wrong") {
    struct Case {
        const char* body;
        const char* message;
    };
    const Case each = GENERATE(values<Case>({
        {"", "The request names no \"url\"."},
        {"{}", "The request names no \"url\"."},
        {R"({"url":" "})", "The request names no \"url\"."},
        {"[]", "The request must be a JSON object, not an array."},
        {"url=x", "The request is not JSON: syntax error."},
        {R"({"url":"x"} trailing)", "The request is not JSON: extra data."},
        {R"({"url":7})", "\"url\" must be a string, not a number."},
        {R"({"url":null})", "\"url\" must be a string, not null."},
        {R"({"url":"x","tags":"a"})", "\"tags\" must be an array of strings, not a string."},
        {R"({"url":"x","tags":["a",{}]})", "\"tags\" must be a string, not an object."},
        {R"({"url":"x","intervall":"1h"})", "Unknown member \"intervall\" in the request. Did you mean \"interval\"?"},
        {R"({"url":"x","colour":"red"})", "Unknown member \"colour\" in the request."},
    }));
    CAPTURE(each.body);
    const auto request = read_add_request(each.body);
    REQUIRE_FALSE(request);
    CHECK(request.error().kind == ErrorKind::invalid);
    CHECK(request.error().message == each.message);
    CHECK(read_refresh_request(R"({"wait":1})").error().message == "\"wait\" must be true or false, not a number.");
}

TEST_CASE("JSON nested without end is refused") {
    CHECK(read_add_request(std::string(100'000, '[')).error().kind == ErrorKind::invalid);
}
