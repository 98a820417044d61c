// Lists of feeds through the real programs.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;

TEST_CASE("an imported list is subscribed to in one edit, polled, and importing it again changes nothing") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    origin.on("/b", document(rss("Beta", {"B1"})));
    DaemonUnderTest aggd("# a comment at the end");
    aggd.start();
    const std::string before = read_file(aggd.config_file());
    TemporaryFolder folder;
    const std::string list = folder / "urls";
    write_file(list, origin.url("/a") + " news\n" + origin.url("/b") + " \"~My Beta\"\n\"exec:touch " +
                         (folder / "ran") + "\"\n");

    const Finished dry = aggd.aggctl({"import", "--dry-run", list});
    CHECK_THAT(dry.out, Contains("would be 2 feeds added"));
    CHECK(read_file(aggd.config_file()) == before);

    const Finished imported = aggd.aggctl({"import", list});
    INFO(imported.out << imported.err);
    CHECK(imported.exit_code == 1);  // the line that is no feed
    CHECK_THAT(imported.out, Contains("2 feeds added, 0 skipped, 1 invalid") && Contains("runs a command"));
    CHECK_FALSE(std::filesystem::exists(folder / "ran"));
    CHECK_THAT(read_file(aggd.config_file()), Catch::StartsWith(before));
    wait_until("both are polled", [&] { return aggd.titles().size() == 2; });

    const std::string after = read_file(aggd.config_file());
    CHECK_THAT(aggd.aggctl({"import", list}).out, Contains("0 feeds added, 2 skipped"));
    CHECK(read_file(aggd.config_file()) == after);

    const std::string opml = aggd.aggctl({"opml", "export"}).out;
    CHECK_THAT(opml, Contains("<outline text=\"news\">") && Contains("text=\"My Beta\"") && Contains("text=\"Alpha\""));
    DaemonUnderTest other("");
    other.start();
    write_file(folder / "list.opml", opml);
    CHECK(other.aggctl({"opml", "import", folder / "list.opml"}).exit_code == 0);
    CHECK(other.aggctl({"opml", "export"}).out.find("aggd:title=\"My Beta\"") != std::string::npos);
}

TEST_CASE("an exported list is the same bytes again, and one feed more is lines more: it may live in git") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd(feed_table("zeta", origin.url("/z"), "tags = ['b', 'a']") +
                         feed_table("alpha", origin.url("/a"), "tags = ['a']") +
                         feed_table("mid", origin.url("/m"), "tags = ['b']"));
    aggd.start();
    aggd.refresh();
    const std::string before = aggd.aggctl({"opml", "export"}).out;
    CHECK(before.find("zeta") < before.find("mid"));
    CHECK(before.find("mid") < before.find("Alpha"));
    aggd.refresh();
    CHECK(aggd.aggctl({"opml", "export"}).out == before);
    (void)aggd.stop();
    aggd.start();
    CHECK(aggd.aggctl({"opml", "export"}).out == before);
    TemporaryFolder folder;
    write_file(folder / "list", origin.url("/new") + " a\n");
    CHECK(aggd.aggctl({"import", folder / "list"}).exit_code == 0);
    std::string after = aggd.aggctl({"opml", "export"}).out;
    const std::size_t at = after.find("/new");
    const std::size_t begin = after.rfind('\n', at) + 1;
    after.erase(begin, after.find('\n', at) + 1 - begin);
    CHECK(after == before);
}

TEST_CASE("thousands of feeds are imported in one go and not polled at once") {
    constexpr int feeds = 3'000;
    Origin origin;
    DaemonUnderTest aggd("");
    aggd.start();
    TemporaryFolder folder;
    std::string list;
    for (int i = 0; i < feeds; ++i) list += origin.url("/feed/" + std::to_string(i)) + "\n";
    write_file(folder / "list", list);
    Process importing({AGGCTL_PROGRAM, "--socket", aggd.socket(), "import", folder / "list"});
    const Finished imported = importing.wait(std::chrono::seconds{120});
    INFO(imported.err);
    CHECK(imported.exit_code == 0);
    CHECK_THAT(imported.out, Contains("3,000 feeds added"));
    CHECK(origin.requests().size() < feeds / 2);
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("3,000 feeds"));
}
