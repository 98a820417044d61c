// Settings, reload and checks through the real programs.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("set changes one value in place, and pausing and resuming leave the file as it was") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a"), "interval = '2h'  # mine\n"));
    aggd.start();
    aggd.refresh();
    std::string text = read_file(aggd.config_file());
    CHECK(aggd.aggctl({"pause", "alpha"}).exit_code == 0);
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("paused"));
    CHECK(aggd.aggctl({"resume", "alpha"}).exit_code == 0);
    CHECK(read_file(aggd.config_file()) == text);

    CHECK(aggd.aggctl({"set", "alpha", "interval=3h", "title=My Alpha"}).exit_code == 0);
    text.replace(text.find("'2h'  # mine\n"), 13, "\"3h\"  # mine\ntitle = \"My Alpha\"\n");
    CHECK(read_file(aggd.config_file()) == text);
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("My Alpha"));

    const Finished bad = aggd.aggctl({"set", "alpha", "intervall=3h"});
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.err, Contains("did you mean \"interval\"?"));
    CHECK(read_file(aggd.config_file()) == text);
}

TEST_CASE("a feed whose URL is changed keeps its items") {
    Origin origin;
    origin.on("/old", document(rss("Alpha", {"A1"})));
    origin.on("/new", document(rss("Alpha", {"A2", "A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/old")));
    aggd.start();
    aggd.refresh();
    CHECK(aggd.aggctl({"set", "alpha", "url=" + origin.url("/new")}).exit_code == 0);
    wait_until("the new address is polled", [&] { return aggd.titles().size() == 2; });
    CHECK(aggd.titles() == Strings{"A2", "A1"});
}

TEST_CASE("remove --purge deletes what only that feed told") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"Only", "Both"})));
    origin.on("/b", document(rss("Beta", {"Both"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")) + feed_table("beta", origin.url("/b")));
    aggd.start();
    aggd.refresh();
    REQUIRE(aggd.titles().size() == 2);
    const Finished purged = aggd.aggctl({"--yes", "remove", "--purge", "alpha"});
    INFO(purged.err);
    CHECK(purged.exit_code == 0);
    CHECK_THAT(purged.out, Contains("deleted its 2 items"));
    CHECK(aggd.titles() == Strings{"Both"});
}

TEST_CASE("status tells of a file that was changed; reload --dry-run tells what it would do and does nothing") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")) + feed_table("gone", origin.url("/gone")));
    aggd.start();
    CHECK_THAT(aggd.aggctl({"status"}).out, !Contains("aggctl reload"));
    std::string text = read_file(aggd.config_file());
    text = text.substr(0, text.find("[feed.gone]")) + "tags = ['x']\n" + feed_table("fresh", origin.url("/f"));
    write_file(aggd.config_file(), text);

    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("aggctl reload"));
    CHECK(aggd.aggctl({"reload", "--dry-run"}).out == "+fresh\n-gone\n~alpha: tags\n");
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("gone") && !Contains("fresh"));
    CHECK(aggd.aggctl({"reload"}).exit_code == 0);
    CHECK_THAT(aggd.aggctl({"status"}).out, !Contains("aggctl reload"));

    write_file(aggd.config_file(), text + "[feed.x]\n");
    const Finished refused = aggd.aggctl({"reload", "--dry-run"});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err, Contains("has no url"));
}

TEST_CASE("check looks at a feed with two requests, the second one conditional") {
    Origin origin;
    origin.on("/good", document(rss("Alpha", {"A2", "A1"})));
    origin.on("/stubborn", Answer{200, {{"Content-Type", "text/html"}, {"ETag", "\"1\""}}, rss("Alpha", {"A1", "A1"})});
    DaemonUnderTest aggd("");
    aggd.start();
    const Finished good = aggd.aggctl({"check", origin.url("/good")});
    INFO(good.out << good.err);
    CHECK(good.exit_code == 0);
    CHECK_THAT(good.out, Contains("RSS feed with 2 items: 0 errors") && Contains("2 requests made"));
    REQUIRE(origin.requests().size() == 2);
    CHECK_FALSE(origin.requests()[1].header("If-None-Match").empty());

    const Finished bad = aggd.aggctl({"check", origin.url("/stubborn")});
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.out, Contains("id-repeated") && Contains("validators") && Contains("media-type"));
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("No feeds yet"));
}

TEST_CASE("check reads a feeds.conf that is not installed, and the installed one as it is now") {
    DaemonUnderTest aggd("");
    aggd.start();
    CHECK_THAT(aggd.aggctl({"check"}).out, Contains("feeds.conf with 0 feeds"));
    TemporaryFolder folder;
    write_file(folder / "draft", "[feed.a]\nurl = \"x\"\nintervall = \"1h\"\n");
    const Finished draft = aggd.aggctl({"check", folder / "draft"});
    CHECK(draft.exit_code == 1);
    CHECK_THAT(draft.out, Contains("feeds.conf:2:7") && Contains("did you mean \"interval\"?") && Contains("2 errors"));
    write_file(folder / "feed.xml", rss("Alpha", {"A1"}));
    CHECK_THAT(aggd.aggctl({"check", folder / "feed.xml"}).out, Contains("RSS feed with 1 item"));
}

TEST_CASE("a feeds.conf is checked where no daemon runs") {
    TemporaryFolder folder;
    write_file(folder / "good", "[feed.a]\nurl = 'https://a.example/'\n");
    write_file(folder / "bad", "[feed.a]\nurl = \"x\"\nintervall = \"1h\"\n");
    write_file(folder / "feed.xml", rss("Alpha", {"A1"}));
    const auto check = [&](const std::string& name) {
        return run({AGGCTL_PROGRAM, "--socket", folder / "none", "check", folder / name});
    };
    const Finished good = check("good");
    INFO(good.err);
    CHECK(good.exit_code == 0);
    CHECK_THAT(good.out, Contains("1 feeds, no errors"));
    const Finished bad = check("bad");
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.err, Contains("did you mean \"interval\"?"));
    const Finished feed = check("feed.xml");
    CHECK(feed.exit_code == 3);
    CHECK_THAT(feed.err, Contains("aggd is not running"));
}

TEST_CASE("an edit by hand that was not reloaded is kept by the next edit, and taken over with it") {
    Origin origin;
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    const std::string by_hand =
        read_file(aggd.config_file()) + "# by hand\n" + feed_table("beta", origin.url("/b"), "paused = true");
    write_file(aggd.config_file(), by_hand);
    CHECK(aggd.aggctl({"set", "alpha", "title=A"}).exit_code == 0);
    std::string expected = by_hand;
    const std::string url = "url = \"" + origin.url("/a") + "\"\n";
    expected.insert(expected.find(url) + url.size(), "title = \"A\"\n");
    CHECK(read_file(aggd.config_file()) == expected);
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("beta"));

    write_file(aggd.config_file(), by_hand + "[feed.broken]\n");
    const Finished refused = aggd.aggctl({"set", "alpha", "title=B"});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err, Contains("mend them first") && Contains("feeds.conf"));
    CHECK(read_file(aggd.config_file()) == by_hand + "[feed.broken]\n");
}
