#include <catch2/catch.hpp>

#include "documents.hpp"

using namespace agg;
using namespace agg::parse;

namespace {

ParsedItem atom_entry(std::string_view elements, std::string url = {}) {
    const ParsedFeed feed = feed_of("<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + std::string(elements) + "</entry></feed>", std::move(url));
    REQUIRE(feed.items.size() == 1);
    return feed.items[0];
}

}  // namespace

TEST_CASE("an Atom entry keeps what a reader needs") {
    const ParsedItem item = atom_entry(R"(<title>One</title><id>tag:a.example,2022:1</id>
        <link rel="self" href="self"/><link href="page"/><link rel="enclosure" href="s.mp3" type="audio/mpeg" length="5"/>
        <published>2022-01-10T09:05:00Z</published><updated>2022-01-11T09:05:00+01:00</updated>
        <author><name>Ann</name><email>ann@a.example</email><uri>/ann</uri></author><category term="x" label="X"/>
        <summary>short</summary><content type="html">&lt;p&gt;long&lt;/p&gt;</content>)", "https://a.example/feed/");
    CHECK(item.link == "https://a.example/feed/page");
    CHECK(item.enclosures.at(0).url == "https://a.example/feed/s.mp3");
    CHECK(when(item.published) == "2022-01-10T09:05:00Z");
    CHECK(when(item.updated) == "2022-01-11T08:05:00Z");
    CHECK(item.authors == std::vector<Author>{{.name = "Ann", .email = "ann@a.example", .url = "https://a.example/ann"}});
    CHECK(item.categories == std::vector<std::string>{"x"});
    CHECK(item.summary.text == "short");
    CHECK(item.content.text == "<p>long</p>");
}

TEST_CASE("text constructs are what their type says") {
    CHECK(atom_entry("<title>1 &lt; 2 &amp;amp; 3</title>").title.text == "1 < 2 &amp; 3");
    CHECK(atom_entry("<title>&lt;b&gt;</title>").title.type == MarkupType::plain);
    CHECK(atom_entry("<title type='html'>&lt;b&gt;x&lt;/b&gt;</title>").title.type == MarkupType::html);
    const Markup xhtml = atom_entry("<content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'><x:p>a &lt; b<x:br/></x:p></x:div></content>").content;
    CHECK(xhtml.text == "<p>a &lt; b<br></p>");
    CHECK(atom_entry("<content type='text/html' mode='base64'>PGI+eDwvYj4=</content>").content.text == "<b>x</b>");
}

TEST_CASE("xml:base applies to the links and to the bodies below it") {
    const ParsedItem item = atom_entry("<link xml:base='b/' href='c'/><content xml:base='/d/' type='html'>&lt;a href='e'&gt;</content>", "https://a.example/x/feed");
    CHECK(item.link == "https://a.example/x/b/c");
    CHECK(item.content.base == "https://a.example/d/");
}

TEST_CASE("an entry without author has its source's, then the feed's") {
    const ParsedFeed feed = feed_of(R"(<feed xmlns="http://www.w3.org/2005/Atom"><author><name>Feed</name></author>
        <entry/><entry><source><title>S</title><author><name>Source</name></author></source></entry>
        <entry><author><name>Own</name></author></entry></feed>)");
    REQUIRE(feed.items.size() == 3);
    CHECK(feed.items[0].authors.at(0).name == "Feed");
    CHECK(feed.items[1].authors.at(0).name == "Source");
    CHECK(feed.items[1].source.title.text == "S");
    CHECK(feed.items[2].authors.at(0).name == "Own");
}
