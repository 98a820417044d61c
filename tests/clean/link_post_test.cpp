#include "clean/link_post.hpp"

#include <catch2/catch.hpp>

#include "clean/clean.hpp"

using namespace agg;
using clean::link_post_target;

TEST_CASE("a post points at the target of its link named [link]") {
    CHECK(link_post_target("submitted by <a href=\"https://r.example/u\">/u/a</a> <a "
                           "href=\"https://quay.example/1?a=1&amp;b=2\">[link]</a>") ==
          "https://quay.example/1?a=1&b=2");
    CHECK(link_post_target("<p>See <a href=\"https://quay.example/1\">this</a>.</p>").empty());
    CHECK(link_post_target("a [link] in words").empty());
    CHECK(link_post_target("").empty());
}

TEST_CASE("an item that only points at an article has that article's identity, and keeps its own link") {
    ParsedItem item;
    item.link = "https://www.reddit.com/r/news/comments/1/ferry/";
    item.content = {"<a href=\"https://quay.example/ferry?utm_source=x\">[link]</a>", MarkupType::html, ""};
    const Item out = clean::clean_item(item, {}, TimePoint{});
    CHECK(out.canonical_url == "quay.example/ferry");
    CHECK(out.link == item.link);
}

TEST_CASE("where the link is a redirector's, an id that is an address is the identity") {
    ParsedItem item;
    item.link = "https://feedproxy.google.com/~r/quay/~3/x1/";
    item.id = "https://quay.example/ferry";
    CHECK(clean::clean_item(item, {}, TimePoint{}).canonical_url == "quay.example/ferry");
    item.id = "12345";
    CHECK(clean::clean_item(item, {}, TimePoint{}).canonical_url.empty());
}
