#include "serve/manage_json.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::serve;

TEST_CASE("an import is written member by member") {
    ImportReport report;
    report.dry_run = true;
    report.format = "OPML";
    report.added = 1, report.skipped = 2, report.invalid = 3;
    report.feeds = {{"added", "a", "https://a.example/", ""}};
    report.warnings = {"w"};
    CHECK(boost::json::parse(write_import(report)) ==
          boost::json::parse(R"({"dry_run":true,"format":"OPML","added":1,"skipped":2,"invalid":3,
        "feeds":[{"result":"added","name":"a","url":"https://a.example/","reason":""}],"warnings":["w"]})"));
}

TEST_CASE("a check is written member by member") {
    const CheckReport report{"RSS feed with 1 item", 2, {{Severity::warning, "id-missing", "m"}}};
    CHECK(boost::json::parse(write_check(report)) == boost::json::parse(R"({"what":"RSS feed with 1 item","requests":2,
        "findings":[{"severity":"warning","rule":"id-missing","message":"m"}]})"));
}

TEST_CASE("settings are strings as typed, and what JSON has instead") {
    const auto settings = read_settings(R"({"interval":"2h","paused":true,"n":5,"tags":["a,b"],"title":null})");
    REQUIRE(settings);
    CHECK(*settings == std::vector<std::pair<std::string, std::string>>{
                           {"interval", "2h"}, {"paused", "true"}, {"n", "5"}, {"tags", "[\"a,b\"]"}, {"title", ""}});
    for (const char* bad : {"", "{}", "[]", "{", "\"x\""}) CHECK_FALSE(read_settings(bad).has_value());
}
