#include "base/xml_repair.hpp"

#include <catch2/catch.hpp>

using namespace agg;

TEST_CASE("what wants to be XML becomes XML") {
    struct Row { std::string_view in, out; };
    const auto row = GENERATE(values<Row>({
        {"<a><b>x</a>", "<a><b>x</b></a>"},
        {"<a>x", "<a>x</a>"},
        {"<a>x</b></a>", "<a>x</a>"},
        {"<p:a>x</a>", "<p:a>x</p:a>"},
        {"<a b=c d e='f\"g'/>", "<a b=\"c\" d=\"\" e=\"f&quot;g\"/>"},
        {"<a b=\"1\" b=\"2\"/>", "<a b=\"1\"/>"},
        {"<a>1 < 2 <3</a>", "<a>1 &lt; 2 &lt;3</a>"},
        {"<a>x<br>y</a>", "<a>x<br/>y</a>"},
        {"<a b=\"x<y\">", "<a b=\"x&lt;y\"></a>"},
        {"<a b=\"by <i c=\"d\">e</i>\" f=\"g\"/>", "<a b=\"by &lt;i c=&quot;d&quot;>e&lt;/i>\" f=\"g\"/>"},
        {"<!DOCTYPE a [<!ENTITY b \"c\">]><a/><?php echo '>' ?><!-- x --><c/>", "<a/><c/>"},
        {"<a><![CDATA[x</a>", "<a><![CDATA[x]]></a>"},
        {"<a><![CDATA[x</a><b><![CDATA[y]]></b>", "<a><![CDATA[x]]></a><b><![CDATA[y]]></b>"},
        {"<channel><item><title>x<item>y</channel>", "<channel><item><title>x</title></item><item>y</item></channel>"},
        {"<item><title>x<link>y</link></item>", "<item><title>x</title><link>y</link></item>"},
        {"<a", "<a></a>"},
        {"<", "&lt;"},
        {"", ""},
    }));
    CHECK(repair_xml(row.in).text == row.out);
}

TEST_CASE("an item closes the one before it, wherever that stands") {
    // Found by fuzzing: an item within an item around the container took the container with it.
    CHECK(repair_xml("<item><channel><x><item>y").text == "<item><channel><x></x></channel></item><item>y</item>");
}

TEST_CASE("repair says what it did, each kind once") {
    CHECK(repair_xml("<a></b></c></a>").warnings.size() == 1);
    CHECK(repair_xml("<a/>").warnings.empty());
}

TEST_CASE("elements nest only so deep, and their text is kept") {
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "<a>";
    deep += "text";
    for (int i = 0; i < 1000; ++i) deep += "</a>";
    const RepairedXml repaired = repair_xml(deep);
    CHECK(repaired.text.find("text") != std::string::npos);
    CHECK(repaired.text.size() < 3 * 256 + 4 * 256 + 16);
}

TEST_CASE("characters that XML forbids are found and removed") {
    CHECK(has_forbidden_characters("a\x01"));
    CHECK_FALSE(has_forbidden_characters("a\t\r\né"));
    CHECK(without_forbidden_characters("a\x01\xEF\xBF\xBE\tb") == "a\tb");
}

TEST_CASE("a value with quotes of its own does not hide the attributes behind it") {
    std::string words;
    for (char c = 'a'; c <= 'z'; ++c) words += std::string(" ") + c + c + " " + c + c + c + " " + c + c + c + c;
    CHECK_THAT(repair_xml("<o text=\"so \"called\"" + words + "\" url=\"u\"/>").text, Catch::Contains("url=\"u\""));
}
