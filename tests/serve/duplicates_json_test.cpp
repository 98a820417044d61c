#include "serve/duplicates_json.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "serve/samples.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace json = boost::json;

TEST_CASE("an origin is written with its rule, the other item and the words that differ") {
    store::Origin origin{
        .item = {.item = ItemId{2}, .feed = "courier", .title = "Tanker crew", .published = at("2022-01-10T11:00:00Z")},
        .rule = dedup::Rule::same_text};
    origin.match = store::Ground{.reason = static_cast<int>(dedup::Rule::same_text),
                                 .other = store::ItemName{.item = ItemId{1}, .feed = "quay"},
                                 .at = at("2022-01-10T12:00:00Z")};
    origin.match->evidence.containment = 0.5;
    origin.match->evidence.differences = {{"42", "38", dedup::WordKind::figure}};
    origin.near_miss = store::Ground{.reason = static_cast<int>(dedup::Guard::figures)};
    origin.members = {origin.item};
    const json::value written = json::parse(write_origin(origin));
    CHECK(written.at("rule") == "same_text");
    CHECK(written.at("match").at("other").at("id") == 1);
    CHECK(written.at("match").at("evidence").at("text_shared") == 0.5);
    CHECK(written.at("match").at("evidence").at("differences").at(0).at("matters") == true);
    CHECK(written.at("near_miss").at("guard") == "figures");
    CHECK_FALSE(written.at("near_miss").as_object().contains("other"));
    CHECK(written.at("members").as_array().size() == 1);
}

TEST_CASE("changes and figures are written") {
    CHECK(json::parse(write_changes({{.at = at("2022-01-10T11:00:00Z"), .kept = false}}))
              .at("changes")
              .at(0)
              .at("kept") == false);
    store::DedupStats stats;
    stats.rules = {{dedup::Rule::same_url, 7, 1}};
    stats.near_misses.push_back(
        {.item = {.item = ItemId{3}}, .ground = {.reason = static_cast<int>(dedup::Guard::dates)}});
    const json::value written = json::parse(write_dedup_stats(stats));
    CHECK(written.at("rules").at(0).at("rule") == "same_url");
    CHECK(written.at("rules").at(0).at("joined") == 7);
    CHECK(written.at("near_misses").at(0).at("guard") == "dates");
    CHECK(written.at("near_misses").at(0).at("item").at("id") == 3);
}

TEST_CASE("a merge needs two items") {
    CHECK(*read_merge_request(R"({"items":["1","a b"]})") == std::vector<std::string>{"1", "a b"});
    for (const char* wrong : {"", "[]", R"({"items":["1"]})", R"({"items":["1",2]})", R"({"items":["1","2","3"]})"}) {
        INFO(wrong);
        CHECK(read_merge_request(wrong).error().kind == ErrorKind::invalid);
    }
}
