#include <catch2/catch.hpp>

#include "documents.hpp"

using namespace agg;
using namespace agg::parse;

TEST_CASE("a document that ends before its end says so; a whole one and a merely untidy one do not") {
    const std::string whole = "<rss version=\"2.0\"><channel><title>T</title><item><title>A</title></item></channel></rss>";
    CHECK_FALSE(agg::parse::parse({.bytes = whole})->cut_short);
    CHECK_FALSE(agg::parse::parse({.bytes = "<rss version=\"2.0\"><channel><title>T & U<item><title>A</item></channel></rss>"})->cut_short);
    for (const std::size_t size : {whole.size() - 3, whole.size() - 10, whole.size() - 35}) {
        const auto cut = agg::parse::parse({.bytes = std::string_view(whole).substr(0, size)});
        CHECK(cut->cut_short);
        CHECK(cut->last_item_cut_short == (size == whole.size() - 35));
    }
}

TEST_CASE("an RSS 2.0 item keeps what a reader needs") {
    const ParsedItem item = rss_item(R"(
        <title>Hare &amp; tortoise</title>
        <link> https://news.example/hare </link>
        <guid isPermaLink="false">tag:news.example,2022:1</guid>
        <description>&lt;p&gt;The race&lt;/p&gt;</description>
        <author>ann@news.example (Ann Lee)</author>
        <category>Sport</category><category domain="x">Running</category>
        <enclosure url="/audio/1.mp3" type="audio/mpeg" length="1234"/>
        <pubDate>Mon, 10 Jan 2022 10:05:00 +0100</pubDate>
        <comments>https://news.example/hare#comments</comments>
        <source url="https://wire.example/">The Wire</source>)", "https://news.example/rss.xml");
    CHECK(item.title.text == "Hare & tortoise");
    CHECK(item.title.type == MarkupType::plain);
    CHECK(item.link == "https://news.example/hare");
    CHECK(item.id == "tag:news.example,2022:1");
    CHECK(item.summary.text == "<p>The race</p>");
    CHECK(item.summary.type == MarkupType::html);
    CHECK(item.authors == std::vector<Author>{{.name = "Ann Lee", .email = "ann@news.example", .url = {}}});
    CHECK(item.categories == std::vector<std::string>{"Sport", "Running"});
    CHECK(item.enclosures ==
          std::vector<Enclosure>{{.url = "https://news.example/audio/1.mp3", .type = "audio/mpeg", .length_bytes = 1234}});
    CHECK(when(item.published) == "2022-01-10T09:05:00Z");
    CHECK(item.comments == "https://news.example/hare#comments");
    CHECK(item.source.title.text == "The Wire");
    CHECK(item.source.link == "https://wire.example/");
}

TEST_CASE("a channel tells its site, never the feed itself") {
    const ParsedFeed feed = feed_of(R"(<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
        <atom:link rel="self" href="https://news.example/rss"/><title>News</title><link>https://news.example/</link>
        <description>All of it</description><language>de</language><ttl>30</ttl>
        <image><title>Not the title</title><url>/logo.png</url><link>https://elsewhere.example/</link></image>
        <skipHours><hour>24</hour><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>
        </channel></rss>)", "https://news.example/rss");
    CHECK(feed.format == Format::rss);
    CHECK(feed.title.text == "News");
    CHECK(feed.link == "https://news.example/");
    CHECK(feed.language == "de");
    CHECK(feed.logo == "https://news.example/logo.png");
    CHECK(feed.hints.ttl == std::chrono::minutes{30});
    CHECK(feed.hints.skip_hours == std::vector<int>{0, 3});
    CHECK(feed.hints.skip_days == std::vector<int>{0});
}

TEST_CASE("RSS 1.0 keeps its items beside the channel and names them by rdf:about") {
    const ParsedFeed feed = feed_of(R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://a.example/"><title>A</title><link>https://a.example/</link></channel>
        <item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link>
          <dc:creator>Bo</dc:creator><dc:date>2022-01-10T09:05:00Z</dc:date><dc:subject>x</dc:subject></item></rdf:RDF>)");
    CHECK(feed.format == Format::rdf);
    REQUIRE(feed.items.size() == 1);
    CHECK(feed.items[0].id == "https://a.example/1");
    CHECK(feed.items[0].authors[0].name == "Bo");
    CHECK(when(feed.items[0].published) == "2022-01-10T09:05:00Z");
}

TEST_CASE("a guid is the link where there is none, unless it says it is no permalink") {
    CHECK(rss_item("<guid>https://a.example/1</guid>").link == "https://a.example/1");
    CHECK(rss_item("<guid isPermaLink='false'>https://a.example/1</guid>").link == "");
    CHECK(rss_item("<guid>4711</guid>").link == "");
}

TEST_CASE("names count by namespace, whatever the prefix") {
    const ParsedFeed feed = feed_of(R"(<r:rss xmlns:r="http://backend.userland.com/rss2" xmlns:x="http://purl.org/rss/1.0/modules/content/"
        xmlns:other="https://elsewhere.example/ns"><r:channel><r:item><other:title>no</other:title><r:title>yes</r:title>
        <x:encoded><![CDATA[<b>body</b>]]></x:encoded></r:item></r:channel></r:rss>)");
    REQUIRE(feed.items.size() == 1);
    CHECK(feed.items[0].title.text == "yes");
    CHECK(feed.items[0].content.text == "<b>body</b>");
}

TEST_CASE("an undeclared prefix means what it means by custom") {
    CHECK(rss_item("<dc:creator>Ann</dc:creator>").authors.at(0).name == "Ann");
    CHECK(rss_item("<content:encoded>text</content:encoded>").content.text == "text");
}

TEST_CASE("a title is HTML only when it contains a tag or a reference") {
    CHECK(rss_item("<title>1 &lt; 2</title>").title.type == MarkupType::plain);
    CHECK(rss_item("<title>AT&amp;amp;T</title>").title.type == MarkupType::html);
    CHECK(rss_item("<title>&lt;b&gt;x&lt;/b&gt;</title>").title.type == MarkupType::html);
    CHECK(rss_item("<title>R&D a&b;</title>").title.text == "R&D a&b;");
}

TEST_CASE("what XML does not know is read as HTML knows it") {
    CHECK(rss_item("<title>caf&eacute;&nbsp;&hellip; &#8217; &#146;</title>").title.text == "café\u00A0… ’ ’");
    CHECK(rss_item("<link>https://a.example/?a=1&copy=2&b</link>").link == "https://a.example/?a=1&copy=2&b");
}

TEST_CASE("legacy encodings are read as declared") {
    const ParsedFeed declared = feed_of("<?xml version='1.0' encoding='windows-1251'?><rss><channel><title>\xCD\xEE\xE2\xEE\xF1\xF2\xE8</title></channel></rss>");
    CHECK(declared.title.text == "Новости");
    const ParsedFeed by_header = feed_of("<rss><channel><title>\xCE\xCF\xD7\xCF\xD3\xD4\xC9</title></channel></rss>", "", "text/xml; charset=KOI8-R");
    CHECK(by_header.title.text == "новости");
}

TEST_CASE("items of a broken document still come through") {
    struct Row { std::string_view what, document; std::size_t items; };
    const auto row = GENERATE(values<Row>({
        {"truncated", "<rss><channel><item><title>a</title></item><item><title>b", 2},
        {"junk before", "\n<br />\n<b>Warning</b>: x in y\n<?xml version='1.0'?><rss><channel><item><title>a</title></item></channel></rss>", 1},
        {"junk after", "<rss><channel><item><title>a</title></item></channel></rss> <script>x</script>", 1},
        {"misnested", "<rss><channel><item><title><b>a</title></b></item><item/></channel></rss>", 2},
        {"unclosed item", "<rss><channel><item><title>a</title><item><title>b</title></item></channel></rss>", 2},
        {"unquoted attribute", "<rss version=2.0><channel><item><enclosure url=https://a.example/x></item></channel></rss>", 1},
        {"control character", "<rss><channel><item><title>a\x01</title></item></channel></rss>", 1},
    }));
    INFO(row.what);
    const ParsedFeed feed = feed_of(row.document);
    CHECK(feed.items.size() == row.items);
}
