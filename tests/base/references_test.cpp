#include "base/references.hpp"

#include <catch2/catch.hpp>

#include "base/html_entities.hpp"
#include "base/url_reference.hpp"

using namespace agg;

TEST_CASE("references are resolved as readers expect them") {
    struct Row { std::string_view in, out; };
    const auto row = GENERATE(values<Row>({
        {"a &lt; b &amp; c &gt; d &quot;e&quot; &apos;f&apos;", "a < b & c > d \"e\" 'f'"},
        {"&eacute;&nbsp;&hellip;&AMP;", "é\u00A0…&"},
        {"&#233;&#xE9;&#XE9;", "ééé"},
        {"&#8217 x", "’ x"},
        {"&#146;", "’"},                                  // a number of windows-1252, as browsers read it
        {"&#0;&#xD800;&#x110000;", "\uFFFD\uFFFD\uFFFD"},
        {"a&#8;b", "ab"},                                 // no character of XML
        {"&amp;lt;", "&lt;"},
        {"?a=1&copy=2&b", "?a=1&copy=2&b"},
        {"&unknown; & &; &#; &#x;", "&unknown; & &; &#; &#x;"},
    }));
    CHECK(References().resolve(row.in) == row.out);
}

TEST_CASE("a document's own entities are known, outside ones are nothing, bombs do not go off") {
    const References own("<!DOCTYPE x [<!ENTITY a \"1 &amp; 2\"> <!ENTITY b '&a;&a;'> <!ENTITY c SYSTEM 'file:///etc/passwd'>]><x/>");
    CHECK(own.resolve("&b;|&c;|") == "1 & 21 & 2||");
    std::string bomb = "<!DOCTYPE x [<!ENTITY e0 \"boom boom boom\">";
    for (int i = 1; i < 40; ++i) {
        bomb += "<!ENTITY e" + std::to_string(i) + " \"";
        for (int j = 0; j < 10; ++j) bomb += "&e" + std::to_string(i - 1) + ";";
        bomb += "\">";
    }
    CHECK(References(bomb + "]><x/>").resolve("&e39;").size() < 100'000);
}

TEST_CASE("HTML's names are known, and no others") {
    CHECK(html_entity("eacute") == "é");
    CHECK(html_entity("CounterClockwiseContourIntegral") == "∳");
    CHECK(html_entity("NewLine") == "\n");
    CHECK(html_entity("AElig") == "Æ");
    CHECK(html_entity("zwnj") == "\u200C");
    CHECK(html_entity("nosuch") == "");
    CHECK(html_entity("") == "");
}

TEST_CASE("references between documents resolve as RFC 3986 says") {
    struct Row { std::string_view reference, url; };
    const auto row = GENERATE(values<Row>({
        {"g", "http://a/b/c/g"},         {"./g", "http://a/b/c/g"},         {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},            {"//g", "http://g"},               {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},     {"#s", "http://a/b/c/d;p?q#s"},    {"g;x", "http://a/b/c/g;x"},
        {"", "http://a/b/c/d;p?q"},      {".", "http://a/b/c/"},            {"..", "http://a/b/"},
        {"../g", "http://a/b/g"},        {"../../../g", "http://a/g"},      {"/./g", "http://a/g"},
        {"g.", "http://a/b/c/g."},       {"g;x=1/../y", "http://a/b/c/y"},  {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"http:g", "http:g"},            {"mailto:x@y", "mailto:x@y"},      {" g\n", "http://a/b/c/g"},
    }));
    CHECK(resolve_reference("http://a/b/c/d;p?q", row.reference) == row.url);
    CHECK(resolve_reference("", row.reference) == resolve_reference("urn:x", row.reference));
}
