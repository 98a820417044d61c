// A clock that leaps: a machine without a battery, a virtual machine that was stopped, somebody who sets it wrong.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

// The clock of a daemon that is started with environment().
class Clock {
  public:
    Clock() { set(0ms); }
    void set(std::chrono::milliseconds wrong_by) const {
        const std::int64_t offset = wrong_by.count();
        const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        const bool written = ::pwrite(file, &offset, sizeof offset, 0) == sizeof offset;
        ::close(file);
        if (!written) throw std::runtime_error("cannot set the clock");
    }
    [[nodiscard]] std::map<std::string, std::string> environment() const {
        const char* options = std::getenv("ASAN_OPTIONS");
        return {{"LD_PRELOAD", FAILING_CLOCK},
                {"FAILING_CLOCK_FILE", path_},
                {"ASAN_OPTIONS", std::string(options != nullptr ? options : "") + ":verify_asan_link_order=0"}};
    }

  private:
    TemporaryFolder folder_;
    std::string path_ = folder_ / "offset";
};

constexpr std::chrono::hours k_year{24 * 365};

// A feed that is polled once an hour.
struct Hourly {
    Clock clock;
    Origin origin;
    std::unique_ptr<DaemonUnderTest> aggd;

    Hourly() {
        origin.on("/quay", document(rss("quay", {"first"})));
        aggd = std::make_unique<DaemonUnderTest>(feed_table("quay", origin.url("/quay"), "interval = \"1h\""));
        aggd->start(clock.environment());
        wait_until("it is polled", [&] { return aggd->titles().size() == 1; });
    }

    // The next poll by aggd's own clock, as it tells it.
    void wait_for_poll(std::size_t count) {
        wait_until("the feed is polled once more", [&] {
            (void)aggd->get("/healthz");  // the preloaded clock is looked at
            return origin.requests().size() >= count;
        });
    }
};

}  // namespace

TEST_CASE("a clock that leaps forward makes feeds due, and one that is set right again keeps none waiting for years") {
    Hourly hourly;
    hourly.clock.set(10 * k_year);
    hourly.wait_for_poll(2);
    hourly.clock.set(0ms);
    hourly.wait_for_poll(3);
    CHECK_THAT(hourly.aggd->process().err(), Contains("the clock was set back"));
    CHECK(hourly.aggd->titles().size() == 1);
    wait_until("the next poll is within the hour again", [&] {
        const std::string out = hourly.aggd->aggctl({"status"}).out;
        return Contains("1 fine; next poll in 59 min").match(out) || Contains("1 fine; next poll in 1 h").match(out);
    });
}

TEST_CASE("a clock that is set back makes feeds due that would have waited for the old time") {
    Hourly hourly;
    hourly.clock.set(-10 * 24h);
    hourly.wait_for_poll(2);
    CHECK(hourly.aggd->titles().size() == 1);
    hourly.origin.on("/quay", document(rss("quay", {"second", "first"})));
    hourly.clock.set(-10 * 24h + 2h);
    hourly.wait_for_poll(3);
    wait_until("it is served", [&] { return hourly.aggd->titles().size() == 2; });
}

TEST_CASE("a restart under a wrong clock loses nothing and polls what the right clock would poll") {
    Hourly hourly;
    REQUIRE(hourly.aggd->stop().exit_code == 0);
    hourly.clock.set(-30 * k_year);
    hourly.origin.on("/quay", document(rss("quay", {"second", "first"})));
    hourly.aggd->start(hourly.clock.environment());
    hourly.wait_for_poll(2);
    wait_until("it is served", [&] { return hourly.aggd->titles().size() == 2; });
    hourly.clock.set(0ms);
    hourly.wait_for_poll(3);
    CHECK(hourly.aggd->titles().size() == 2);
}
