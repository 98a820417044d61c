#include "dedup/page_key.hpp"

#include <catch2/catch.hpp>

using agg::dedup::page_key;

TEST_CASE("an article's number names it, on whatever address of its outlet") {
    CHECK(page_key("quay.example/news?id=2828696") == "quay 2828696");
    CHECK(page_key("quay.co.example/n/2828696.html") == "quay 2828696");
    CHECK(page_key("news.quay.co.uk/2022/01/10/ferry-2828696") == "quay 2828696");
}

TEST_CASE("without a number, a slug of four words does") {
    CHECK(page_key("quay.example/2022/ferry-sinks-off-aktau/") == "quay ferry-sinks-off-aktau");
    CHECK(page_key("m.quay.example/world/Ferry-Sinks-Off-Aktau.html") == "quay ferry-sinks-off-aktau");
}

TEST_CASE("dates, short numbers and short slugs name no page") {
    CHECK(page_key("quay.example/20220110/").empty());
    CHECK(page_key("quay.example/topic?id=1234").empty());
    CHECK(page_key("quay.example/ferry-sinks").empty());
    CHECK(page_key("").empty());
}
