#include "base/query.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using Kind = Query::Kind;
using namespace std::chrono_literals;

namespace {

// The tree as text: (a b) is all of them, [a b] any of them, !a not a.
std::string shown(const Query& query) {
    std::string parts;
    for (const Query& part : query.parts) parts += (parts.empty() ? "" : " ") + shown(part);
    const std::string text = '<' + query.text + (query.is_beginning ? "*>" : ">");
    switch (query.kind) {
        case Kind::all_of: return "(" + parts + ")";
        case Kind::any_of: return "[" + parts + "]";
        case Kind::none_of: return "!" + parts;
        case Kind::text: return text;
        case Kind::title: return "title" + text;
        case Kind::author: return "author" + text;
        case Kind::tag: return "tag" + text;
        case Kind::source: return "source" + text;
        case Kind::since:
            return query.age ? "since -" + to_duration_text(*query.age) : "since " + to_rfc3339(*query.date);
        case Kind::unread: return "unread";
        case Kind::read: return "read";
        case Kind::starred: return "starred";
    }
    return "?";
}

struct Case {
    const char* text;
    const char* meaning;
};

}  // namespace

TEST_CASE("a query is read as its terms, all of which must hold") {
    const Case each = GENERATE(values<Case>({
        {"", "()"},
        {"  ", "()"},
        {"climate", "<climate>"},
        {"north sea", "(<north> <sea>)"},
        {"\"north  sea\"", "<north sea>"},
        {"выборы 天气", "(<выборы> <天气>)"},
        {"clim*", "<clim*>"},
        {"\"north se\"*", "<north se*>"},
        {"tag:news -tag:sport", "(tag<news> !tag<sport>)"},
        {"tag:\"south sea\" source:bbc.news", "(tag<south sea> source<bbc.news>)"},
        {"author:Lee title:\"rail strike\"", "(author<Lee> title<rail strike>)"},
        {"since:7d", "since -7d"},
        {"since:2026-11-01", "since 2026-11-01T00:00:00Z"},
        {"since:2026-11-01T08:00:00+02:00", "since 2026-11-01T06:00:00Z"},
        {"is:unread is:starred -is:read", "(unread starred !read)"},
        {"a OR b c", "([<a> <b>] <c>)"},
        {"a OR b OR c", "[<a> <b> <c>]"},
        {"a AND b", "(<a> <b>)"},
        {"(a b) OR -c", "[(<a> <b>) !<c>]"},
        {"-(a OR b)", "![<a> <b>]"},
        {"well-known and or", "(<well-known> <and> <or>)"},
        {"ORDER ANDes", "(<ORDER> <ANDes>)"},
        {"\"OR\" x", "(<OR> <x>)"},
        {"12:30 http\"://x\"", "(<12:30> <http> <://x>)"},
        {"TAG:news", "tag<news>"},
        {"a\"b c\"d", "(<a> <b c> <d>)"},
    }));
    CAPTURE(each.text);
    const auto query = parse_query(each.text);
    if (!query) FAIL(query.error().message);
    CHECK(shown(*query) == each.meaning);
}

TEST_CASE("a mistake is told with its column") {
    const Case each = GENERATE(values<Case>({
        {"climate tga:news", "column 9: unknown key \"tga\"; did you mean \"tag\"?"},
        {"война feed:x", "column 7: unknown key \"feed\"; to search"},
        {"a \"b", "column 3: the quote is not closed"},
        {"(a", "column 1: \"(\" without"},
        {"a)", "column 2: \")\" without"},
        {"a ()", "column 3: nothing between"},
        {"OR a", "column 1: OR stands between two terms"},
        {"a OR", "column 5: OR stands between two terms"},
        {"a OR OR b", "column 6: OR stands between two terms"},
        {"tag:", "column 1: tag: is not followed by anything"},
        {"tag:\"\"", "column 1: an empty name"},
        {"x is:new", "column 6: is: takes unread, read or starred, not \"new\""},
        {"since:soon", "column 7: since: takes a duration"},
        {"a +++", "column 3: \"+++\" has no letter or digit"},
        {"a -)", "column 3: \"-\" stands before a term"},
        {"\xFF", "column 1: this is not UTF-8"},
    }));
    CAPTURE(each.text);
    const auto query = parse_query(each.text);
    REQUIRE_FALSE(query);
    CHECK(query.error().kind == ErrorKind::invalid);
    CHECK_THAT(query.error().message, Catch::StartsWith(each.meaning));
}

TEST_CASE("a query is bounded in length, in terms and in depth") {
    std::string many;
    for (int i = 0; i < 101; ++i) many += "a ";
    CHECK_THAT(parse_query(many).error().message, Catch::Contains("at most 100 terms"));
    CHECK_THAT(parse_query(std::string(3000, 'a')).error().message, Catch::Contains("at most 2000 bytes"));
    CHECK_THAT(parse_query(std::string(50, '(') + "a" + std::string(50, ')')).error().message,
               Catch::Contains("parentheses"));
}

TEST_CASE("both of everything and a query is the query") {
    const Query a = *parse_query("a");
    CHECK(both({}, a) == a);
    CHECK(both(a, {}) == a);
    CHECK(shown(both(a, *parse_query("b OR c"))) == "(<a> [<b> <c>])");
}
