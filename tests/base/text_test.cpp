#include "base/text.hpp"

#include <catch2/catch.hpp>

using namespace agg;

TEST_CASE("white space of every script collapses to one space") {
    CHECK(collapse_space("  a \t\n b  ") == "a b");
    CHECK(collapse_space("a\xC2\xA0\xE3\x80\x80" "b") == "a b");
    CHECK(collapse_space("привет \xE2\x80\x89 мир") == "привет мир");
    CHECK(collapse_space(" \n ") == "");
}

TEST_CASE("ill-formed UTF-8 is found and replaced, one mark per maximal subpart") {
    struct Row { std::string_view in, out; bool valid; };
    const auto row = GENERATE(values<Row>({
        {"plain", "plain", true},
        {"Қазақ 中文 🙂", "Қазақ 中文 🙂", true},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD", false},             // overlong
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", false},  // a surrogate
        {"a\xE2\x82", "a\xEF\xBF\xBD", false},                        // cut short
        {"\xF5z", "\xEF\xBF\xBDz", false},
    }));
    CHECK(is_utf8(row.in) == row.valid);
    CHECK(to_valid_utf8(row.in) == row.out);
}

TEST_CASE("text is cut between characters, never within one") {
    CHECK(truncate_utf8("жук", 3) == "ж");
    CHECK(truncate_utf8("жук", 4) == "жу");
    CHECK(truncate_utf8("abc", 9) == "abc");
}

TEST_CASE("a code point that is no character becomes the replacement character") {
    std::string out;
    append_utf8(out, 0x20AC);
    append_utf8(out, 0xD800);
    append_utf8(out, 0x110000);
    CHECK(out == "\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("edit distance counts a swap of neighbours as one") {
    CHECK(edit_distance("interval", "intervall") == 1);
    CHECK(edit_distance("intreval", "interval") == 1);
    CHECK(edit_distance("url", "tags") == 4);
}

TEST_CASE("splitting keeps empty parts") {
    CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
}

TEST_CASE("searching ignores ASCII case only") {
    CHECK(ifind("xx<HTML>", "<html") == 2);
    CHECK(ifind("xx", "html") == std::string_view::npos);
    CHECK(iequals("ETag", "etag"));
    CHECK_FALSE(iequals("É", "é"));
}
