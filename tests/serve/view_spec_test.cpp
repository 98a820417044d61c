#include "serve/view_spec.hpp"

#include <catch2/catch.hpp>

#include "serve/samples.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace {

const Catalog k_catalog{{"bbc.world", "atom"},
                        {"news", "far away"},
                        {View{.name = "calm",
                              .title = "Calm",
                              .query_text = "-war",
                              .query = *parse_query("-war"),
                              .entries = 20,
                              .dedup = Dedup::exact,
                              .id_scope = IdScope::view},
                         View{.name = "plain", .query_text = "", .query = {}}}};

Result<ViewSpec> spec(std::string_view target, const char* now = "2022-01-10T12:00:40Z") {
    Request asked = request("GET", target);
    const auto slash = asked.path.find('/', 1);
    if (slash != std::string::npos) asked.captures = {percent_decode(asked.path.substr(slash + 1)).value()};
    return read_view(asked, k_catalog, at(now));
}

}  // namespace

TEST_CASE("a path names a view and its format") {
    CHECK(spec("/feed.rss")->format == ViewFormat::rss);
    CHECK(spec("/feed.rss")->title == "aggd");
    CHECK(spec("/feed.rss")->selection.query.is_everything());
    CHECK(spec("/tag/far%20away.atom")->selection.query == *parse_query("tag:\"far away\""));
    CHECK(spec("/tag/far%20away.atom")->address({}) == "tag/far%20away.atom");
    CHECK(spec("/tag/News.atom")->title == "News");
    CHECK(spec("/source/bbc.world.json")->source == "bbc.world");
    CHECK(spec("/source/atom.atom")->source == "atom");
    CHECK(spec("/search.atom?q=rain+OR+wind")->selection.query == *parse_query("rain OR wind"));
    CHECK(spec("/search.atom?q=rain+OR+wind")->address({}) == "search.atom?q=rain%20OR%20wind");
    CHECK(spec("/view/plain.atom")->title == "plain");
    const ViewSpec calm = *spec("/view/calm.json");
    CHECK(calm.selection.query == *parse_query("-war"));
    CHECK(calm.selection.limit == 20);
    CHECK(calm.dedup == Dedup::exact);
    CHECK(calm.id_scope == IdScope::view);
    CHECK(calm.title == "Calm");
    CHECK(calm.address({}) == "view/calm.json");
}

TEST_CASE("parameters narrow a view and stand in its address") {
    const ViewSpec narrowed = *spec("/tag/news.atom?n=5&q=rain%26hail&since=7d&x=ignored&dedup=off&id_scope=view");
    CHECK(narrowed.selection.query == *parse_query("(tag:news \"rain&hail\") since:7d"));
    CHECK(narrowed.selection.limit == 5);
    CHECK(narrowed.dedup == Dedup::off);
    CHECK(narrowed.id_scope == IdScope::view);
    CHECK(narrowed.address(store::Position{-5, 9}) ==
          "tag/news.atom?n=5&q=rain%26hail&since=7d&dedup=off&id_scope=view&before=-5.9");
    CHECK(spec("/feed.atom?before=-5.9")->selection.before == store::Position{-5, 9});
    CHECK(spec("/view/calm.atom?n=20")->address({}) == "view/calm.atom");
}

TEST_CASE("what cannot be read is told") {
    struct Case {
        const char* target;
        ErrorKind kind;
        const char* message;
    };
    const Case each = GENERATE(values<Case>({
        {"/view/none.atom", ErrorKind::not_found, "no [view.none]"},
        {"/source/none.atom", ErrorKind::not_found, "no feed \"none\""},
        {"/tag/none.atom", ErrorKind::not_found, "the tag \"none\""},
        {"/tag/news", ErrorKind::not_found, "ends in .atom, .rss or .json"},
        {"/tag/.atom", ErrorKind::not_found, "ends in"},
        {"/search.atom", ErrorKind::invalid, "/search.atom?q=rain"},
        {"/search.atom?q=%20", ErrorKind::invalid, "/search.atom?q=rain"},
        {"/search.atom?q=tga:x", ErrorKind::invalid, "q: column 1: unknown key \"tga\""},
        {"/feed.atom?since=soon", ErrorKind::invalid, "since:"},
        {"/feed.atom?n=0", ErrorKind::invalid, "1 to 1000"},
        {"/feed.atom?dedup=on", ErrorKind::invalid, "off, exact or story"},
        {"/feed.atom?id_scope=x", ErrorKind::invalid, "all or view"},
        {"/feed.atom?before=5", ErrorKind::invalid, "\"next\" link"},
        {"/feed.atom?before=5.x", ErrorKind::invalid, "\"next\" link"},
    }));
    CAPTURE(each.target);
    const auto read = spec(each.target);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == each.kind);
    CHECK_THAT(read.error().message, Catch::Contains(each.message));
}

TEST_CASE("what is the same view has the same key, and a relative age counts in minutes") {
    CHECK(spec("/feed.atom")->key() == spec("/feed.atom?n=100&y=2", "2022-01-11T09:00:00Z")->key());
    CHECK(spec("/feed.atom")->key() != spec("/feed.rss")->key());
    CHECK(spec("/feed.atom")->key() != spec("/feed.atom?n=99")->key());
    CHECK(spec("/feed.atom")->key() != spec("/feed.atom?before=1.1")->key());
    CHECK(spec("/feed.atom?since=7d")->key() == spec("/feed.atom?since=7d", "2022-01-10T12:00:59Z")->key());
    CHECK(spec("/feed.atom?since=7d")->key() != spec("/feed.atom?since=7d", "2022-01-10T12:01:00Z")->key());
}

TEST_CASE("a view depends on marks when it asks by them") {
    CHECK_FALSE(spec("/feed.atom")->needs_marks);
    CHECK_FALSE(spec("/source/bbc.world.atom?since=7d")->needs_marks);
    CHECK(spec("/tag/news.atom")->needs_marks);
    CHECK(spec("/feed.atom?q=is:unread")->needs_marks);
    CHECK(spec("/feed.atom?q=source:a+-(rain)")->needs_marks);
}
