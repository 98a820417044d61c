// How aggd treats hosts, and itself when there is no network.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Matchers::Contains;

TEST_CASE("a 429 holds the other feeds of its host as well, also over a restart, and aggctl hosts says why") {
    Origin origin;
    origin.on("/busy", Answer{429, {{"Retry-After", "3600"}}, "slow down"});
    origin.on("/other", document(rss("Other", {"O1"})));
    DaemonUnderTest aggd(feed_table("other", origin.url("/other")) + feed_table("busy", origin.url("/busy")));
    aggd.start();
    wait_until("both were polled", [&] { return origin.requests().size() == 2; });

    const auto check_held = [&] {
        const Finished refreshed = aggd.aggctl({"refresh", "--wait", "other"});
        CHECK_THAT(refreshed.out, Contains("127.0.0.1 is held, because it answered 429"));
        const Finished hosts = aggd.aggctl({"hosts"});
        CHECK(hosts.exit_code == 0);
        CHECK_THAT(hosts.out, Contains("127.0.0.1") && Contains("it answered 429 Too Many Requests"));
        CHECK_THAT(aggd.aggctl({"--json", "hosts", "--held"}).out, Contains("\"held_until\":"));
    };
    wait_until("the refresh limit of the other feed is over", [&] {
        return !Catch::Matchers::Contains("a moment ago").match(aggd.aggctl({"refresh", "--wait", "other"}).out);
    });
    check_held();
    aggd.stop();
    aggd.start();
    check_held();
    CHECK(origin.requests().size() == 2);

    CHECK(aggd.aggctl({"refresh", "--wait", "--force", "other"}).exit_code == 0);
    CHECK(origin.requests().size() == 3);
}

TEST_CASE("when no host can be reached aggd says that it is offline, and charges no feed") {
    std::string feeds;
    for (const std::string name : {"one", "two", "three", "four"})
        feeds += feed_table(name, "http://feed." + name + "-example.invalid/feed");
    DaemonUnderTest aggd(feeds);
    aggd.start();
    wait_until("it is offline", [&] {
        return Contains("no host can be reached; no feed is charged").match(aggd.aggctl({"status"}).out);
    });
    CHECK_THAT(aggd.aggctl({"--json", "status"}).out, Contains("\"offline_since\":") && Contains("\"failing\":0"));
    const Finished refreshed = aggd.aggctl({"refresh", "--wait", "--force", "one"});
    CHECK(refreshed.exit_code == 1);
    CHECK_THAT(refreshed.out, Contains("could not be resolved"));
    CHECK_THAT(aggd.aggctl({"--json", "status"}).out, Contains("\"failing\":0"));
}
