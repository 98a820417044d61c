#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE(
    "adding a feed costs one request, keeps every comment of feeds.conf, and answers with title, name and count") {
    Origin origin;
    origin.on("/news", document(rss("The Daily Test", {"Second", "First"})));
    DaemonUnderTest aggd("# a comment at the end");
    aggd.start();
    const std::string before = read_file(aggd.config_file());
    const Finished added = aggd.aggctl({"add", origin.url("/news")});
    INFO(added.err);
    REQUIRE(added.exit_code == 0);
    CHECK_THAT(added.out, Contains("The Daily Test") && Contains("the-daily-test") && Contains("2"));
    CHECK(origin.requests().size() == 1);
    CHECK(aggd.titles() == Strings{"Second", "First"});
    CHECK_THAT(read_file(aggd.config_file()), Catch::StartsWith(before) && Contains("[feed.the-daily-test]"));

    const Finished again = aggd.aggctl({"add", origin.url("/news")});
    CHECK(again.exit_code == 1);
    CHECK_THAT(again.err, Contains("the-daily-test"));
    CHECK(origin.requests().size() == 1);
}

TEST_CASE("a feed that was added asks with its validators at the next poll") {
    Origin origin;
    origin.on("/news", document(rss("News", {"First"})));
    DaemonUnderTest aggd("");
    aggd.start();
    REQUIRE(aggd.aggctl({"add", origin.url("/news")}).exit_code == 0);
    aggd.refresh();
    REQUIRE(origin.requests().size() == 2);
    CHECK_FALSE(origin.requests()[1].header("If-None-Match").empty());
}

TEST_CASE("the feed behind a page is found") {
    Origin origin;
    origin.on("/", Answer{200,
                          {{"Content-Type", "text/html"}},
                          "<html><head><title>News</title><link rel=\"alternate\" type=\"application/rss+xml\" "
                          "title=\"Comments\" href=\"/comments.xml\">"
                          "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"News\" "
                          "href=\"/feed.xml\"></head><body>Hi</body></html>"});
    origin.on("/feed.xml", document(rss("News", {"First"})));
    DaemonUnderTest aggd("");
    aggd.start();
    const Finished added = aggd.aggctl({"add", origin.url("/")});
    INFO(added.err);
    CHECK(added.exit_code == 0);
    CHECK_THAT(added.out, Contains("/feed.xml"));
    CHECK_THAT(read_file(aggd.config_file()), Contains(origin.url("/feed.xml")));
    CHECK(origin.requests().size() == 2);
}

TEST_CASE("what is no feed is refused by name, and feeds.conf stays as it is") {
    Origin origin;
    origin.on("/page", Answer{200,
                              {{"Content-Type", "text/html"}},
                              "<html><head><title>Sign in</title></head><body>Please</body></html>"});
    origin.on("/broken", Answer{500, {}, "oops"});
    DaemonUnderTest aggd("");
    aggd.start();
    const std::string before = read_file(aggd.config_file());
    const Finished page = aggd.aggctl({"add", origin.url("/page")});
    CHECK(page.exit_code == 1);
    CHECK_THAT(page.err, Contains("Sign in"));
    const Finished broken = aggd.aggctl({"add", origin.url("/broken")});
    CHECK(broken.exit_code == 1);
    CHECK_THAT(broken.err, Contains("500"));
    CHECK_THAT(aggd.aggctl({"add", "file:///etc/passwd"}).err, Contains("file:"));
    CHECK(read_file(aggd.config_file()) == before);
}

TEST_CASE("list, status and remove") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")) + feed_table("dead", origin.url("/nothing")));
    aggd.start();
    aggd.refresh();
    const Finished list = aggd.aggctl({"list"});
    CHECK_THAT(list.out, Contains("alpha") && Contains("dead"));
    const Finished failing = aggd.aggctl({"list", "--failing"});
    CHECK_THAT(failing.out, Contains("dead") && !Contains("alpha"));
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("2 feeds"));
    CHECK_THAT(aggd.aggctl({"--json", "status"}).out, Contains("\"failing\""));

    const Finished removed = aggd.aggctl({"--yes", "remove", "alpha"});
    INFO(removed.err);
    CHECK(removed.exit_code == 0);
    CHECK_THAT(read_file(aggd.config_file()),
               !Contains("[feed.alpha]") && Contains("[feed.dead]") && Contains("# the user's own first line"));
    CHECK(aggd.titles() == Strings{"A1"});
    CHECK(aggd.aggctl({"--yes", "remove", "alpha"}).exit_code == 4);
}

TEST_CASE("refresh --wait tells what each feed brought, and fails when one fails") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1", "A2"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a"), "paused = false"));
    aggd.start();
    const Finished good = aggd.aggctl({"refresh", "--wait", "--force", "alpha"});
    CHECK(good.exit_code == 0);
    CHECK_THAT(good.out, Contains("alpha"));
    origin.on("/a", Answer{404, {}, ""});
    const Finished bad = aggd.aggctl({"refresh", "--wait", "--force", "alpha"});
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.out + bad.err, Contains("404"));
    CHECK(aggd.aggctl({"refresh", "no-such-feed"}).exit_code == 4);
}

TEST_CASE("a refresh asks nothing before the publisher's time is over, and says why") {
    Origin origin;
    origin.on("/a", Answer{200, {{"Cache-Control", "max-age=7200"}}, rss("Alpha", {"A1"})});
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    wait_until("it was polled", [&] { return !aggd.titles().empty(); });
    const Finished kept = aggd.aggctl({"refresh", "--wait"});
    CHECK(kept.exit_code == 0);
    CHECK_THAT(kept.out, Contains("not asked again") && Contains("its answer is good for 2 h"));
    CHECK(origin.requests().size() == 1);
    CHECK(aggd.aggctl({"refresh", "--wait", "--force"}).exit_code == 0);
    CHECK(origin.requests().size() == 2);
}

TEST_CASE("without a daemon aggctl says so, and how to start it") {
    TemporaryFolder folder;
    const Finished lonely = run({AGGCTL_PROGRAM, "--socket", folder / "no.sock", "status"});
    CHECK(lonely.exit_code == 3);
    CHECK_THAT(lonely.err, Contains(folder / "no.sock") && Contains("aggd"));
}

TEST_CASE("a private address cannot be added by the API, only allowed in feeds.conf") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd("");
    std::string config = read_file(aggd.config_file());
    config.replace(config.find("allow_private = [\"127.0.0.0/8\"]"), 31, "allow_private = []");
    write_file(aggd.config_file(), config);
    aggd.start();
    const Finished refused = aggd.aggctl({"add", origin.url("/a")});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err, Contains("allow_private"));
    CHECK(origin.connections() == 0);
}
