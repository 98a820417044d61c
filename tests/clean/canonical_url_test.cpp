#include "clean/canonical_url.hpp"

#include <catch2/catch.hpp>

using agg::clean::canonical_url;

namespace {

struct Case {
    const char* url;
    const char* identity;
};

void check(std::initializer_list<Case> cases) {
    for (const auto& [url, identity] : cases) {
        INFO(url);
        CHECK(canonical_url(url) == identity);
    }
}

}  // namespace

TEST_CASE("an article has one identity however it is addressed") {
    for (const char* url :
         {"https://example.org/2022/storm?id=1&page=2", "http://example.org/2022/storm?id=1&page=2",
          "https://www.example.org/2022/storm/?page=2&id=1", "https://m.example.org:443/2022/storm?id=1&page=2",
          "https://amp.example.org/2022/storm/amp/?id=1&page=2",
          "https://EXAMPLE.org/2022/./x/../%73torm?id=1&page=2&utm_source=rss",
          "https://example.org//2022/storm/index.html?id=1&page=2#comments",
          "https://example.org/2022/storm;jsessionid=AB12?id=1&page=2&PHPSESSID=9",
          "https://example.org/amp/2022/storm?id=1&page=2&amp=1",
          "https://example.org/2022/storm?id=1&page=2&ref=rss&ocid=x&ftag=y&campaign_source=z#Echobox=1"})
        CHECK(canonical_url(url) == "example.org/2022/storm?id=1&page=2");
}

TEST_CASE("what distinguishes articles is kept") {
    check({
        {"https://example.org/Storm", "example.org/Storm"},
        {"https://example.org:8080/a", "example.org:8080/a"},
        {"https://blog.example.org/a", "blog.example.org/a"},
        {"https://example.org/?p=7", "example.org/?p=7"},
        {"https://example.org/a#!/post/3", "example.org/a#!/post/3"},
        {"https://example.org/a%2Fb%c3%a4", "example.org/a%2Fb%C3%A4"},
        {"https://example.org/a\u00e4", "example.org/a%C3%A4"},
        {"https://example.org/amplifier", "example.org/amplifier"},
        {"https://www.de/a", "www.de/a"},
    });
}

TEST_CASE("what is no article has no identity") {
    check({{"https://example.org", ""},
           {"https://www.example.org/", ""},
           {"https://example.org/?utm_source=x", ""},
           {"https://example.org/index.html", ""},
           {"mailto:a@example.org", ""},
           {"ftp://example.org/a", ""},
           {"example.org/a", ""},
           {"", ""},
           {"https://t.co/abc", ""},
           {"https://feedproxy.google.com/~r/a/~3/b/", ""},
           {"https://feeds.example.org/~r/a/~3/b", ""}});
}

TEST_CASE("redirectors that carry their target are followed without asking the network") {
    check({
        {"https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa&usg=x", "example.org/a"},
        {"https://www.google.de/url?q=https://example.org/a", "example.org/a"},
        {"https://www.google.com/amp/s/www.example.org/a.amp", "example.org/a"},
        {"https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a/", "example.org/a"},
        {"https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa&h=1", "example.org/a"},
        {"https://t.umblr.com/redirect?z=https%3A%2F%2Fexample.org%2Fa&t=1", "example.org/a"},
        {"https://out.reddit.com/t3_1?url=https%3A%2F%2Fexample.org%2Fa&token=1", "example.org/a"},
        {"https://vk.com/away.php?to=http%3A%2F%2Fexample.org%2Fa", "example.org/a"},
        {"https://disq.us/url?url=https%3A%2F%2Fexample.org%2Fa%3AAbCdEf&cuid=1", "example.org/a"},
        {"https://href.li/?https://example.org/a", "example.org/a"},
        // base64 of 08 13 22 15 "https://example.org/a" d2 01 00
        {"https://news.google.com/rss/articles/CBMiFWh0dHBzOi8vZXhhbXBsZS5vcmcvYdIBAA?oc=5", "example.org/a"},
        {"https://www.google.com/"
         "url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fexample.org%252Fa",
         "example.org/a"},
    });
}

TEST_CASE("a page that is about an address is not taken for a redirector") {
    CHECK(canonical_url("https://translate.google.com/translate?u=https://example.org/a") ==
          "translate.google.com/translate?u=https://example.org/a");
    CHECK(canonical_url("https://example.org/search?q=https://other.example/a") ==
          "example.org/search?q=https://other.example/a");
}

TEST_CASE("what fuzzing found stays mended: an identity is a fixed point") {
    check({
        {"https://www.t.co/abc", ""},
        {"https://news.example//~r/a", ""},
        {"https://exa%2Fmple.example/a", ""},
        {"https://8080./a", "0.0.31.144/a"},
        {"https://example.org/a/index.amp.html", "example.org/a"},
        {"https://example.org/amp/amp/a", "example.org/a"},
    });
}
