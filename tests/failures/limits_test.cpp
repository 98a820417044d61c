// Too few descriptors, too little memory, a database that another program holds.
#include <sys/resource.h>

#include <thread>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

void set_limit(const Process& process, decltype(RLIMIT_NOFILE) what, rlim_t soft) {
    rlimit limit{};
    if (::prlimit(process.pid(), what, nullptr, &limit) != 0) throw std::runtime_error("no limit can be read");
    limit.rlim_cur = soft;
    if (::prlimit(process.pid(), what, &limit, nullptr) != 0) throw std::runtime_error("no limit can be set");
}

std::size_t lines_with(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("aggd allows itself more descriptors than a shell gives") {
    DaemonUnderTest aggd("");
    aggd.start();
    rlimit limit{};
    REQUIRE(::prlimit(aggd.process().pid(), RLIMIT_NOFILE, nullptr, &limit) == 0);
    CHECK(limit.rlim_cur >= std::min<rlim_t>(limit.rlim_max, 8192));
}

TEST_CASE("out of descriptors, aggd lets clients wait and says so once; with some again it answers and polls") {
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay"), "interval = \"1s\""));
    aggd.start();
    wait_until("it is polled", [&] { return aggd.titles().size() == 1; });
    set_limit(aggd.process(), RLIMIT_NOFILE, 8);

    HttpAnswer answer;
    std::thread client([&] { answer = aggd.get("/healthz"); });
    wait_until("it says so",
               [&] { return aggd.process().err().find("cannot take a connection") != std::string::npos; });
    origin.on("/quay", document(rss("quay", {"second"})));
    std::this_thread::sleep_for(std::chrono::seconds{3});  // in which it would fill the log
    CHECK(lines_with(aggd.process().err(), "cannot take a connection") == 1);
    CHECK_THAT(aggd.process().err(), Contains("Too many open files"));
    INFO(aggd.process().err());
    CHECK_FALSE(aggd.process().has_ended());

    set_limit(aggd.process(), RLIMIT_NOFILE, 1024);
    client.join();
    CHECK(answer.status == 200);
    aggd.refresh();
    CHECK(aggd.titles() == Strings{"second", "first"});
}

TEST_CASE("a database that another program holds locked makes polls wait, and loses nothing of them") {
    if (!is_installed("sqlite3")) {
        WARN("skipped: sqlite3 is not installed");
        return;
    }
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay"), "interval = \"1s\""));
    aggd.start();
    wait_until("it is polled", [&] { return aggd.titles().size() == 1; });
    {
        const Process holder({"sqlite3", "-bail", "-cmd", ".timeout 10000", "-cmd", "BEGIN IMMEDIATE;", aggd.database(),
                              ".shell echo locked && sleep 120"});
        wait_until("it holds the lock", [&] { return holder.out() == "locked\n"; });
        origin.on("/quay", document(rss("quay", {"second"})));
        wait_until(
            "it is told",
            [&] {
                return Contains("another program holds " + aggd.database() + " locked")
                    .match(aggd.get("/healthz").body);
            },
            std::chrono::seconds{90});
        CHECK(aggd.titles().size() == 1);  // reading goes on
        origin.on("/quay", document(rss("quay", {"third"})));
    }
    wait_until("all is stored", [&] { return aggd.titles() == Strings{"third", "second", "first"}; });
    CHECK(aggd.get("/healthz").status == 200);
}

TEST_CASE("short of memory, aggd gives up what does not fit, not itself") {
    if (std::string(AGGD_SANITIZE) != "") {
        WARN("skipped: the sanitizers take more memory than any limit leaves");
        return;
    }
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    std::string large = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>large</title>";
    for (int i = 0; i < 100'000; ++i)
        large += "<item><title>" + std::to_string(i) + "</title><description>text</description></item>";
    origin.on("/large", document(large + "</channel></rss>"));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay"), "interval = \"1s\"") +
                         feed_table("large", origin.url("/large")));
    write_file(aggd.config_file(), read_file(aggd.config_file()) + "paused = true\n");
    aggd.start();
    wait_until("it is polled", [&] { return aggd.titles().size() == 1; });
    const std::string status = read_file("/proc/" + std::to_string(aggd.process().pid()) + "/statm");
    const rlim_t pages = std::stoul(status);
    set_limit(aggd.process(), RLIMIT_AS, pages * 4096 + 24 * 1024 * 1024);
    (void)aggd.aggctl({"refresh", "--wait", "--force", "large"});
    CHECK_FALSE(aggd.process().has_ended());
    origin.on("/quay", document(rss("quay", {"second"})));
    wait_until("it goes on", [&] {
        if (aggd.process().has_ended()) throw std::runtime_error("aggd ended: " + aggd.process().err());
        return aggd.titles().front() == "second";
    });
}
