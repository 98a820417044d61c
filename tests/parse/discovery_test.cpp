#include <catch2/catch.hpp>

#include "documents.hpp"

using namespace agg;
using namespace agg::parse;

TEST_CASE("a page names its feeds in its head") {
    const auto links = feed_links({.bytes = R"(<!doctype html><html><head><script>'<link rel=alternate href=no>'</script>
        <link rel="alternate" type="application/rss+xml" title="News &amp; more" href="/rss.xml?a=1&amp;b=2">
        <link rel="stylesheet" href="x.css"><LINK REL='alternate' TYPE=application/atom+xml HREF=atom></head>
        <body><a href="/other.rss">x</a></body></html>)", .content_type = {}, .url = "https://a.example/p/", .content_location = {}});
    REQUIRE(links.size() == 2);
    CHECK(links[0].url == "https://a.example/rss.xml?a=1&b=2");
    CHECK(links[0].title == "News & more");
    CHECK(links[1].url == "https://a.example/p/atom");
}

TEST_CASE("a page that names no feed may still link to one") {
    const auto links = feed_links({.bytes = "<html><a href='/feed/'>RSS</a><a href='/about'>about</a></html>", .content_type = {}, .url = "https://a.example/", .content_location = {}});
    REQUIRE(links.size() == 1);
    CHECK(links[0].url == "https://a.example/feed/");
}

TEST_CASE("a document that is no feed says what it is") {
    CHECK(refusal_of("") == "an empty document");
    CHECK(refusal_of(" \n ") == "an empty document");
    CHECK(refusal_of("<!DOCTYPE html><html><head><title>Sign in</title></head></html>") == "a web page titled \"Sign in\"");
    CHECK(refusal_of("<html><body>hello</body></html>") == "a web page");
    CHECK(refusal_of("<opml><body/></opml>") == "an OPML list");
    CHECK(refusal_of("<note>x</note>") == "XML whose first element is <note>");
    CHECK(refusal_of("hello") == "plain text");
}
