#include <catch2/catch.hpp>

#include "documents.hpp"
#include "parse/limits.hpp"

using namespace agg;
using namespace agg::parse;

namespace {

std::string repeated(std::string_view unit, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += unit;
    return out;
}

bool warns_of(const ParsedFeed& feed, std::string_view words) {
    return std::any_of(feed.warnings.begin(), feed.warnings.end(),
                       [&](const std::string& warning) { return warning.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("an entity bomb stays small, an outside entity stays outside") {
    std::string bomb = "<!DOCTYPE rss [<!ENTITY a0 \"lol\"><!ENTITY out SYSTEM \"file:///etc/passwd\">";
    for (int i = 1; i < 30; ++i)
        bomb += "<!ENTITY a" + std::to_string(i) + " \"" + repeated("&a" + std::to_string(i - 1) + ";", 10) + "\">";
    const ParsedFeed feed = feed_of(bomb + "]>" + rss("<title>&a29;</title><item><title>&out;x</title></item>"));
    CHECK(feed.title.text.size() <= k_max_title_bytes);
    CHECK(feed.items.at(0).title.text == "x");
}

TEST_CASE("depth costs nothing but itself") {
    for (const std::string_view unit : {"<a>", "<item>", "<media:group>", "<itunes:category text='x'>", "<x xmlns:a='b' xml:base='c/'>"}) {
        INFO(unit);
        const std::string channel = "<title>t</title>" + repeated(unit, 50'000);
        CHECK(feed_of("<rss><channel>" + channel).title.text == "t");
        CHECK(feed_of("<rss><channel><item>" + repeated(unit, 50'000)).items.size() >= 1);
    }
    // Balanced, so that no repair bounds it.
    const std::string deep = repeated("<b>", 100'000) + "x" + repeated("</b>", 100'000);
    CHECK(feed_of(rss("<item><description>" + deep + "</description></item>")).items.size() == 1);
}

TEST_CASE("lists and texts have limits that the warnings tell") {
    const ParsedFeed items = feed_of(rss(repeated("<item/>", k_max_items + 5)));
    CHECK(items.items.size() == k_max_items);
    CHECK(warns_of(items, "items beyond the 20000th"));
    std::string categories;
    for (std::size_t i = 0; i < k_max_categories + 5; ++i) categories += "<category>" + std::to_string(i) + "</category>";
    const ParsedFeed many = feed_of(rss("<item>" + categories + "<title>" + repeated("é", k_max_title_bytes) + "</title><link>https://a.example/" +
                                        repeated("x", k_max_url_bytes) + "</link></item>"));
    CHECK(many.items[0].categories.size() == k_max_categories);
    CHECK(many.items[0].title.text.size() == k_max_title_bytes);
    CHECK(many.items[0].link.empty());
    CHECK(warns_of(many, "categories beyond"));
    CHECK(warns_of(many, "title longer"));
    CHECK(warns_of(many, "address longer"));
}

TEST_CASE("attributes without number end somewhere") {
    std::string attributes;
    for (int i = 0; i < 20'000; ++i) attributes += " a" + std::to_string(i) + "=x";
    CHECK(feed_of("<rss><channel><item" + attributes + "><title>t</title></item></channel></rss>").items.at(0).title.text == "t");
}

TEST_CASE("bytes that are nothing are refused by name") {
    CHECK(refusal_of(std::string(1000, '\0')) != "");
    CHECK(refusal_of("\xFF\xFE") == "an empty document");
    CHECK(refusal_of("<") == "plain text");
    CHECK(refusal_of("%PDF-1.7") == "a PDF document");
    CHECK(refusal_of(repeated("[", 100'000)).find("JSON that cannot be read") == 0);
}

TEST_CASE("a feed inside a page is found, a page that mentions a feed is a page") {
    CHECK(feed_of("<html><body><feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title></entry></feed></body></html>").items.size() == 1);
    CHECK(refusal_of("<html><head><title>About</title></head><body><p>our <rss>feed</rss></p></body></html>") == "a web page titled \"About\"");
}
