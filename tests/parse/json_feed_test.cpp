#include <catch2/catch.hpp>

#include "documents.hpp"

using namespace agg;
using namespace agg::parse;

TEST_CASE("a JSON Feed keeps what a reader needs") {
    const ParsedFeed feed = feed_of(R"({"version": "https://jsonfeed.org/version/1.1", "title": "A", "home_page_url": "/",
        "authors": [{"name": "Ann"}], "items": [{"id": 7, "url": "/7", "title": "Seven", "content_html": "<p>x</p>",
        "date_published": "2022-01-10T09:05:00Z", "tags": ["t"], "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg",
        "size_in_bytes": 9, "duration_in_seconds": 61}]}]})", "https://a.example/feed.json");
    CHECK(feed.format == Format::json_feed);
    CHECK(feed.link == "https://a.example/");
    REQUIRE(feed.items.size() == 1);
    const ParsedItem& item = feed.items[0];
    CHECK(item.id == "7");
    CHECK(item.link == "https://a.example/7");
    CHECK(item.content.text == "<p>x</p>");
    CHECK(item.authors.at(0).name == "Ann");
    CHECK(item.duration == std::chrono::seconds{61});
    CHECK(item.enclosures.at(0).length_bytes == 9);
}

TEST_CASE("JSON that is no feed says so") {
    CHECK(refusal_of(R"({"error": "gone"})") == "JSON, but no JSON Feed");
    CHECK(refusal_of("[1, 2]") == "JSON, but no JSON Feed (it is no object)");
    CHECK(refusal_of("{\"version\": ").find("JSON that cannot be read") == 0);
}
