// One story once, explained and reversible: with the real programs.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Matchers::Contains;

namespace {

std::string feed_of(const std::string& outlet, const std::string& title, const std::string& text) {
    return "<rss version=\"2.0\"><channel><title>" + outlet + "</title><item><title>" + title + "</title><guid>" +
           outlet + "-1</guid><link>https://" + outlet +
           ".example/1</link><pubDate>Sun, 09 Jan 2022 12:00:00 GMT</pubDate><description>" + text +
           "</description></item></channel></rss>";
}

const std::string k_report =
    "The ferry Aurora sank off Aktau on Sunday after its engine room caught fire, the port authority said. All 42 "
    "passengers were taken "
    "aboard a tanker that had heard the call for help.";

}  // namespace

TEST_CASE("two outlets' telling is one entry; why explains it, split and merge decide, a restart keeps it") {
    Origin origin;
    origin.on("/quay", document(feed_of("quay", "Ferry sinks off Aktau", k_report)));
    origin.on("/courier", document(feed_of("courier", "Tanker crew saves dozens", k_report)));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay")) + feed_table("courier", origin.url("/courier")));
    aggd.start();
    aggd.refresh();
    REQUIRE(aggd.titles().size() == 1);

    // Which of the two arrives first is the network's choice.
    const Finished why = aggd.aggctl({"why", "Tanker crew saves dozens", "Ferry sinks off Aktau"});
    CHECK(why.exit_code == 0);
    CHECK_THAT(why.out, Contains("their texts are the same") && Contains("Ferry sinks off Aktau"));
    CHECK_THAT(aggd.aggctl({"dedup", "stats"}).out, Contains("their texts are the same"));

    CHECK(aggd.aggctl({"split", "Tanker crew saves dozens"}).exit_code == 0);
    CHECK(aggd.titles().size() == 2);
    aggd.stop();
    aggd.start();
    aggd.refresh();
    CHECK(aggd.titles().size() == 2);
    CHECK(aggd.aggctl({"merge", "Tanker crew", "Ferry sinks"}).exit_code == 0);
    CHECK(aggd.titles().size() == 1);
    CHECK(aggd.aggctl({"merge", "Tanker crew", "Ferry sinks"}).exit_code == 1);
    CHECK(aggd.aggctl({"undo-heal", "quay"}).exit_code == 1);
}

TEST_CASE("a corrected figure is a revision, and diff shows it") {
    Origin origin;
    std::string corrected = k_report;
    corrected.replace(corrected.find("42"), 2, "43");
    origin.on("/quay", document(feed_of("quay", "Ferry sinks off Aktau", k_report)));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay")));
    aggd.start();
    aggd.refresh();
    origin.on("/quay", document(feed_of("quay", "Ferry sinks off Aktau", corrected)));
    aggd.refresh();
    CHECK(aggd.titles().size() == 1);
    CHECK_THAT(aggd.aggctl({"diff", "Ferry sinks"}).out, Contains("[-42-] {+43+}"));
}
