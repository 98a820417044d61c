#include "base/url.hpp"

#include <catch2/catch.hpp>

using namespace agg;

TEST_CASE("a URL keeps the text it was given and offers libcurl's reading of its parts") {
    const auto url = Url::parse("  HTTP://Example.ORG:8080/a/../B?x=1&y=%20#top ");
    REQUIRE(url);
    CHECK(url->text() == "HTTP://Example.ORG:8080/a/../B?x=1&y=%20#top");
    CHECK(url->scheme() == "http");
    CHECK(url->host() == "example.org");
    CHECK(url->port() == 8080);
    CHECK(url->path() == "/a/../B");
    CHECK(url->query() == "x=1&y=%20");
    CHECK(url->fragment() == "top");
}

TEST_CASE("a file URL names a file") {
    CHECK(Url::parse("file:///tmp/%D0%B6%20a.xml")->decoded_path() == "/tmp/ж a.xml");
}

TEST_CASE("the default port belongs to the scheme") {
    CHECK(Url::parse("https://example.org/")->port() == 443);
    CHECK(Url::parse("http://[::1]/")->port() == 80);
    CHECK(Url::parse("http://[::1]/")->host() == "[::1]");
}

TEST_CASE("what is no absolute URL is refused with its text") {
    const auto text = GENERATE("", "   ", "example.org/feed", "/feed", "http://", "http://exa mple.org/");
    const auto url = Url::parse(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().kind == ErrorKind::invalid);
}

TEST_CASE("a typed address without a scheme means https") {
    CHECK(Url::parse_typed("bbc.co.uk/news")->text() == "https://bbc.co.uk/news");
    CHECK(Url::parse_typed("localhost:8080/x")->text() == "https://localhost:8080/x");
    CHECK(Url::parse_typed("http://a.example/")->text() == "http://a.example/");
    CHECK(Url::parse_typed("file:///tmp/a.xml")->is_file());
}

TEST_CASE("references resolve as RFC 3986 asks") {
    const auto page = *Url::parse("http://example.org/news/index.html?p=1");
    CHECK(page.resolve("../feed.xml")->text() == "http://example.org/feed.xml");
    CHECK(page.resolve("//cdn.example/x")->text() == "http://cdn.example/x");
    CHECK(page.resolve("?p=2")->text() == "http://example.org/news/index.html?p=2");
    CHECK(page.resolve("https://other.example/")->host() == "other.example");
}

TEST_CASE("no secret is shown") {
    CHECK(Url::parse("https://joe:pw@example.org/f?a=1&token=abc&n=2")->shown() == "https://example.org/f?a=1&token=...&n=2");
    CHECK(Url::parse("https://example.org/f?keywords=bread")->shown() == "https://example.org/f?keywords=bread");
    CHECK(shown_url("nonsense") == "(not a URL)");
}

TEST_CASE("nothing secret is a base of what is published") {
    CHECK(Url::parse("https://joe:pw@example.org/f?a=1")->without_credentials() == "https://example.org/f?a=1");
    CHECK(Url::parse("https://joe:pw@example.org/f?token=abc")->public_base() == "https://example.org/f");
    CHECK(Url::parse("https://joe:pw@example.org/f?a=1")->public_base() == "https://example.org/f?a=1");
    CHECK(Url::parse("https://example.org/f?a=1")->public_base() == "https://example.org/f?a=1");
}

TEST_CASE("credentials belong to one scheme, host and port") {
    const auto url = *Url::parse("https://example.org/a");
    CHECK(url.same_origin(*Url::parse("https://EXAMPLE.org:443/b")));
    CHECK_FALSE(url.same_origin(*Url::parse("http://example.org/a")));
    CHECK_FALSE(url.same_origin(*Url::parse("https://www.example.org/a")));
}
