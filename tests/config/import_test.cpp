#include "config/import.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <regex>
#include <set>

#include <catch2/catch.hpp>

#include "config/config.hpp"
#include "support/files.hpp"

using namespace agg;
using namespace agg::config;
using Catch::Contains;

namespace {

FeedList list_of(std::vector<Outline> feeds) {
    FeedList list;
    list.feeds = std::move(feeds);
    return list;
}

Import imported(std::string_view text, const FeedList& list) {
    auto result = with_feeds(text, list);
    if (!result) FAIL(result.error().message);
    return std::move(*result);
}

std::vector<Feed> feeds_of(std::string_view text) {
    const auto config = parse_config(text, "feeds.conf");
    if (!config) FAIL(to_string(config.error()) + "\n" + std::string(text));
    return config->feeds;
}

}  // namespace

TEST_CASE("every new feed gets a table at the end, with title and tags, and a name of its own") {
    const Import import =
        imported("# mine\n", list_of({{.url = "https://a.example/", .title = "News", .folder = {"X", "Y"}},
                                      {.url = "https://b.example/", .title = "News", .tags = {"Y"}}}));
    CHECK(import.text ==
          "# mine\n"
          "\n[feed.news]\nurl = \"https://a.example/\"\ntitle = \"News\"\ntags = [\"X\", \"Y\"]\n"
          "\n[feed.news-2]\nurl = \"https://b.example/\"\ntitle = \"News\"\ntags = [\"Y\"]\n");
    REQUIRE(import.feeds.size() == 2);
    CHECK(import.feeds[1].outcome == ImportOutcome::added);
    CHECK(import.feeds[1].name == "news-2");
    CHECK(imported("", list_of({{.url = "https://a.example/"}})).text == "[feed.a]\nurl = \"https://a.example/\"\n");
    CHECK_THAT(imported("# mine\r\n", list_of({{.url = "https://a.example/"}})).text,
               Contains("# mine\r\n\r\n[feed.a]\r\nurl ="));
}

TEST_CASE("importing twice changes nothing the second time, whatever was set meanwhile") {
    const FeedList list = list_of({{.url = "https://A.example:443/x", .title = "A"}, {.url = "feed://b.example/"}});
    const std::string once = imported("[feed.mine]\nurl = \"https://a.example/x\"\ninterval = \"2h\"\n", list).text;
    const Import again = imported(once, list);
    CHECK(again.text == once);
    for (const ImportedFeed& feed : again.feeds) CHECK(feed.outcome == ImportOutcome::skipped);
    CHECK(again.feeds[0].name == "mine");
    CHECK(again.feeds[0].reason == "subscribed already");
    CHECK(feeds_of(once)[1].url == "http://b.example/");
}

TEST_CASE("an address in two folders is one feed with the tags of both") {
    const Import import = imported("", list_of({{.url = "https://a.example/", .folder = {"X"}},
                                                {.url = "https://a.example/#top", .folder = {"Y"}}}));
    CHECK(feeds_of(import.text).front().tags == std::vector<std::string>{"X", "Y"});
    CHECK(import.feeds[1].outcome == ImportOutcome::skipped);
    CHECK_THAT(import.feeds[1].reason, Contains("twice"));
}

TEST_CASE("what cannot be subscribed to is told with the reason, and the rest is added") {
    const Import import = imported("", list_of({{.url = "ftp://a.example/"},
                                                {.url = "file:///etc/passwd", .title = "P"},
                                                {.url = "no address"},
                                                {.url = "https://ok.example/"}}));
    REQUIRE(import.feeds.size() == 4);
    CHECK_THAT(import.feeds[0].reason, Contains("ftp:"));
    CHECK(import.feeds[1].name == "P");
    CHECK_THAT(import.feeds[1].reason, Contains("feeds.conf itself"));
    CHECK_THAT(import.feeds[2].reason, Contains("absolute URL"));
    CHECK(import.feeds[3].outcome == ImportOutcome::added);
    CHECK(feeds_of(import.text).size() == 1);
}

TEST_CASE("a setting that feeds.conf would refuse is left out and told; the feed is added") {
    const Import import = imported("[defaults]\nmin_interval = \"1h\"\n",
                                   list_of({{.url = "https://a.example/", .settings = {{"interval", "20min"}}},
                                            {.url = "https://b.example/", .settings = {{"interval", "2h"}}}}));
    CHECK(import.feeds[0].outcome == ImportOutcome::added);
    CHECK_THAT(import.feeds[0].reason, Contains("without its settings") && Contains("min_interval"));
    CHECK(import.feeds[1].reason.empty());
    CHECK(feeds_of(import.text)[1].interval == std::chrono::hours{2});
}

TEST_CASE("no list opens the own network") {
    const Import import =
        imported("", list_of({{.url = "http://10.0.0.1/", .name = "x", .settings = {{"allow_private", "true"}}}}));
    CHECK_FALSE(feeds_of(import.text).front().allow_private);
    CHECK_THAT(import.feeds[0].reason, Contains("allow_private"));
}

TEST_CASE("secrets are not exported; the feed they belong to is known again all the same") {
    const std::string text =
        "[feed.a]\nurl = \"https://me:word@a.example/\"\n[feed.b]\nurl = \"https://b.example/?token=abc&x=1\"\n";
    const auto feeds = listed_feeds(text);
    REQUIRE(feeds);
    const std::string opml = write_opml(*feeds, "t");
    CHECK_THAT(opml, !Contains("word") && !Contains("abc") && Contains("x=1"));
    const auto list = read_feed_list(opml);
    REQUIRE(list);
    for (const ImportedFeed& feed : imported(text, *list).feeds) CHECK(feed.outcome == ImportOutcome::skipped);
    for (const ImportedFeed& feed : imported("", *list).feeds) {
        CHECK(feed.outcome == ImportOutcome::invalid);
        CHECK_THAT(feed.reason, Contains("full address"));
    }
}

TEST_CASE("a file with errors is not added to") {
    const auto refused = with_feeds("[feed.a]\n", list_of({}));
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message, Contains("has no url"));
}

TEST_CASE("a file that no table can be added to stays as it is, and that is told") {
    const std::string text = "feed = { a = { url = \"https://a.example/\" } }\n";
    const Import import = imported(text, list_of({{.url = "https://b.example/"}}));
    CHECK(import.text == text);
    CHECK(import.feeds.front().outcome == ImportOutcome::invalid);
    CHECK_FALSE(import.feeds.front().reason.empty());
}

TEST_CASE("export and import give every feed back with its own settings, whatever they are") {
    const unsigned first_seed = std::random_device{}();
    for (unsigned seed = first_seed; seed != first_seed + 500; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](std::size_t limit) {
            return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
        };
        const auto pick = [&](std::initializer_list<const char*> choices) {
            return std::string(*(choices.begin() + below(choices.size())));
        };
        std::string text;
        for (std::size_t i = 0, count = below(6); i < count; ++i) {
            text += "[feed.\"f" + std::to_string(i) + pick({"", ".x", "-y"}) + "\"]\n";
            text +=
                "url = \"https://example.org/" + std::to_string(i) + pick({"", "?a=1&b=<2>", "/ü", "/'x'"}) + "\"\n";
            text += pick(
                {"", "title = \"Новости & <b>\"\n", "title = '[\"x\"]'\n", "title = \"true\"\n", "title = \"a,b\"\n"});
            text += pick({"", "tags = []\n", "tags = ['a', 'b c']\n", "tags = ['a,b', '\"', '[x']\n",
                          "tags = ['true']\n", "tags = ['[1]']\n", "tags = ['日本']\n"});
            text += pick({"", "interval = \"auto\"\n", "interval = \"90min\"\n"});
            text += pick({"", "min_interval = \"20min\"\n"}) + pick({"", "paused = true\n", "paused = false\n"});
        }
        CAPTURE(seed, text);
        const auto feeds = listed_feeds(text);
        REQUIRE(feeds);
        const std::string opml = write_opml(*feeds, "aggd");
        CAPTURE(opml);
        const auto list = read_feed_list(opml);
        REQUIRE(list);
        const Import import = imported("", *list);
        REQUIRE(feeds_of(import.text) == feeds_of(text));
        const auto again = listed_feeds(import.text);
        REQUIRE(again);
        REQUIRE(write_opml(*again, "aggd") == opml);
    }
}

// Lists that people exported, from $AGGD_SHARED/data/opml. They are no part of this project.
TEST_CASE("every address of a real list becomes a feed, in its folders, and none twice") {
    const char* shared = std::getenv("AGGD_SHARED");
    if (shared == nullptr) {
        WARN("skipped: AGGD_SHARED is not set");
        return;
    }
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(shared) / "data/opml")) {
        CAPTURE(entry.path().filename().string());
        const std::string bytes = test::read_file(entry.path());
        // Counted without any reader of XML.
        static const std::regex address(R"re(xmlUrl\s*=\s*["'][^"']+["'])re", std::regex::icase);
        const auto written = std::distance(std::sregex_iterator(bytes.begin(), bytes.end(), address), {});
        const auto list = read_feed_list(bytes);
        REQUIRE(list);
        const Import import = imported("", *list);
        CHECK(import.feeds.size() == static_cast<std::size_t>(written));
        const std::vector<Feed> feeds = feeds_of(import.text);
        std::size_t added = 0;
        for (const ImportedFeed& feed : import.feeds) {
            added += feed.outcome == ImportOutcome::added ? 1 : 0;
            CHECK((feed.outcome != ImportOutcome::invalid || !feed.reason.empty()));
        }
        CHECK(feeds.size() == added);
        std::set<std::string> folders;
        std::set<std::string> tags;
        for (std::size_t i = 0; i < list->feeds.size(); ++i) {
            const std::vector<std::string>& folder = list->feeds[i].folder;
            if (import.feeds[i].outcome != ImportOutcome::invalid) folders.insert(folder.begin(), folder.end());
        }
        for (const Feed& feed : feeds) tags.insert(feed.tags.begin(), feed.tags.end());
        for (const std::string& folder : folders) CHECK(tags.contains(folder));
        CHECK(imported(import.text, *list).text == import.text);
        ++files;
    }
    CHECK(files > 0);
}
