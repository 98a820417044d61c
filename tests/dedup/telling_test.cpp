#include "dedup/telling.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"

using namespace agg;
using namespace agg::dedup;
using agg::test::told;

namespace {

std::string text(const Words& words) {
    std::string out;
    for (const Word& word : words.all) out.append(out.empty() ? "" : " ").append(words.text(word));
    return out;
}

std::string text_of(const std::string& html) { return text(telling_of(told("", html)).text); }

std::string headline(const std::string& title) {
    const Telling telling = telling_of(told(title, ""));
    std::string out;
    for (std::size_t i = telling.title_begin; i < telling.title_end; ++i)
        out.append(out.empty() ? "" : " ").append(telling.title.text(telling.title.all[i]));
    return out;
}

}  // namespace

TEST_CASE("markup is no text: blocks end words, inline elements do not") {
    CHECK(text_of("<p>The fer<b>ry</b></p><p>sank &amp; rose</p>") == "the ferry sank rose");
    CHECK(text_of("<p>1 &lt; 2 apples</p>") == "1 2 apples");
}

TEST_CASE("what was escaped twice is read twice") {
    CHECK(text_of("&lt;p&gt;The ferry &amp;quot;Aurora&amp;quot; sank&lt;/p&gt;") == "the ferry aurora sank");
}

TEST_CASE("the longer of body and summary is the text") {
    Item item = told("", "<p>Short.</p>");
    item.summary_html = "<p>The summary is the longer one here.</p>";
    CHECK(text(telling_of(item).text) == "the summary is the longer one here");
}

TEST_CASE("what a site puts behind its texts is left out") {
    CHECK(text_of("<p>The ferry sank at noon. <a href=\"https://a.example/1\">Read more »</a></p>") ==
          "the ferry sank at noon");
    CHECK(text_of("<p>Паром затонул в полдень. Читать далее</p>") == "паром затонул в полдень");
    CHECK(text_of("<p>The ferry sank at noon.</p><p>The post Ferry sinks appeared first on Quay Notes.</p>") ==
          "the ferry sank at noon");
}

TEST_CASE("a breadcrumb that repeats the title is left out") {
    const Telling telling = telling_of(
        told("Ferry sinks off Aktau", "<p>Home / World / Ferry sinks off Aktau</p><p>The ferry sank at noon.</p>"));
    CHECK(text(telling.text) == "the ferry sank at noon");
}

TEST_CASE("a text of links says nothing") {
    CHECK(text_of("<a href=\"https://links.example/1\">Comments</a>").empty());
    CHECK(text_of(
              "submitted by <a href=\"https://r.example/u\">/u/someone</a> <a href=\"https://a.example/1\">[link]</a> "
              "<a href=\"https://r.example/c\">[comments]</a>")
              .empty());
    CHECK_FALSE(text_of("<p>The ferry <a href=\"https://a.example/aurora\">Aurora</a> sank at noon off the coast.</p>")
                    .empty());
}

TEST_CASE("the headline stands between a column's and an outlet's name") {
    CHECK(headline("Exclusive: Ferry sinks off Aktau") == "ferry sinks off aktau");
    CHECK(headline("Ferry sinks off Aktau - Quay Notes") == "ferry sinks off aktau");
    CHECK(headline("Ferry sinks off Aktau | Harbour Times 24") == "ferry sinks off aktau harbour times 24");
    CHECK(headline("Ferry sinks off Aktau (Reuters)") == "ferry sinks off aktau");
    CHECK(headline("【速報】カスピ海でフェリーが沈没") == headline("カスピ海でフェリーが沈没"));
}

TEST_CASE("what tells a number or a date is no outlet's name") {
    CHECK(headline("Election live: latest updates - Monday") == "election live latest updates monday");
    CHECK(headline("Open thread for readers and writers | 42") == "open thread for readers and writers 42");
}

TEST_CASE("texts that share a long run share an anchor, wherever it stands") {
    const std::string run =
        "the captain said that all forty passengers had been taken aboard a tanker before the hull broke in two";
    const auto tags = [](const std::string& words) {
        return anchors_of(telling_of(told("", "<p>" + words + "</p>"))).text;
    };
    const auto one = tags("quay notes reports that " + run + " and that the cause is not known");
    const auto other = tags("an entirely different lead stands here today " + run);
    CHECK(
        std::any_of(one.begin(), one.end(), [&](auto tag) { return std::count(other.begin(), other.end(), tag) > 0; }));
    CHECK(one.size() <= 48);
}

TEST_CASE("a title without its outlet's name shares an anchor with the bare one") {
    const auto with = anchors_of(telling_of(told("Ferry sinks off Aktau - Quay Notes", ""))).title;
    const auto bare = anchors_of(telling_of(told("FERRY SINKS OFF AKTAU", ""))).title;
    REQUIRE(bare.size() == 1);
    CHECK(std::count(with.begin(), with.end(), bare[0]) == 1);
}

TEST_CASE("a body of ten megabytes is read in part, and has as many anchors as any") {
    std::string body;
    for (int i = 0; body.size() < 10'000'000; ++i) body += "word" + std::to_string(i) + "x ";
    const Telling telling = telling_of(told("", body));
    CHECK(telling.text.size() == 2000);
    CHECK(anchors_of(telling).text.size() <= 48);
}
