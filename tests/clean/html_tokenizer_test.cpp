#include "clean/html_tokenizer.hpp"

#include <catch2/catch.hpp>

using namespace agg::clean;

namespace {

// One line per token: "<name a=v>", "</name>", "text", "<!--comment-->".
std::string tokens(std::string_view html) {
    HtmlTokenizer tokenizer(html);
    HtmlToken token;
    std::string out;
    while (tokenizer.next(token)) {
        if (!out.empty()) out += "|";
        switch (token.kind) {
            case TokenKind::text: out += token.text; break;
            case TokenKind::start_tag:
                out.append("<").append(token.text);
                for (const auto& [name, value] : token.attributes)
                    out.append(" ").append(name).append("=").append(value);
                out += token.self_closing ? "/>" : ">";
                break;
            case TokenKind::end_tag: out.append("</").append(token.text).append(">"); break;
            case TokenKind::comment: out.append("<!--").append(token.text).append("-->"); break;
            case TokenKind::doctype: out.append("<!").append(token.text).append(">"); break;
        }
    }
    return out;
}

}  // namespace

TEST_CASE("tags are read as browsers read them") {
    CHECK(tokens("<P Class=a title='b&amp;c' x>t</p >") == "<p class=a title=b&c x=>|t|</p>");
    CHECK(tokens("<br/><a/b>") == "<br/>|<a b=>");
    CHECK(tokens("<a =b==c>") == "<a =b==c>");
    CHECK(tokens("<a b='c'd=e>") == "<a b=c d=e>");
    CHECK(tokens("1 < 2") == "1 |< 2");
    CHECK(tokens("a<b") == "a");
    CHECK(tokens("</><//x><?y>") == "<!--/x-->|<!--?y-->");
}

TEST_CASE("comments end where browsers end them") {
    CHECK(tokens("<!-->a") == "<!---->|a");
    CHECK(tokens("<!--a--!>b") == "<!--a-->|b");
    CHECK(tokens("<!--a--b-->c") == "<!--a--b-->|c");
    CHECK(tokens("<!--a-") == "<!--a-->");
    CHECK(tokens("<!a>b") == "<!--a-->|b");
}

TEST_CASE("references in attributes leave queries alone") {
    CHECK(tokens("<a b='?x=1&copy=2&amp;lt=3&lt'>") == "<a b=?x=1&copy=2&lt=3<>");
    CHECK(tokens("&copy=2 &notit; &amp &#x41 &#128;") == "\u00a9=2 \u00acit; & A \u20ac");
}

TEST_CASE("a tag has a bounded number of attributes") {
    std::string html = "<a";
    for (int i = 0; i < 1000; ++i) html += " a" + std::to_string(i);
    HtmlTokenizer tokenizer(html += ">");
    HtmlToken token;
    REQUIRE(tokenizer.next(token));
    CHECK(token.attributes.size() == HtmlTokenizer::k_max_attributes);
}
