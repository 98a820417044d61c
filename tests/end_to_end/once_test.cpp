#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("--once prints the merged feed and nothing else on standard output") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A2", "A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")) + feed_table("dead", origin.url("/dead")));
    const Finished once = run({AGGD_PROGRAM, "--config", aggd.config_file(), "--once"});
    CHECK(once.exit_code == 0);
    CHECK(entry_titles(once.out) == Strings{"A2", "A1"});
    CHECK_THAT(once.err, Contains("2 feeds polled, 1 failed; 2 new items"));
    CHECK_FALSE(std::filesystem::exists(aggd.socket()));

    const Finished twice = run({AGGD_PROGRAM, "--config", aggd.config_file(), "--once"});
    CHECK(entry_titles(twice.out) == Strings{"A2", "A1"});
    CHECK_THAT(twice.err, Contains("0 new items"));
}

TEST_CASE("the examples are one merged feed in which an article and a story stand for all that tell them") {
    TemporaryFolder folder;
    std::string config = read_file(std::string(AGGD_SOURCE_DIR) + "/examples/feeds.conf.in");
    for (const auto& [name, value] :
         {std::pair{"@EXAMPLES@", std::string(AGGD_SOURCE_DIR) + "/examples"}, std::pair{"@STATE@", folder.path()}})
        for (std::size_t at; (at = config.find(name)) != std::string::npos;)
            config.replace(at, std::string_view(name).size(), value);
    write_file(folder / "feeds.conf", config);
    const Finished once = run({AGGD_PROGRAM, "--config", folder / "feeds.conf", "--once"});
    INFO(once.err);
    REQUIRE(once.exit_code == 0);
    CHECK_THAT(once.err,
               Contains("6 feeds polled, 0 failed; 14 new items, 3 of them duplicates; 14 items stored as 11 entries"));
    CHECK(entry_titles(once.out).size() == 11);
    CHECK_THAT(once.out, Contains("Ледокол «Северянка» вышел в первый рейс") && Contains("茶与草原:一条路的两端") &&
                             Contains("Қарағандыда жаңа кітапхана ашылды"));
    CHECK_THAT(once.out, !Contains("alert(") && !Contains("onclick") && !Contains("utm_"));
    const Strings links = entry_links(once.out, "North quay reopens after two winters");
    CHECK(links.size() >= 2);
    // Three outlets print the agency's report under headlines of their own, one of them cut to a summary.
    CHECK(entry_links(once.out, "Ministers of five countries agree on shared water reserve in Aktau").size() >= 3);
}

TEST_CASE("--check tells every error with its place, and changes nothing") {
    TemporaryFolder folder;
    write_file(folder / "feeds.conf",
               "[feed.a]\nurl = \"https://a.example/\"\nintervall = \"1h\"\n\n[feed.b]\ntags = 5\n");
    const Finished bad = run({AGGD_PROGRAM, "--config", folder / "feeds.conf", "--check"});
    CHECK(bad.exit_code == 2);
    CHECK_THAT(bad.err,
               Contains("feeds.conf:3:1: ") && Contains("did you mean \"interval\"?") && Contains("feeds.conf:6:"));

    write_file(folder / "feeds.conf", "[feed.a]\nurl = \"https://a.example/\"\n");
    CHECK(run({AGGD_PROGRAM, "--config", folder / "feeds.conf", "--check"}).exit_code == 0);
    CHECK(run({AGGD_PROGRAM, "--config", std::string(AGGD_SOURCE_DIR) + "/feeds.conf", "--check"}).exit_code == 0);
    CHECK(run({AGGD_PROGRAM, "--config", folder / "missing.conf", "--check"}).exit_code == 2);
}
