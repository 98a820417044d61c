// A network that goes away while aggd runs, and comes back.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sched.h>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;

namespace {

// The addresses of four publishers, on a device of a network of this test program's own.
const std::vector<std::string> k_addresses = {"11.1.1.1", "12.1.1.1", "13.1.1.1", "14.1.1.1"};

void plug(const char* verb) {
    for (const std::string& address : k_addresses) {
        const Finished done = run({"ip", "addr", verb, address + "/32", "dev", "lo"});
        if (done.exit_code != 0) throw std::runtime_error(done.err);
    }
}

}  // namespace

TEST_CASE("a network that is lost charges no feed, and what was missed is fetched when it is back") {
    if (!is_installed("ip") || ::unshare(CLONE_NEWNET) != 0) {
        WARN("skipped: a network of one's own takes root and ip(8)");
        return;
    }
    REQUIRE(run({"ip", "link", "set", "lo", "up"}).exit_code == 0);
    plug("add");
    std::vector<std::unique_ptr<Origin>> publishers;
    std::string feeds;
    for (std::size_t i = 0; i < k_addresses.size(); ++i) {
        publishers.push_back(std::make_unique<Origin>(k_addresses[i]));
        const std::string name = "feed" + std::to_string(i);
        publishers.back()->on("/feed", document(rss(name, {name + "-first"})));
        feeds += feed_table(name, publishers.back()->url("/feed"), "interval = \"1s\"");
    }
    DaemonUnderTest aggd(feeds);
    aggd.start();
    wait_until("all are polled", [&] { return aggd.titles().size() == 4; });

    plug("del");
    wait_until("it is offline", [&] { return Contains("no host can be reached").match(aggd.aggctl({"status"}).out); });
    CHECK(aggd.get("/healthz").status == 200);  // nothing is wrong with aggd
    CHECK_THAT(aggd.get("/metrics").body, Contains("aggd_offline 1\n"));
    wait_until("what feeds were charged with before that was clear is taken back", [&] {
        return Contains("\"failing\":0").match(aggd.aggctl({"--json", "status"}).out);
    });

    for (std::size_t i = 0; i < k_addresses.size(); ++i) {
        const std::string name = "feed" + std::to_string(i);
        publishers[i]->on("/feed", document(rss(name, {name + "-second"})));
    }
    plug("add");
    REQUIRE(aggd.aggctl({"refresh", "--wait", "--force", "feed0"}).exit_code == 0);  // who knows need not wait 5 min
    wait_until("all are caught up with", [&] { return aggd.titles().size() == 8; });
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("4 fine") && !Contains("offline"));
}
