#include "clean/plain_text.hpp"

#include <catch2/catch.hpp>

using agg::Markup;
using agg::MarkupType;
using agg::clean::plain_text;

namespace {

std::string of_html(const char* html) { return plain_text(Markup{html, MarkupType::html, ""}); }
std::string of_plain(const char* text) { return plain_text(Markup{text, MarkupType::plain, ""}); }

}  // namespace

TEST_CASE("plain markup is literal") {
    CHECK(of_plain("a < b & c &amp; <b>d</b>") == "a < b & c &amp; <b>d</b>");
    CHECK(of_plain("  a \n\t b  ") == "a b");
}

TEST_CASE("tags go and references are resolved") {
    CHECK(of_html("<b>Storm</b> over&nbsp;Rome &mdash; &#8220;x&#x201D;") == "Storm over Rome \u2014 \u201Cx\u201D");
    CHECK(of_html("AT&amp;T") == "AT&T");
    CHECK(of_html("a<br>b<p>c</p>d") == "a b c d");
    CHECK(of_html("in<i>line</i>") == "inline");
    CHECK(of_html("a<script>b</script><style>c</style>d") == "ad");
}

TEST_CASE("what is no markup is literal even where it is called HTML") {
    CHECK(of_html("1 < 2 && 3 > 2") == "1 < 2 && 3 > 2");
    CHECK(of_html("AT&T") == "AT&T");
    CHECK(of_html("std::vector<int> explained") == "std::vector<int> explained");
    CHECK(of_html("a <b") == "a <b");
    CHECK(of_html("a <foo>b</foo> <bar/>c <baz x=1>d<qux>") == "a b c d<qux>");
    CHECK(of_html("an unknown <tag> goes") == "an unknown goes");
}

TEST_CASE("a title that is but a picture is its alternative text") {
    CHECK(of_html("<img src=x alt='Our logo'>") == "Our logo");
    CHECK(of_html("<img src=x alt='Our logo'> News") == "News");
    CHECK(of_html("<img src=x>").empty());
}

TEST_CASE("hostile titles are harmless") {
    CHECK(of_html("a<img src=x onerror=alert(1)>b") == "ab");
    CHECK(of_html("&lt;script&gt;x") == "<script>x");
    CHECK(of_plain("a\x01\x7f"
                   "b\xFF") == "ab\uFFFD");
    CHECK(of_plain("\u202Eevil") == "\u202Eevil\u202C");
    CHECK(of_plain("\u2066a\u2069b") == "\u2066a\u2069b");
}

TEST_CASE("length is bounded between characters") {
    CHECK(plain_text(Markup{"\u00e4\u00e4\u00e4", MarkupType::plain, ""}, 5) == "\u00e4\u00e4");
}
