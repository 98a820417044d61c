// Real readers, where they are installed.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Strings = std::vector<std::string>;

namespace {

// Runs newsboat once on `urls` and returns the titles that it then holds, newest first; asks with the validators of
// `folder`'s cache.
Strings newsboat_titles(const TemporaryFolder& folder, const std::string& urls) {
    write_file(folder / "urls", urls + "\n");
    write_file(folder / "config", "");
    const Finished read = run(
        {"newsboat", "-q", "-C", folder / "config", "-u", folder / "urls", "-c", folder / "cache.db", "-x", "reload"},
        {{"HOME", folder.path()}, {"LC_ALL", "C.UTF-8"}});
    INFO(read.err);
    REQUIRE(read.exit_code == 0);
    const Finished rows =
        run({"sqlite3", folder / "cache.db", "SELECT title FROM rss_item ORDER BY pubDate DESC, id DESC"});
    Strings titles;
    std::istringstream lines(rows.out);
    for (std::string line; std::getline(lines, line);) titles.push_back(line);
    std::sort(titles.begin(), titles.end());
    return titles;
}

}  // namespace

TEST_CASE("newsboat shows the merged feed, and what is new at its next reload") {
    if (!is_installed("newsboat") || !is_installed("sqlite3")) {
        WARN("skipped: newsboat and sqlite3 are not installed");
        return;
    }
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A2", "A1"}, "https://alpha.example")));
    origin.on("/b", document(rss("Beta", {"Б1"}, "https://beta.example")));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")) + feed_table("beta", origin.url("/b")));
    aggd.start();
    aggd.refresh();
    TemporaryFolder folder;
    CHECK(newsboat_titles(folder, aggd.tcp_url() + "/feed.atom") == Strings{"A1", "A2", "Б1"});
    CHECK(newsboat_titles(folder, aggd.tcp_url() + "/feed.atom") == Strings{"A1", "A2", "Б1"});
    origin.on("/a", document(rss("Alpha", {"A3", "A2", "A1"}, "https://alpha.example")));
    aggd.refresh();
    CHECK(newsboat_titles(folder, aggd.tcp_url() + "/feed.atom") == Strings{"A1", "A2", "A3", "Б1"});
}

TEST_CASE("newsboat reads the RSS form as well") {
    if (!is_installed("newsboat") || !is_installed("sqlite3")) {
        WARN("skipped: newsboat and sqlite3 are not installed");
        return;
    }
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A2", "A1"}, "https://alpha.example")));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    aggd.refresh();
    TemporaryFolder folder;
    CHECK(newsboat_titles(folder, aggd.tcp_url() + "/feed.rss") == Strings{"A1", "A2"});
}
