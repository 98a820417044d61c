// aggctl why ITEM, diff, split, merge, undo-heal, dedup stats.
#include <sstream>

#include <catch2/catch.hpp>

#include "aggctl/aggctl.hpp"
#include "support/scripted_daemon.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::aggctl;
using Catch::Matchers::Contains;

namespace {

constexpr const char* k_origin =
    R"({"item":{"id":2,"feed":"courier","title":"Tanker crew saves dozens"},"rule":"same_text",
    "match":{"rule":"same_text","other":{"id":1,"feed":"quay","title":"Ferry sinks"},"evidence":{"title_similarity":0.25,"text_shared":0.97,
    "words_shorter":58,"words_longer":60,"words_shared":57,"differences":[{"other":"vessel","here":"ship","matters":false}]}},
    "near_miss":{"guard":"figures","other":{"id":7,"feed":"herald","title":"Ferry lost"},"evidence":{"title_similarity":0,
    "differences":[{"other":"42","here":"38","matters":true}]}},
    "members":[{"id":1,"feed":"quay","title":"Ferry sinks"},{"id":2,"feed":"courier","title":"Tanker crew saves dozens"}]})";

class Asking {
  public:
    test::ScriptedDaemon& daemon() { return daemon_; }
    int run(std::vector<std::string> arguments) {
        std::istringstream in;
        Surroundings around{in, out, err, false, false, 0, *parse_rfc3339("2022-01-10T12:00:00Z")};
        arguments.insert(arguments.begin(), {"--socket", daemon_.socket()});
        return aggctl::run(arguments, around);
    }
    std::ostringstream out, err;

  private:
    test::TemporaryFolder folder_;
    test::ScriptedDaemon daemon_{folder_ / "aggd.sock"};
};

const std::string k_not_found = R"({"error":{"kind":"not_found","message":"There is no such thing."}})";

}  // namespace

TEST_CASE("why tells in plain words why an item stands with others, and what it nearly stood with") {
    Asking asking;
    asking.daemon().on("GET /v1/feeds/2/why", {404, k_not_found});
    asking.daemon().on("GET /v1/items/2/why", {200, k_origin});
    CHECK(asking.run({"why", "2"}) == 0);
    CHECK_THAT(asking.out.str(),
               Contains("compared with 1 \"Ferry sinks\" (quay)") && Contains("their texts are the same") &&
                   Contains("97 % of the shorter one (57 of 58 words)") && Contains("vessel there, ship here\n") &&
                   Contains("not the same as 7 \"Ferry lost\" (herald)") && Contains("a figure is another one") &&
                   Contains("42 there, 38 here  <- matters") && Contains("aggctl split 2"));
}

TEST_CASE("a name that is neither a feed's nor an item's is told with both answers") {
    Asking asking;
    asking.daemon().on("GET /v1/feeds/x/why", {404, k_not_found});
    asking.daemon().on("GET /v1/items/x/why", {404, k_not_found});
    CHECK(asking.run({"why", "x"}) == 4);
    CHECK_THAT(asking.err.str(), Contains("There is no such thing. As an item: There is no such thing."));
}

TEST_CASE("diff shows what changed and when") {
    Asking asking;
    asking.daemon().on(
        "GET /v1/items/2/changes",
        {200,
         R"({"changes":[{"at":"2022-01-10T11:00:00Z","kept":true,"title":"","text":"[-Ten-] {+Two+} missing"}]})"});
    CHECK(asking.run({"diff", "2"}) == 0);
    CHECK(asking.out.str() == "2022-01-10T11:00:00Z (1 h ago)\n  text: [-Ten-] {+Two+} missing\n");
}

TEST_CASE("split, merge and undo-heal say what holds now") {
    Asking asking;
    asking.daemon().on("POST /v1/items/2/split", {200, k_origin});
    asking.daemon().on("POST /v1/merges", {200, k_origin});
    asking.daemon().on("POST /v1/feeds/quay/undo-heal", {200, R"({"items":6})"});
    CHECK(asking.run({"split", "2"}) == 0);
    CHECK(asking.run({"merge", "1", "2"}) == 0);
    CHECK(asking.run({"undo-heal", "quay"}) == 0);
    CHECK_THAT(asking.out.str(), Contains("Item 2 is a story of its own now") && Contains("One story of 2 items now") &&
                                     Contains("6 items got their old ids back"));
    CHECK(asking.run({"merge", "1"}) == 2);
}

TEST_CASE("dedup stats counts by rule and lists near misses") {
    Asking asking;
    asking.daemon().on("GET /v1/dedup", {200, R"({"rules":[{"rule":"same_url","joined":1200,"split":1}],"healed":3,
        "near_misses":[{"item":{"id":9,"title":"Ferry lost"},"other":{"id":1,"title":"Ferry sinks"},"guard":"figures"}]})"});
    CHECK(asking.run({"dedup", "stats"}) == 0);
    CHECK_THAT(asking.out.str(), Contains("1,200") && Contains("both lead to the same address") &&
                                     Contains("3 items kept their place") && Contains("Ferry lost") &&
                                     Contains("a figure is another one"));
    CHECK(asking.run({"dedup", "statistics"}) == 2);
}
