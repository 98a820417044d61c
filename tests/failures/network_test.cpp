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

void must(std::vector<std::string> command) {
    const Finished done = run(std::move(command));
    if (done.exit_code != 0) throw std::runtime_error(done.err);
}

}  // namespace

TEST_CASE("a network that is lost charges no feed, and what was missed is fetched when it is back") {
    if (!is_installed("ip") || ::unshare(CLONE_NEWNET) != 0) {
        WARN("skipped: a network of one's own takes root and ip(8)");
        return;
    }
    // Four publishers at public addresses, which a network of this test program's own has on its only device.
    const std::vector<std::string> addresses = {"11.1.1.1", "12.1.1.1", "13.1.1.1", "14.1.1.1"};
    for (const std::string& address : addresses) must({"ip", "addr", "add", address + "/32", "dev", "lo"});
    must({"ip", "link", "set", "lo", "up"});
    std::vector<std::unique_ptr<Origin>> publishers;
    std::string feeds;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        publishers.push_back(std::make_unique<Origin>(addresses[i]));
        const std::string name = "feed" + std::to_string(i);
        publishers.back()->on("/feed", document(rss(name, {name + "-first"})));
        feeds += feed_table(name, publishers.back()->url("/feed"), "interval = \"1s\"");
    }
    DaemonUnderTest aggd(feeds);
    aggd.start();
    wait_until("all are polled", [&] { return aggd.titles().size() == 4; });

    must({"ip", "addr", "flush", "dev", "lo", "to", "8.0.0.0/5"});  // all of them at once
    wait_until("it is offline", [&] { return Contains("no host can be reached").match(aggd.aggctl({"status"}).out); });
    CHECK(aggd.get("/healthz").status == 200);  // nothing is wrong with aggd
    CHECK_THAT(aggd.get("/metrics").body, Contains("aggd_offline 1\n"));
    wait_until("what feeds were charged with before that was clear is taken back", [&] {
        return Contains("\"failing\":0").match(aggd.aggctl({"--json", "status"}).out);
    });

    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const std::string name = "feed" + std::to_string(i);
        publishers[i]->on("/feed", document(rss(name, {name + "-second"})));
    }
    for (const std::string& address : addresses) must({"ip", "addr", "add", address + "/32", "dev", "lo"});
    REQUIRE(aggd.aggctl({"refresh", "--wait", "--force", "feed0"}).exit_code == 0);  // who knows need not wait 5 min
    wait_until("all are caught up with", [&] { return aggd.titles().size() == 8; });
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("4 fine") && !Contains("offline"));
}
