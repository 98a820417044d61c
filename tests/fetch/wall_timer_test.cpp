#include "fetch/wall_timer.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;

namespace {

TimePoint now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

struct Alarm {
    asio::io_context io;
    std::vector<TimePoint> rung;
    WallTimer timer{io.get_executor(), [this] { rung.push_back(now()); }};
};

}  // namespace

TEST_CASE("it goes off when its time has come, once, and not before") {
    Alarm alarm;
    const TimePoint at = now() + 30ms;
    alarm.timer.set(at);
    alarm.io.run();
    REQUIRE(alarm.rung.size() == 1);
    CHECK(alarm.rung[0] >= at);
}

TEST_CASE("a time that is over is at once") {
    Alarm alarm;
    alarm.timer.set(GENERATE(TimePoint{}, TimePoint{} - 1h, now() - 1h));
    alarm.io.run();
    CHECK(alarm.rung.size() == 1);
}

TEST_CASE("a new time replaces the old one, earlier or later") {
    Alarm alarm;
    alarm.timer.set(now() + 1h);
    const TimePoint at = now() + 20ms;
    alarm.timer.set(at);
    alarm.timer.set(at + 20ms);
    alarm.io.run();
    REQUIRE(alarm.rung.size() == 1);
    CHECK(alarm.rung[0] >= at + 20ms);
}

TEST_CASE("stopped, it lets the event loop end") {
    Alarm alarm;
    alarm.timer.set(now() + 1h);
    alarm.timer.stop();
    alarm.io.run();
    CHECK(alarm.rung.empty());
}
