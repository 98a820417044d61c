#include "config/feed_list.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::config;

namespace {

FeedList list_of(std::string_view bytes) {
    const auto list = read_feed_list(bytes);
    if (!list) FAIL(list.error().message);
    return *list;
}

}  // namespace

TEST_CASE("a list of addresses is read, blank lines and comments are not") {
    const FeedList list = list_of("# mine\n\nhttps://a.example/feed\r\n  https://b.example/  # why\n");
    CHECK(list.format == ListFormat::urls);
    CHECK(list.feeds == std::vector<Outline>{{.url = "https://a.example/feed"}, {.url = "https://b.example/"}});
    CHECK(list.refused.empty());
}

TEST_CASE("newsboat's urls: tags, quotes, a title behind ~, and ! that hides nothing here") {
    const FeedList list = list_of(R"(https://a.example/feed news "two words" ~Short "~My \"own\" title" !
"https://b.example/a feed" b
)");
    REQUIRE(list.feeds.size() == 2);
    CHECK(list.feeds[0].tags == std::vector<std::string>{"news", "two words"});
    CHECK(list.feeds[0].title == "My \"own\" title");
    CHECK(list.feeds[1].url == "https://b.example/a feed");
}

TEST_CASE("what newsboat would run or query is refused, with the line") {
    const FeedList list = list_of(
        "https://a.example/\n\"exec:~/bin/feed.sh\" x\n\"filter:cat:https://b.example/\"\n"
        "\"query:Unread:unread = \\\"yes\\\"\"\nwww.example.org\n");
    CHECK(list.feeds.size() == 1);
    REQUIRE(list.refused.size() == 4);
    CHECK(list.refused[0].what == "line 2");
    CHECK_THAT(list.refused[0].reason, Catch::Contains("runs a command"));
    CHECK_THAT(list.refused[1].reason, Catch::Contains("runs a command"));
    CHECK_THAT(list.refused[2].reason, Catch::Contains("query of newsboat"));
    CHECK_THAT(list.refused[3].reason, Catch::Contains("https://"));
}

TEST_CASE("sfeedrc: the feed lines, quoted as in a shell, and nothing else of it") {
    const FeedList list = list_of(R"sh(#sfeedpath="$HOME/.sfeed/feeds"
feeds() {
	# feed <name> <feedurl> [basesiteurl] [encoding]
	feed "codemadness" "https://www.codemadness.example/atom.xml"
	feed 'it'"'"'s' https://its.example/rss.xml 'https://its.example' iso-8859-1
	feed Two\ words https://two.example/ # a comment
	feed "secret" "$(cat url)"
	feed x https://x.example/; rm -rf /
	feed lonely
}
)sh");
    CHECK(list.format == ListFormat::sfeedrc);
    REQUIRE(list.feeds.size() == 3);
    CHECK(list.feeds[0] == Outline{.url = "https://www.codemadness.example/atom.xml", .title = "codemadness"});
    CHECK(list.feeds[1] ==
          Outline{.url = "https://its.example/rss.xml", .title = "it's", .site = "https://its.example"});
    CHECK(list.feeds[2].title == "Two words");
    REQUIRE(list.refused.size() == 3);
    CHECK(list.refused[0].what == "line 7");
    CHECK_THAT(list.refused[0].reason, Catch::Contains("needs a shell"));
    CHECK_THAT(list.refused[1].reason, Catch::Contains("needs a shell"));
    CHECK_THAT(list.refused[2].reason, Catch::Contains("feed NAME URL"));
}

TEST_CASE("OPML is known by its first character, behind a byte order mark as well") {
    const std::string opml = "<opml><body><outline xmlUrl='https://a.example/'/></body></opml>";
    CHECK(list_of(opml).format == ListFormat::opml);
    CHECK(list_of("\xEF\xBB\xBF\n " + opml).feeds.size() == 1);
}

TEST_CASE("what is no list says what was expected, and an empty one is a list") {
    const auto none = read_feed_list("dear diary\ntoday\n");
    REQUIRE_FALSE(none);
    CHECK(none.error().kind == ErrorKind::invalid);
    CHECK_THAT(none.error().message, Catch::Contains("neither OPML") && Catch::Contains("line 1"));
    CHECK(list_of("").feeds.empty());
}
