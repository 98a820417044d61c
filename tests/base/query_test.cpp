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
    std::string text = '<' + query.text + (query.is_beginning ? "*>" : ">");
    if (query.form == Query::Form::pattern) text = '/' + query.text + '/';
    if (query.form == Query::Form::pattern_any_case) text = '/' + query.text + "/i";
    switch (query.kind) {
        case Kind::all_of: return "(" + parts + ")";
        case Kind::any_of: return "[" + parts + "]";
        case Kind::none_of: return "!" + parts;
        case Kind::text: return text;
        case Kind::title: return "title" + text;
        case Kind::author: return "author" + text;
        case Kind::body: return "body" + text;
        case Kind::link: return "link" + text;
        case Kind::category: return "category" + text;
        case Kind::tag: return "tag" + text;
        case Kind::source: return "source" + text;
        case Kind::since:
            return query.age ? "since -" + to_duration_text(*query.age) : "since " + to_rfc3339(*query.date);
        case Kind::unread: return "unread";
        case Kind::read: return "read";
        case Kind::starred: return "starred";
        case Kind::hidden: return "hidden";
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
        {"is:hidden", "hidden"},
        {"/usr/bin AC/DC", "(</usr/bin> <AC/DC>)"},
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
        {"x category:sport", "column 3: category: is for the match of a rule only"},
        {"x /rain|snow/i", "column 3: regular expressions are for the match of a rule only"},
        {"title:/rain/", "column 7: regular expressions are for the match of a rule only"},
        {"x is:new", "column 6: is: takes unread, read, starred or hidden, not \"new\""},
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

TEST_CASE("the match of a rule is read as a query is, with fields and regular expressions") {
    const Case each = GENERATE(values<Case>({
        {"climate \"north sea\"", "(<climate> <north sea>)"},
        {"title:выборы OR body:天气*", "[title<выборы> body<天气*>]"},
        {"link:example.org category:\"world cup\" -author:Lee", "(link<example.org> category<world cup> !author<Lee>)"},
        {"/rain|snow/", "/rain|snow/"},
        {"title:/^(live|video):/i", "title/^(live|video):/i"},
        {"link:/example\\.org\\/sport\\// x", "(link/example\\.org\\/sport\\// <x>)"},
        {"-title:/a b/ (body:/(c)/ OR d)", "(!title/a b/ [body/(c)/ <d>])"},
        {"title:\"/x/\"", "title</x/>"},
    }));
    CAPTURE(each.text);
    const auto match = parse_match(each.text);
    if (!match) FAIL(match.error().message);
    CHECK(shown(*match) == each.meaning);
}

TEST_CASE("a mistake in the match of a rule is told with its column") {
    const Case each = GENERATE(values<Case>({
        {"", "column 1: nothing to match"},
        {"rain tittle:x", "column 6: unknown key \"tittle\"; did you mean \"title\"?"},
        {"дождь is:unread", "column 7: is: is not for rules"},
        {"tag:news", "column 1: tag: is not for rules, which ask about the item alone; feeds and tags say"},
        {"since:7d", "column 1: since: is not for rules"},
        {"title:/rain", "column 7: the regular expression has no \"/\" at its end"},
        {"title:/ra(in/", "column 8: this regular expression cannot be read: missing ): ra(in"},
        {"/(?=x)/", "column 2: this regular expression cannot be read: invalid perl operator: (?="},
        {"/a/b", "column 4: after a regular expression stands a space, or \"i\""},
        {"//", "column 2: an empty regular expression"},
        {"/((a{100}){100}){100}/", "column 2: this regular expression cannot be read: "},
    }));
    CAPTURE(each.text);
    const auto match = parse_match(each.text);
    REQUIRE_FALSE(match);
    CHECK(match.error().kind == ErrorKind::invalid);
    CHECK_THAT(match.error().message, Catch::StartsWith(each.meaning));
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
