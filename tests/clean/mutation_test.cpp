// Random markup: pieces of elements, attributes, references and quotes in any order. The seed of each run is printed with what fails.
#include <catch2/catch.hpp>

#include <random>

#include "clean/canonical_url.hpp"
#include "clean/plain_text.hpp"
#include "clean/safe_text.hpp"
#include "clean/sanitize.hpp"
#include "support/safe_markup_check.hpp"

using namespace agg::clean;
using agg::test::fault_in;

namespace {

const char* const k_pieces[] = {
    "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<a href=", "</a>", "<div>", "</div>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>", "</table>", "</td>", "<caption>",
    "<svg>", "</svg>", "<g>", "<path d=", "<math>", "</math>", "<mi>", "<mtext>", "</mtext>", "<annotation-xml>", "<foreignObject>", "<style>", "</style>", "<script>",
    "</script>", "<title>", "</title>", "<textarea>", "</textarea>", "<noscript>", "</noscript>", "<template>", "</template>", "<select>", "<option>", "<iframe src=", "<form>",
    "</form>", "<img src=", " srcset=", " alt=", " style=", " title=", " onclick=", " id=", "\"", "'", "`", ">", "<", "/", "/>", "=", " ", "\n", "-", "<!--", "-->", "--!>",
    "<!", "<?", "<![CDATA[", "]]>", "&amp;", "&lt;", "&#", "&#x3c;", "&colon;", "x", "javascript:", "data:image/png,", "https://a.example/", "//b.example", "#n", "?utm_source=x",
    "url(", "expression(", "color:red;", "position:fixed;", "\xFF", "\xE2\x80\xAE", "\x01", "<h1>", "<h2>", "</h1>", "<br>", "<hr/>", "<pre>", "<xmp>", "</xmp>", "<ruby>", "<rt>",
    "<dl>", "<dt>", "<dd>", "<video poster=", "<details open>", "<span>", "</span>", "<blockquote>", "</blockquote>", "<font color=", "<plaintext>",
};

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_); }

    std::string markup() {
        std::string html;
        for (std::size_t pieces = 1 + below(40); pieces > 0; --pieces) html += k_pieces[below(std::size(k_pieces))];
        return html;
    }

  private:
    std::mt19937 engine_;
};

}  // namespace

TEST_CASE("random markup comes out safe, and cleaning it again changes nothing") {
    const unsigned seed = std::random_device{}();
    Random random(seed);
    for (int round = 0; round < 20'000; ++round) {
        const std::string html = random.markup();
        const char* base = round % 2 == 0 ? "" : "https://news.example/post?a#b";
        const std::string safe = safe_html(html, base);
        const std::string fault = fault_in(safe);
        if (!fault.empty() || safe_html(safe, base) != safe) {
            INFO("seed " << seed << ", round " << round << "\n  in    " << html << "\n  out   " << safe << "\n  again " << safe_html(safe, base));
            FAIL_CHECK("not safe or not stable: " << fault);
            break;
        }
    }
}

TEST_CASE("random markup becomes plain text that is plain") {
    const unsigned seed = std::random_device{}();
    Random random(seed);
    for (int round = 0; round < 5'000; ++round) {
        const std::string html = random.markup();
        const std::string text = plain_text(agg::Markup{html, agg::MarkupType::html, ""});
        INFO("seed " << seed << ", round " << round << ": " << html);
        REQUIRE(clean_line(text, text.size() + 1) == text);
    }
}

TEST_CASE("the identity of a random address is a fixed point") {
    const unsigned seed = std::random_device{}();
    Random random(seed);
    const char* const pieces[] = {"www.", "m.", "amp.", "example", ".org", ":8080", ":443", "/", "//", "/./", "/../", "amp", ".amp", "index.html", "a", "%41", "%2f", "%", "?",
                                  "&", "=", "utm_source=x", "id=1", "url=", "https%3A%2F%2Fb.example%2Fc", "u=https://d.example/e", "#", "comments", "#!x", ";jsessionid=1", "\u00e4"};
    for (int round = 0; round < 20'000; ++round) {
        std::string url = "https://";
        for (std::size_t count = 1 + random.below(12); count > 0; --count) url += pieces[random.below(std::size(pieces))];
        const std::string identity = canonical_url(url);
        INFO("seed " << seed << ", round " << round << ": " << url << " is " << identity);
        if (!identity.empty()) REQUIRE(canonical_url("https://" + identity) == identity);
        const std::string plain = without_tracking(url);
        REQUIRE(without_tracking(plain) == plain);
        REQUIRE(canonical_url(plain) == identity);
    }
}
