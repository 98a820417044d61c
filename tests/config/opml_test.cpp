#include "config/opml.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::config;

namespace {

std::vector<Outline> outlines_of(std::string_view bytes) {
    const auto list = read_opml(bytes);
    if (!list) FAIL(list.error().message);
    return list->outlines;
}

std::vector<Outline> body(std::string_view outlines) {
    return outlines_of("<opml version='2.0'><head><title>T</title></head><body>" + std::string(outlines) +
                       "</body></opml>");
}

}  // namespace

TEST_CASE("an outline with an address is a subscription, one without is a folder") {
    CHECK(body(R"(<outline text="A" xmlUrl=" https://a.example/feed "/>
        <outline text="News"><outline title="B" text="b" xmlUrl="https://b.example/"/>
        <outline text="World"><outline text="C" xmlUrl="https://c.example/"/></outline></outline>)") ==
          std::vector<Outline>{{"https://a.example/feed", "A", {}},
                               {"https://b.example/", "B", {"News"}},
                               {"https://c.example/", "C", {"News", "World"}}});
}

TEST_CASE("lists that are not XML give their feeds all the same") {
    struct Row {
        std::string_view what, outlines, url, title;
    };
    const auto row = GENERATE(values<Row>({
        {"bare ampersands", R"(<outline text="Q&A" xmlUrl="https://a.example/?a=1&b=2&copy=3"/>)",
         "https://a.example/?a=1&b=2&copy=3", "Q&A"},
        {"a tag in an attribute", R"(<outline text="<b>A</b>" xmlUrl="https://a.example/"/>)", "https://a.example/",
         "<b>A</b>"},
        {"HTML's entities", R"(<outline text="Caf&eacute;" xmlUrl="https://a.example/"/>)", "https://a.example/",
         "Café"},
        {"no quotes", R"(<outline text=A xmlUrl=https://a.example/ />)", "https://a.example/", "A"},
        {"markup with quotes",
         R"(<outline text="A" description="by <a href="https://b.example" rel="x">us</a>." xmlUrl="https://a.example/"/>)",
         "https://a.example/", "A"},
        {"unclosed", R"(<outline text="A" xmlUrl="https://a.example/">)", "https://a.example/", "A"},
        {"other case", R"(<Outline TEXT="A" XMLURL="https://a.example/"/>)", "https://a.example/", "A"},
        {"a control character", "<outline text=\"A\x02\" xmlUrl=\"https://a.example/\"/>", "https://a.example/", "A"},
    }));
    INFO(row.what);
    CHECK(body(row.outlines) == std::vector<Outline>{{std::string(row.url), std::string(row.title), {}}});
}

TEST_CASE("a truncated list gives what it has") {
    CHECK(outlines_of("<opml><body><outline text='A' xmlUrl='https://a.example/'/><outline text='B").size() == 1);
}

TEST_CASE("an empty list is a list, a page is none") {
    CHECK(body("").empty());
    CHECK_FALSE(read_opml("<html><body><p>hello</p></body></html>"));
    CHECK_FALSE(read_opml("").has_value());
}

TEST_CASE("a nest of outlines ends somewhere") {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<outline text='x'>";
    CHECK(body(deep).empty());
}

TEST_CASE("categories are tags, and what others call pausing and interval is a setting") {
    const auto outlines = body(
        R"(<outline text="A" xmlUrl="https://a.example/" htmlUrl="https://a.example" category="/Boston/Weather, news,/news"/>
        <outline text="B" xmlUrl="https://b.example/" updateInterval="120"/>
        <outline text="C" xmlUrl="https://c.example/" updateInterval="-1"/>
        <outline text="D" xmlUrl="https://d.example/" miniflux:disabled="true"/>)");
    REQUIRE(outlines.size() == 4);
    CHECK(outlines[0].tags == std::vector<std::string>{"Boston", "Weather", "news"});
    CHECK(outlines[0].site == "https://a.example");
    CHECK(outlines[1].settings == std::vector<Setting>{{"interval", "120min"}});
    CHECK(outlines[2].settings.empty());
    CHECK(outlines[3].settings == std::vector<Setting>{{"paused", "true"}});
}

TEST_CASE("what is written is read back, folders and settings included") {
    const std::vector<Outline> outlines = {
        {.url = "https://a.example/?a=1&b='2'", .title = "A <\"b\"> & C", .folder = {"News", "Wörld"}, .tags = {"x"}},
        {.url = "https://b.example/", .folder = {"News"}, .name = "b", .settings = {{"tags", "[\"a,b\"]"}}},
        {.url = "https://c.example/", .name = "c", .secrets_removed = true},
    };
    CHECK(outlines_of(write_opml(outlines, "T & U")) == outlines);
    CHECK_THAT(write_opml(outlines, "T & U"), Catch::Contains("<title>T &amp; U</title>"));
}
