#include "aggd/housekeeper.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace std::chrono_literals;
using aggd::ClockTrust;

namespace {
const TimePoint k_start = from_unix_ms(1'641'816'000'000);  // 2022-01-10T12:00:00Z
}

TEST_CASE("a clock that goes evenly is believed, however long the machine sleeps between two looks") {
    ClockTrust clock(k_start - 24h * 29, k_start, 0ms);
    CHECK(clock.trusts(k_start + 1h, 1h));
    CHECK(clock.trusts(k_start + 24h * 200, 24h * 200));
    CHECK(clock.trusts(k_start + 24h * 200 + 2h, 24h * 200 + 1h));  // summer time set by hand
}

TEST_CASE("a clock that leaps forward is believed when it has stood so for a day") {
    ClockTrust clock(k_start, k_start, 0ms);
    const TimePoint leapt = k_start + 24h * 365;
    CHECK_FALSE(clock.trusts(leapt + 1h, 1h));
    CHECK_FALSE(clock.trusts(leapt + 24h, 24h));
    CHECK(clock.trusts(leapt + 25h, 25h));
}

TEST_CASE("a clock that was set right again had no time to cost anything") {
    ClockTrust clock(k_start, k_start, 0ms);
    CHECK_FALSE(clock.trusts(k_start + 24h * 365, 1h));
    CHECK_FALSE(clock.trusts(k_start + 2h, 2h));
    CHECK(clock.trusts(k_start + 25h, 25h));
}

TEST_CASE("long after the last poll of an earlier run the clock is believed after a day") {
    ClockTrust clock(k_start - 24h * 31, k_start, 0ms);
    CHECK_FALSE(clock.trusts(k_start + 1h, 1h));
    CHECK(clock.trusts(k_start + 24h, 24h));
    ClockTrust fresh(std::nullopt, k_start, 0ms);
    CHECK(fresh.trusts(k_start + 1h, 1h));
}
