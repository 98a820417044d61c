#include "config/edit.hpp"

#include <catch2/catch.hpp>

#include "config/config.hpp"

using namespace agg;
using namespace agg::config;

namespace {

NewFeed feed_named(const std::string& name) { return {name, "https://" + name + ".example/feed.xml", "", {}, ""}; }

std::string added(const std::string& text, const NewFeed& feed) {
    const auto result = with_feed(text, feed);
    if (!result) FAIL(result.error().message);
    return *result;
}

std::string removed(const std::string& text, const std::string& name) {
    const auto result = without_feed(text, name);
    if (!result) FAIL(result.error().message);
    return *result;
}

}  // namespace

TEST_CASE("a new feed is a table at the end, behind a blank line, with only what was given") {
    CHECK(added("", feed_named("a")) == "[feed.a]\nurl = \"https://a.example/feed.xml\"\n");
    CHECK(added("# mine\n", {"bbc.news", "https://b.example/", "The \"B\"", {"news", "uk"}, "30min"}) ==
          "# mine\n"
          "\n"
          "[feed.\"bbc.news\"]\n"
          "url = \"https://b.example/\"\n"
          "title = \"The \\\"B\\\"\"\n"
          "tags = [\"news\", \"uk\"]\n"
          "interval = \"30min\"\n");
}

TEST_CASE("a missing last line end is made up for") {
    CHECK(added("store.path = \"/x\"", feed_named("a")) ==
          "store.path = \"/x\"\n\n[feed.a]\nurl = \"https://a.example/feed.xml\"\n");
}

TEST_CASE("CRLF files stay CRLF") {
    const std::string text = "# mine\r\n\r\n[feed.a]\r\nurl = \"https://x.example/\"\r\n";
    const std::string both = added(text, feed_named("b"));
    CHECK(both == text + "\r\n[feed.b]\r\nurl = \"https://b.example/feed.xml\"\r\n");
    CHECK(removed(both, "a") == "# mine\r\n\r\n[feed.b]\r\nurl = \"https://b.example/feed.xml\"\r\n");
}

TEST_CASE("a taken name and a subscribed URL are conflicts that name the feed") {
    const std::string text = "[feed.a]\nurl = \"https://x.example/\"\n";
    auto same_name = with_feed(text, feed_named("a"));
    REQUIRE_FALSE(same_name);
    CHECK(same_name.error().kind == ErrorKind::conflict);
    CHECK(same_name.error().message == "there is a feed named a already; choose another name");

    auto same_url = with_feed(text, {"b", "https://X.example:443", "", {}, ""});
    REQUIRE_FALSE(same_url);
    CHECK(same_url.error().kind == ErrorKind::conflict);
    CHECK(same_url.error().message == "that feed is subscribed already, as a");
}

TEST_CASE("what would not be a valid file is not made") {
    const auto bad_interval = with_feed("", {"a", "https://a.example/", "", {}, "5min"});
    REQUIRE_FALSE(bad_interval);
    CHECK(bad_interval.error().kind == ErrorKind::invalid);
    CHECK(bad_interval.error().message ==
          "interval (5min) is below min_interval (15min, inherited) in [feed.a]; set a longer interval, or "
          "min_interval there too");

    const auto bad_file = with_feed("[serve]\nport = 1\n", feed_named("a"));
    REQUIRE_FALSE(bad_file);
    CHECK(bad_file.error().message ==
          "feeds.conf has errors; mend them first:\nfeeds.conf:2:1: unknown key \"port\" in [serve]");
}

TEST_CASE("removing undoes adding, whatever the file ends in") {
    for (const std::string text :
         {"", "\n", " \n\n", "# mine\n", "[feed.a]\nurl = \"https://x.example/\"\n\n\n", "# mine\r\n"})
        CHECK(removed(added(text, feed_named("b")), "b") == text);
}

TEST_CASE("a feed leaves with its header, its keys and the comments that touch them, and nothing else") {
    struct Row {
        const char* rule;
        std::string before, after;
    };
    const std::string b = "[feed.b]\nurl = \"https://b.example/\"\n";
    const auto row = GENERATE_COPY(values<Row>({
        {"alone", "[feed.a]\nurl = \"https://a.example/\"\n", ""},
        {"first", "[feed.a]\nurl = \"https://a.example/\"\n\n" + b, b},
        {"last", b + "\n[feed.a]\nurl = \"https://a.example/\"\n", b},
        {"last, without line end", b + "\n[feed.a]\nurl = \"https://a.example/\"", b},
        {"no blank lines at all",
         b + "[feed.a]\nurl = \"https://a.example/\"\n[feed.c]\nurl = \"https://c.example/\"\n",
         b + "[feed.c]\nurl = \"https://c.example/\"\n"},
        {"two blank lines between all", "# top\n\n\n[feed.a]\nurl = \"https://a.example/\"\n\n\n" + b,
         "# top\n\n\n" + b},
        {"its own comments",
         b + "\n# About a,\n# and more.\n[feed.a] # here\nurl = \"https://a.example/\" # there\n# interval = \"1h\"\n",
         b},
        {"a comment above, behind a blank line", "# News\n\n[feed.a]\nurl = \"https://a.example/\"\n\n" + b,
         "# News\n\n" + b},
        {"a comment below, behind a blank line", "[feed.a]\nurl = \"https://a.example/\"\n\n# Blogs\n\n" + b,
         "# Blogs\n\n" + b},
        {"the next feed's comment", "[feed.a]\nurl = \"https://a.example/\"\n# About b\n" + b, "# About b\n" + b},
        {"blank lines and comments inside",
         "[feed.a]\n\n# why\nurl = \"https://a.example/\"\n\n# more\ntags = [\n  \"x\", # ]\n]\n\n" + b, b},
        {"an indented table", "  [feed.a]\n  url = \"https://a.example/\"\n\n" + b, b},
        {"spaces and quotes in the header", "[ feed . \"a\" ]\nurl = 'https://a.example/'\n\n" + b, b},
        {"an inline table", "[feed]\na = { url = \"https://a.example/\" }\nb = { url = \"https://b.example/\" }\n",
         "[feed]\nb = { url = \"https://b.example/\" }\n"},
        {"dotted keys among others",
         "feed.a.url = \"https://a.example/\"\nfeed.b.url = \"https://b.example/\"\nfeed.a.tags = [\"x\"]\n",
         "feed.b.url = \"https://b.example/\"\n"},
        {"a look-alike in a string", b + "title = \"\"\"\\\n[feed.a]\"\"\"\n\n[feed.a]\nurl = \"https://a.example/\"\n",
         b + "title = \"\"\"\\\n[feed.a]\"\"\"\n"},
    }));
    CAPTURE(row.rule);
    CHECK(removed(row.before, "a") == row.after);
}

TEST_CASE("removing a name with a dot leaves the tables that begin alike") {
    const std::string text =
        "[feed.\"bbc.news\"]\nurl = \"https://a.example/\"\n\n[feed.bbc]\nurl = \"https://b.example/\"\n";
    CHECK(removed(text, "bbc.news") == "[feed.bbc]\nurl = \"https://b.example/\"\n");
    CHECK(removed(text, "bbc") == "[feed.\"bbc.news\"]\nurl = \"https://a.example/\"\n");
}

TEST_CASE("a feed that shares its line with others is refused, with what to do") {
    const auto result =
        without_feed("feed = { a = { url = \"https://a.example/\" }, b = { url = \"https://b.example/\" } }\n", "a");
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::invalid);
    CHECK(result.error().message ==
          "feeds.conf holds a in a way that cannot be taken out without touching other feeds; remove it by hand, then "
          "`aggctl reload`");
}

TEST_CASE("removing what is not there says so") {
    const auto result = without_feed("", "a");
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::not_found);
    CHECK(result.error().message == "feeds.conf has no feed named a");
}

TEST_CASE("a name is made from what tells the feed apart") {
    struct Row {
        std::string title, url, name;
    };
    const auto row = GENERATE(values<Row>({
        {"BBC News", "https://feeds.bbci.co.uk/news/rss.xml", "bbc-news"},
        {"Simon Willison's Weblog: TIL", "https://til.example/", "simon-willisons-weblog-til"},
        {"tagesschau.de - die erste Adresse für Nachrichten und Information", "https://www.tagesschau.de/index.xml",
         "tagesschau-de"},
        {"A feed with a really long title that says far too much", "https://x.example/",
         "a-feed-with-a-really-long-title"},
        {"Медуза", "https://meduza.io/rss/all", "meduza"},
        {"新华网", "http://www.news.cn/rss/world.xml", "news"},
        {"", "https://feeds.bbci.co.uk/news/rss.xml", "bbci"},
        {"", "https://news.ycombinator.com/rss", "news-ycombinator"},
        {"", "http://127.0.0.1:8080/feed", "127-0-0-1"},
        {"", "file:///srv/feeds/local-news.xml", "local-news"},
        {"!!!", "no url", "feed"},
    }));
    CHECK(make_feed_name(row.title, row.url, {}) == row.name);
}

TEST_CASE("a taken name is counted on") {
    CHECK(make_feed_name("BBC News", "", {"bbc-news"}) == "bbc-news-2");
    CHECK(make_feed_name("BBC News", "", {"bbc-news-2", "bbc-news"}) == "bbc-news-3");
}

namespace {

std::string edited(const Result<std::string>& result) {
    if (!result) FAIL(result.error().message);
    return *result;
}

}  // namespace

TEST_CASE("a new URL takes the place of the old one, and every other byte stays") {
    const std::string text =
        "# mine\n\n[feed.a]\ntitle = 'A'\nurl   =  'http://a.example/old'  # why not\n\n"
        "[feed.b]\nurl = \"http://b.example/\"\n";
    CHECK(edited(with_feed_url(text, "a", "https://a.example/\"new\"")) ==
          "# mine\n\n[feed.a]\ntitle = 'A'\nurl   =  \"https://a.example/\\\"new\\\"\"  # why not\n\n"
          "[feed.b]\nurl = \"http://b.example/\"\n");
    CHECK(edited(with_feed_url("feed.\"a.b\".url = 'http://a.example/'", "a.b", "https://a.example/")) ==
          "feed.\"a.b\".url = \"https://a.example/\"");
    CHECK(edited(with_feed_url("[feed.a]\r\nurl='http://a.example/'\r\n", "a", "https://a.example/")) ==
          "[feed.a]\r\nurl=\"https://a.example/\"\r\n");
}

TEST_CASE("a new URL that another feed has is a conflict, one in an inline table is left to the user") {
    const std::string text = "[feed.a]\nurl = 'http://a.example/'\n[feed.b]\nurl = 'http://b.example/'\n";
    const auto taken = with_feed_url(text, "a", "HTTP://b.example:80");
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind == ErrorKind::conflict);
    CHECK_THAT(taken.error().message, Catch::Contains("as b"));
    CHECK(with_feed_url(text, "c", "http://c.example/").error().kind == ErrorKind::not_found);
    const auto in_line = with_feed_url("[feed]\na = { url = 'http://a.example/' }\n", "a", "https://a.example/");
    REQUIRE_FALSE(in_line);
    CHECK(in_line.error().kind == ErrorKind::invalid);
    CHECK_THAT(in_line.error().message, Catch::Contains("by hand"));
}

TEST_CASE("tags are added to those that are there, or on a line of their own") {
    CHECK(edited(with_feed_tags("[feed.a]\ntags = [ 'x',  # first\n 'y' ]\nurl = 'http://a.example/'\n", "a",
                                {"y", "z"})) ==
          "[feed.a]\ntags = [\"x\", \"y\", \"z\"]\nurl = 'http://a.example/'\n");
    CHECK(edited(with_feed_tags("[feed.a]\r\n  url = 'http://a.example/'\r\n", "a", {"z"})) ==
          "[feed.a]\r\n  url = 'http://a.example/'\r\n  tags = [\"z\"]\r\n");
    CHECK(edited(with_feed_tags("feed.a.url = 'http://a.example/'", "a", {"z"})) ==
          "feed.a.url = 'http://a.example/'\nfeed.a.tags = [\"z\"]\n");
    const std::string has_them = "[feed.a]\nurl = 'http://a.example/'\ntags = ['z']\n";
    CHECK(edited(with_feed_tags(has_them, "a", {"z"})) == has_them);
}
