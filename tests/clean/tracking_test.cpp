#include <catch2/catch.hpp>

#include "clean/canonical_url.hpp"

using agg::clean::without_tracking;

TEST_CASE("tracking parameters go and nothing else changes") {
    struct Case {
        const char* url;
        const char* without;
    };
    for (const auto& [url, without] : std::initializer_list<Case>{
             {"https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"},
             {"https://a.example/x?id=7&fbclid=abc&p=2", "https://a.example/x?id=7&p=2"},
             {"https://a.example/x?b=2&a=1", "https://a.example/x?b=2&a=1"},
             {"https://a.example/x?", "https://a.example/x?"},
             {"https://a.example/x?a=%7e&gclid=1#top", "https://a.example/x?a=%7e#top"},
             {"https://a.example/x#xtor=RSS-16", "https://a.example/x"},
             {"https://a.example/x#utm_source=a&utm_medium=b", "https://a.example/x"},
             {"https://a.example/x?WT.mc_id=rss", "https://a.example/x"},
             {"https://www.bbc.co.uk/news/1?at_medium=RSS&at_campaign=KARANGA", "https://www.bbc.co.uk/news/1"},
             {"mailto:a@b.example?subject=utm_source=x", "mailto:a@b.example?subject=utm_source=x"},
             {"", ""},
         }) {
        INFO(url);
        CHECK(without_tracking(url) == without);
        CHECK(without_tracking(without) == without);
    }
}

TEST_CASE("parameters that pages need stay") {
    for (const char* url :
         {"https://a.example/?p=1", "https://a.example/?id=1&article=2&page=3", "https://a.example/?ref=v2",
          "https://a.example/?v=abc&t=30", "https://a.example/?source=db&feed=1", "https://a.example/?campaign_id=4",
          "https://a.example/?s=search", "https://a.example/#section-2"})
        CHECK(without_tracking(url) == url);
}

TEST_CASE("some parameters track on their own site only") {
    CHECK(without_tracking("https://www.youtube.com/watch?v=1&feature=share") == "https://www.youtube.com/watch?v=1");
    CHECK(without_tracking("https://a.example/watch?v=1&feature=share") == "https://a.example/watch?v=1&feature=share");
    CHECK(without_tracking("https://notyoutube.com/?feature=share") == "https://notyoutube.com/?feature=share");
}
