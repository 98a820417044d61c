#include "clean/safe_url.hpp"

#include <catch2/catch.hpp>

using namespace agg::clean;

namespace {

std::string link_to(std::string_view url, std::string_view base = "https://a.example/b/c") {
    return safe_url(url, UrlUse::link, base).value_or("(none)");
}

}  // namespace

TEST_CASE("relative addresses are made absolute") {
    CHECK(link_to("d") == "https://a.example/b/d");
    CHECK(link_to("/d?e#f") == "https://a.example/d?e#f");
    CHECK(link_to("//x.example/y") == "https://x.example/y");
    CHECK(link_to("#note") == "https://a.example/b/c#note");
    CHECK(link_to("#note", "https://a.example/b/c?d#e") == "https://a.example/b/c?d#note");
    CHECK(link_to("?x", "https://a.example/b/c?d#e") == "https://a.example/b/c?x");
    CHECK(link_to("d", "") == "d");
}

TEST_CASE("absolute addresses are kept as written but for what breaks markup") {
    CHECK(link_to(" https://x.example/a b\"c<d> ") == "https://x.example/a%20b%22c%3Cd%3E");
    CHECK(link_to("https://x.example/a\n b") == "https://x.example/a%20b");
    CHECK(link_to("HTTP://X.example/%7Ea") == "HTTP://X.example/%7Ea");
}

TEST_CASE("schemes that act are refused however they are written") {
    for (const char* url : {"javascript:x", "JAVASCRIPT:x", "java\tscript:x", "\x01javascript:x", "vbscript:x",
                            "data:text/html,x", "file:///x", "about:blank", "feed:x", "view-source:x", "jar:x",
                            "blob:x", "livescript:x", "mocha:x", "ja%76ascript:x"})
        CHECK(link_to(url) == "(none)");
}

TEST_CASE("candidates are judged one by one") {
    constexpr const char* page = "https://a.example/";
    CHECK(safe_candidates("a.png 1x, javascript:x 2x,b.png 300w", page) ==
          "https://a.example/a.png 1x, https://a.example/b.png 300w");
    CHECK(safe_candidates("https://x.example/a,b.png", page) == "https://x.example/a,b.png");
    CHECK(safe_candidates(" , ,", page).empty());
}

TEST_CASE("an address that stands alone must be absolute") {
    CHECK(safe_absolute_url("https://a.example/", UrlUse::link) == "https://a.example/");
    CHECK(safe_absolute_url("/a", UrlUse::link).empty());
    CHECK(safe_absolute_url("javascript:x", UrlUse::link).empty());
}
