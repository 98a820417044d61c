// aggctl rule list, rule test, and what why and reload say of rules.
#include <sstream>

#include <catch2/catch.hpp>

#include "aggctl/aggctl.hpp"
#include "aggctl/render_rules.hpp"
#include "support/scripted_daemon.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::aggctl;
using Catch::Matchers::Contains;

namespace {

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

}  // namespace

TEST_CASE("rule list shows what each rule is for and does") {
    Asking asking;
    asking.daemon().on("GET /v1/rules", {200, R"({"rules":[
        {"name":"no-football","match":"title:football","action":"drop","add_tags":[],"feeds":["bbc"],"tags":["news"],"items":1034},
        {"name":"later","match":"long","action":"tag","add_tags":["later","x"],"feeds":[],"tags":[],"items":0}],"waiting":2})"});
    CHECK(asking.run({"rule", "list"}) == 0);
    CHECK(asking.out.str() ==
          "RULE         ITEMS  ACTION        FOR            MATCH\n"
          "no-football  1,034  drop          bbc, tag:news  title:football\n"
          "later            0  tag later, x  all feeds      long\n"
          "2 items stored are still as the rules of before had them; aggd is at it.\n");
}

TEST_CASE("rule test sends all that narrows it and shows counts by feed and examples") {
    Asking asking;
    asking.daemon().on("GET /v1/rules/test?n=5&match=title%3Arain%20-snow&since=30d&feed=bbc&tag=news",
                       {200, R"({"items":12,"matches":2,"feeds":[{"feed":"bbc","items":8,"matches":2},
        {"feed":"lwn","items":4,"matches":0}],"examples":[{"id":7,"feed":"bbc","title":"Rain","published":"2022-01-10T11:00:00Z"}]})"});
    CHECK(asking.run({"rule", "test", "title:rain -snow", "--since", "30d", "--feed", "bbc", "--tag", "news", "-n",
                      "5"}) == 0);
    CHECK_THAT(asking.out.str(), Contains("2   8  bbc\n") &&
                                     Contains("2 of 12 items; none of 1 feed. Nothing was changed.\n") &&
                                     Contains("7  1 h  bbc   Rain\n"));
}

TEST_CASE("what cannot be read has a caret under it, whatever the width of what stands before") {
    CHECK(render_misread("column 4: no", "天气 x") == "column 4: no\n  天气 x\n       ^");
    CHECK(render_misread("column 1: no", "") == "column 1: no\n  \n  ^");
    CHECK(render_misread("there is no feed \"x\"", "y") == "there is no feed \"x\"");
}

TEST_CASE("rule asks for an expression to test, and for none to list") {
    Asking asking;
    CHECK(asking.run({"rule", "test"}) == 2);
    CHECK_THAT(asking.err.str(), Contains("rule test needs an expression"));
    CHECK(asking.run({"rule", "list", "x"}) == 2);
    CHECK(asking.run({"rule", "drop"}) == 2);
}

TEST_CASE("why names the rules that did something, reload those that changed, items those that are hidden") {
    Asking asking;
    asking.daemon().on("GET /v1/feeds/2/why", {404, R"({"error":{"kind":"not_found","message":"No."}})"});
    asking.daemon().on("GET /v1/items/2/why",
                       {200, R"({"item":{"id":2,"feed":"a","title":"T"},"rule":"fresh","members":[],
        "hidden":true,"rules":[{"rule":"x","action":"keep"},{"rule":"y","action":"tag","tag":"later"}]})"});
    CHECK(asking.run({"why", "2"}) == 0);
    CHECK_THAT(asking.out.str(),
               Contains("hidden by [rule.x], which keeps others only") && Contains("tagged \"later\" by [rule.y]"));
    asking.out.str("");
    asking.daemon().on("POST /v1/reload?dry_run=true", {200, R"({"added":[],"removed":[],"changed":[],"changed_keys":{},
        "sections":[],"rules":{"added":["a"],"removed":["b"],"changed":["c"]}})"});
    CHECK(asking.run({"reload", "--dry-run"}) == 0);
    CHECK(asking.out.str() == "+rule a\n-rule b\n~rule c\n");
    asking.daemon().on("GET /v1/items?n=30&q=is%3Ahidden", {200, R"({"items":[]})"});
    CHECK(asking.run({"items", "--hidden"}) == 0);
}
