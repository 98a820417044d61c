#include "serve/rules_json.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "serve/samples.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace json = boost::json;

TEST_CASE("rules are written as feeds.conf has them, with what they did") {
    RuleReport report;
    report.rules = {Rule{.name = "later",
                         .match_text = "длинное",
                         .action = Rule::Action::tag,
                         .add_tags = {"later"},
                         .feeds = {"bbc-world"},
                         .tags = {"news"}}};
    report.items = {3};
    report.waiting = 40;
    CHECK(json::parse(write_rules(report)) ==
          json::parse(R"({"rules":[{"name":"later","match":"длинное","action":"tag","add_tags":["later"],
                          "feeds":["bbc-world"],"tags":["news"],"items":3}],"waiting":40})"));
}

TEST_CASE("a trial is written with counts by feed and examples") {
    store::TrialOutcome outcome{.items = 9, .matches = 2, .feeds = {{"bbc-world", 5, 2}, {"lwn", 4, 0}}};
    outcome.examples = {
        {.item = ItemId{7}, .feed = "bbc-world", .title = "A", .published = at("2022-01-10T11:00:00Z")}};
    CHECK(json::parse(write_trial(outcome)) ==
          json::parse(R"({"items":9,"matches":2,"feeds":[{"feed":"bbc-world","items":5,"matches":2},
                          {"feed":"lwn","items":4,"matches":0}],
                          "examples":[{"id":7,"feed":"bbc-world","title":"A","link":"","published":"2022-01-10T11:00:00Z"}]})"));
}
