// What aggd tells of feeds that move, fail, or hide what is new.
#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Matchers::Contains;

namespace {

Answer moved_to(const std::string& url) { return {301, {{"Location", url}}, ""}; }

// Adds a line to [fetch].
void set_fetch(const DaemonUnderTest& aggd, const std::string& line) {
    std::string config = read_file(aggd.config_file());
    config.replace(config.find("[fetch]"), 7, "[fetch]\n" + line);
    write_file(aggd.config_file(), config);
}

bool tells(const DaemonUnderTest& aggd, const std::vector<std::string>& arguments, const std::string& text) {
    return Contains(text).match(aggd.aggctl(arguments).out);
}

std::vector<std::string> health_titles(const DaemonUnderTest& aggd) {
    return entry_titles(aggd.get("/health.atom").body);
}

}  // namespace

TEST_CASE("a feed that moved for good is asked at its new address, told of, and written to feeds.conf on a yes only") {
    Origin origin;
    origin.on("/old", moved_to(origin.url("/new")));
    origin.on("/new", document(rss("Quay Notes", {"Q1"})));
    DaemonUnderTest aggd("# kept\n" + feed_table("quay", origin.url("/old")));
    set_fetch(aggd, "move_age = \"1s\"");
    aggd.start();
    aggd.refresh();
    CHECK_THAT(aggd.aggctl({"why", "quay"}).out, Contains("redirected for good to " + origin.url("/new")));
    wait_until("the move is believed", [&] {
        aggd.refresh();
        return tells(aggd, {"moves"}, "-> " + origin.url("/new"));
    });
    const auto asked_before = origin.requests("/old").size();
    CHECK(asked_before >= 3);
    aggd.refresh();
    CHECK(origin.requests("/old").size() == asked_before);
    CHECK_THAT(aggd.aggctl({"why", "quay"}).out, Contains("It has moved to " + origin.url("/new")));
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("quay: moved for good (aggctl moves)"));
    CHECK(health_titles(aggd) == std::vector<std::string>{"Quay Notes has moved to " + origin.url("/new")});
    const std::string before = read_file(aggd.config_file());
    CHECK_THAT(before, Contains(origin.url("/old")));

    const Finished accepted = aggd.aggctl({"moves", "--accept", "quay"});
    INFO(accepted.err);
    CHECK(accepted.exit_code == 0);
    std::string wanted = before;
    wanted.replace(wanted.find(origin.url("/old")), origin.url("/old").size(), origin.url("/new"));
    CHECK(read_file(aggd.config_file()) == wanted);
    CHECK(tells(aggd, {"moves"}, "No feed has moved."));
    CHECK(aggd.titles() == std::vector<std::string>{"Q1"});
    // It is the same feed still: the next request is conditional.
    origin.forget_requests();
    aggd.refresh();
    REQUIRE(origin.requests().size() == 1);
    CHECK_FALSE(origin.requests()[0].header("If-None-Match").empty());
    CHECK(aggd.aggctl({"moves", "--accept", "quay"}).exit_code == 4);
}

TEST_CASE("two feeds that became one are polled once, and joined on a yes: tags together, items kept") {
    Origin origin;
    origin.on("/old", document(rss("Quay Notes", {"Old1", "Both"}, "https://q.example")));
    origin.on("/new", document(rss("Quay Notes", {"New1", "Both"}, "https://q.example")));
    DaemonUnderTest aggd(feed_table("old", origin.url("/old"), "tags = [\"sea\"]") +
                         feed_table("new", origin.url("/new"), "tags = [\"news\"]"));
    set_fetch(aggd, "move_age = \"1s\"");
    aggd.start();
    aggd.refresh();
    origin.on("/old", moved_to(origin.url("/new")));
    wait_until("the move is believed", [&] {
        aggd.refresh();
        return tells(aggd, {"moves"}, "(joins new)");
    });
    origin.forget_requests();
    const Finished refreshed = aggd.aggctl({"refresh", "--wait", "--force"});
    CHECK_THAT(refreshed.out, Contains("it has moved to where new is polled"));
    CHECK(origin.requests().size() == 1);
    CHECK_THAT(aggd.aggctl({"why", "old"}).out, Contains("old is not polled itself"));

    const Finished accepted = aggd.aggctl({"moves", "--accept"});
    INFO(accepted.err);
    CHECK(accepted.exit_code == 0);
    CHECK_THAT(accepted.out, Contains("joined with new"));
    CHECK_THAT(read_file(aggd.config_file()),
               !Contains("[feed.old]") && Contains("tags = [\"news\", \"sea\"]") && Contains("[feed.new]"));
    const auto titles = aggd.titles();
    CHECK(std::count(titles.begin(), titles.end(), "Old1") == 1);
    CHECK(std::count(titles.begin(), titles.end(), "Both") == 1);
}

TEST_CASE("a server that is stuck on 304 is found out, told of once, and read all the same") {
    Origin origin;
    bool has_news = false;
    origin.on("/stuck", [&](const SeenRequest& request) -> Reply {
        if (request.has("If-None-Match")) return Answer{304, {{"ETag", "\"stuck\""}}, ""};
        return Answer{200,
                      {{"ETag", "\"stuck\""}},
                      rss("Stuck", has_news ? std::vector<std::string>{"S2", "S1"} : std::vector<std::string>{"S1"})};
    });
    DaemonUnderTest aggd(feed_table("stuck", origin.url("/stuck")));
    set_fetch(aggd, "revalidate = \"10s\"");
    aggd.start();
    aggd.refresh();
    has_news = true;
    aggd.refresh();
    CHECK(aggd.titles() == std::vector<std::string>{"S1"});
    wait_until("it is audited", [&] {
        aggd.refresh();
        return aggd.titles().size() == 2;
    });
    CHECK_THAT(aggd.aggctl({"why", "stuck"}).out, Contains("answers 304 although there is something new"));
    CHECK(health_titles(aggd).front() == "Stuck has a lying cache");
}

TEST_CASE("what 304 saves is counted with the polls of the day") {
    Origin origin;
    origin.on("/quay", [](const SeenRequest& request) -> Reply {
        if (request.has("If-None-Match")) return Answer{304, {{"ETag", "\"a\""}}, ""};
        return Answer{200, {{"ETag", "\"a\""}}, rss("Quay", {"Q1"}) + std::string(20'000, ' ')};
    });
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay")));
    aggd.start();
    aggd.refresh();
    aggd.refresh();
    const std::string stats = aggd.get("/stats.json").body;
    // Of the last day, which is today.
    const auto number = [&](const std::string& name) {
        return std::stoull(stats.substr(stats.rfind("\"" + name + "\":") + name.size() + 3));
    };
    CHECK(number("polls") == origin.requests().size());
    CHECK(number("answers") == origin.requests().size());
    CHECK(number("not_modified") == origin.requests().size() - 1);
    CHECK(number("failures") == 0);
    CHECK(number("bytes_received") > 20'000);
    CHECK(number("bytes_saved") > 19'000 * (origin.requests().size() - 1));
}

TEST_CASE("a feed that breaks and recovers is told of twice, with the command that helps") {
    Origin origin;
    origin.on("/feed",
              Answer{403, {{"cf-mitigated", "challenge"}, {"Content-Type", "text/html"}}, "<h1>Just a moment</h1>"});
    DaemonUnderTest aggd(feed_table("quay", origin.url("/feed"), "interval = \"1s\""));
    aggd.start();
    wait_until("it is broken", [&] {
        aggd.refresh();
        return !health_titles(aggd).empty();
    });
    const HttpAnswer told = aggd.get("/health.atom");
    CHECK(told.status == 200);
    CHECK_THAT(told.body, Contains("a Cloudflare challenge") && Contains("aggctl why quay"));
    CHECK(aggd.get("/health.atom", {"If-None-Match: " + told.headers.at("etag")}).status == 304);
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("needs you quay: refused or replaced by a page"));
    CHECK_THAT(aggd.aggctl({"show", "quay"}).out, Contains("failing, broken"));
    const std::string why = aggd.aggctl({"why", "quay"}).out;
    CHECK_THAT(why, Contains("quay is polled next") && Contains("failures in a row") && Contains("write to them"));
    aggd.refresh();
    CHECK(health_titles(aggd).size() == 1);

    origin.on("/feed", document(rss("Quay Notes", {"Q1"})));
    aggd.refresh();
    CHECK(health_titles(aggd).size() == 2);
    CHECK_THAT(health_titles(aggd).front(), Contains("has recovered"));
}

TEST_CASE("why tells what a feed is polled by, also to programs; a feed that is not there is exit 4") {
    Origin origin;
    origin.on("/feed", document(rss("Quay Notes", {"Q1", "Q2"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/feed"), "tags = [\"sea\"]") +
                         feed_table("other", origin.url("/other")));
    aggd.start();
    aggd.refresh();
    CHECK_THAT(aggd.aggctl({"why", "quay"}).out,
               Contains("quay is polled next") && Contains("as feeds.conf says") && Contains("The last poll"));
    CHECK_THAT(aggd.aggctl({"--json", "why", "quay"}).out, Contains("\"why\":\"quay is polled next"));
    CHECK(aggd.aggctl({"why", "nobody"}).exit_code == 4);
    origin.forget_requests();
    CHECK(aggd.aggctl({"refresh", "--wait", "--force", "--tag", "sea"}).exit_code == 0);
    CHECK(origin.requests("/other").empty());
    CHECK(origin.requests("/feed").size() == 1);
}

TEST_CASE("a port that refuses is told once, without libcurl's repetition") {
    std::string dead;
    {
        Origin origin;
        dead = origin.url("/feed");
    }
    DaemonUnderTest aggd(feed_table("quay", dead));
    aggd.start();
    const Finished refreshed = aggd.aggctl({"refresh", "--wait", "--force"});
    CHECK_THAT(refreshed.out, Contains(": Connection refused") && !Contains("ailed to connect"));
}
