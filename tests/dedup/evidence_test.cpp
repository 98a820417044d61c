#include "dedup/evidence.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"

using namespace agg;
using namespace agg::dedup;
using namespace agg::test;

namespace {

Evidence between(const Item& a, const Item& b) { return compare(telling_of(a), telling_of(b)); }
Evidence between_texts(const std::string& a, const std::string& b) { return between(told("", a), told("", b)); }
Evidence between_titles(const std::string& a, const std::string& b) { return between(told(a, ""), told(b, "")); }

const std::string k_lead =
    "The ferry Aurora sank off Aktau on Sunday after its engine room caught fire, the port authority said. ";
const std::string k_second = "All 42 passengers were taken aboard a tanker that had heard the call for help. ";
const std::string k_third = "Divers will look at the wreck as soon as the wind allows, a spokesman told reporters. ";

}  // namespace

TEST_CASE("a text is contained in one that has its words, in any order of paragraphs") {
    CHECK(between_texts(k_lead + k_second, k_lead + k_second + k_third).containment == 1);
    const Evidence reordered = between_texts(k_lead + k_second + k_third, k_third + k_lead + k_second);
    CHECK(reordered.containment > 0.85);
    CHECK(reordered.figure_changes == 0);
}

TEST_CASE("a figure that stands where the other text has another one is a change; one that is left out is none") {
    const Evidence changed = between_texts(
        k_lead + k_second, k_lead + "All 38 passengers were taken aboard a tanker that had heard the call for help.");
    CHECK(changed.figure_changes == 1);
    REQUIRE_FALSE(changed.differences.empty());
    CHECK(changed.differences[0].a == "42");
    CHECK(changed.differences[0].b == "38");
    CHECK(between_texts(k_lead + k_second,
                        k_lead + "All passengers were taken aboard a tanker that had heard the call for help.")
              .figure_changes == 0);
}

TEST_CASE("one number written in two ways is no change") {
    CHECK(between_texts(k_lead + "At least 12,000 people live in the port.",
                        k_lead + "At least twelve thousand people live in the port.")
              .figure_changes == 0);
    CHECK(between_texts(k_lead + "It sailed on 14 May from Baku to the port.",
                        k_lead + "It sailed on 14.05. from Baku to the port.")
              .figure_changes == 0);
}

TEST_CASE("a weekday or month that is another one is a change of date") {
    const Evidence changed = between_texts(
        k_lead,
        "The ferry Aurora sank off Aktau on Tuesday after its engine room caught fire, the port authority said.");
    CHECK(changed.date_changes == 1);
    CHECK(changed.figure_changes == 0);
}

TEST_CASE("datelines are compared where both texts have one") {
    CHECK(between_texts("AKTAU, Jan 9 - " + k_lead, "AKTAU, Jan 12 - " + k_lead).figure_changes == 1);
    CHECK(between_texts("Quay Notes, 09/01/2022. " + k_lead, "AKTAU (Courier) - " + k_lead).figure_changes == 0);
}

TEST_CASE("headlines conflict when one word that matters is another one, not when they say something else altogether") {
    CHECK(between_titles("Episode 41: The harbour at night", "Episode 42: The harbour at night").headlines_conflict);
    CHECK(between_titles("Daily weather report for Monday", "Daily weather report for Tuesday").headlines_conflict);
    CHECK(between_titles("Minister says he will resign", "Minister says he will not resign after all")
              .headlines_conflict == false);
    CHECK(between_titles("Council will approve the flood plan", "Council does not approve the flood plan")
              .headlines_conflict);
    CHECK_FALSE(between_titles("Ferry sinks off Aktau, 42 saved", "No one lost as ship burns in the Caspian")
                    .headlines_conflict);
}

TEST_CASE("equal headlines are found without what outlets add") {
    CHECK(between_titles("Ferry sinks off Aktau - Quay Notes", "WATCH: Ferry sinks off Aktau").equal_headline == 4);
    CHECK(between_titles("Ferry sinks off Aktau", "Ferry burns off Aktau").equal_headline == 0);
}

TEST_CASE("a name that is another one in title and text alike is a swap; another spelling is none") {
    const auto fire = [](const std::string& district) {
        return told("Fire in the " + district + " district",
                    "<p>The fire brigade was called to a house in the " + district +
                        " district at night. Nobody was hurt, the brigade said.</p>");
    };
    CHECK(between(fire("Harbour"), fire("Station")).name_swapped);
    CHECK_FALSE(between(fire("Harbour"), fire("Harbor")).name_swapped);
}

TEST_CASE("where the common words begin is told for either text") {
    const Evidence quoted = between_texts(k_second, k_third + k_third + k_lead + k_second);
    CHECK(quoted.begin_in_shorter == 0);
    CHECK(quoted.begin_in_longer > 40);
    CHECK(between_texts(k_lead + k_third, k_lead + k_second).lead_run >= 18);
}

TEST_CASE("texts in scripts without spaces are compared character by character") {
    const std::string text =
        "九日夜、カスピ海でフェリー「オーロラ」の機関室から出火し、船は沈没した。乗客四十二人は全員タンカーに救助された"
        "。";
    CHECK(between_texts(text, text + "原因は調査中である。").containment > 0.9);
    CHECK(between_texts("3月5日，港口新增货轮12艘，比前一天多4艘，港务局说。",
                        "3月6日，港口新增货轮15艘，比前一天多3艘，港务局说。")
              .figure_changes >= 2);
}

TEST_CASE("texts without a word in common, or without words, have nothing in common") {
    CHECK(between_texts(k_lead, "").containment == 0);
    CHECK(between_texts("", "").shorter == 0);
    CHECK(between_texts(k_lead, "Something else entirely stands in this one.").containment == 0);
}
