#include "clean/clean.hpp"

#include <catch2/catch.hpp>

using namespace agg;

namespace {

const TimePoint k_now = *parse_rfc3339("2022-01-10T12:00:00Z");

Item cleaned(const ParsedItem& item) { return clean::clean_item(item, {}, k_now); }

}  // namespace

TEST_CASE("an item is cleaned in every field") {
    ParsedItem item;
    item.id = "tag:example.org,2022:1";
    item.link = "https://example.org/storm?utm_source=rss";
    item.title = {"Storm &amp; <b>rain</b>", MarkupType::html, ""};
    item.summary = {"<p onclick=x>Short</p>", MarkupType::html, "https://example.org/"};
    item.content = {"<img src=/a.png>", MarkupType::html, "https://example.org/"};
    item.authors = {{" Ann\n Lee ", "", "javascript:x"}, {"", "", ""}};
    item.categories = {"weather", "weather", " "};
    item.enclosures = {{"https://example.org/a.mp3", "audio/mpeg", 7},
                       {"javascript:x", "", {}},
                       {"https://example.org/a.mp3", "", {}}};
    item.image = "https://example.org/i.png";
    item.comments = "https://example.org/storm#comments";
    item.published = {"Sun, 9 Jan", *parse_rfc3339("2022-01-09T08:00:00Z")};
    const Item out = cleaned(item);
    CHECK(out.id == item.id);
    CHECK(out.link == "https://example.org/storm");
    CHECK(out.canonical_url == "example.org/storm");
    CHECK(out.title == "Storm & rain");
    CHECK(out.summary_html == "<p>Short</p>");
    CHECK(out.content_html == "<img src=\"https://example.org/a.png\"/>");
    CHECK(out.authors == std::vector<Author>{{"Ann Lee", "", ""}});
    CHECK(out.categories == std::vector<std::string>{"weather"});
    CHECK(out.enclosures == std::vector<Enclosure>{{"https://example.org/a.mp3", "audio/mpeg", 7}});
    CHECK(out.image == item.image);
    CHECK(out.comments == item.comments);
    CHECK(out.published == item.published.time);
}

TEST_CASE("the original link is preferred to the one that counts clicks") {
    ParsedItem item;
    item.link = "https://feedproxy.google.com/~r/a/~3/b/";
    item.original_link = "https://example.org/a";
    CHECK(cleaned(item).link == "https://example.org/a");
    item.original_link = "javascript:x";
    CHECK(cleaned(item).link == item.link);
}

TEST_CASE("a link that is not safe is no link") {
    ParsedItem item;
    item.link = "javascript:alert(1)";
    CHECK(cleaned(item).link.empty());
    CHECK(cleaned(item).canonical_url.empty());
}

TEST_CASE("a plain body is escaped, a missing title stays missing") {
    ParsedItem item;
    item.content = {"1 < 2 & <b>x</b>", MarkupType::plain, ""};
    CHECK(cleaned(item).content_html == "1 &lt; 2 &amp; &lt;b&gt;x&lt;/b&gt;");
    CHECK(cleaned(item).title.empty());
}

TEST_CASE("a feed's description of itself is cleaned") {
    ParsedFeed feed;
    feed.format = Format::atom;
    feed.title = {"News <i>now</i>", MarkupType::html, ""};
    feed.link = "https://example.org/?utm_source=feed";
    feed.logo = "https://example.org/logo.png";
    feed.language = " de ";
    const FeedInfo info = clean::clean_feed(feed);
    CHECK(info.format == Format::atom);
    CHECK(info.title == "News now");
    CHECK(info.site == "https://example.org/");
    CHECK(info.icon == "https://example.org/logo.png");
    CHECK(info.language == "de");
}
