#include "fetch/due.hpp"

#include <catch2/catch.hpp>

#include "base/time.hpp"

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

const TimePoint k_now = *parse_rfc3339("2022-01-10T12:00:00Z");
const std::string k_url = "http://example.org/feed";

Feed hourly() { return {.name = "example", .url = k_url, .interval = 1h}; }
Feed automatic() { return {.name = "example", .url = k_url}; }

// An hour ago.
PollState polled_once() {
    PollState state;
    state.last_poll = state.last_success = state.last_document = k_now - 1h;
    return state;
}

}  // namespace

TEST_CASE("nothing remembered means due at once") { CHECK(due_time(hourly(), PollState{}, k_now) == k_now); }

TEST_CASE("a feed is due when its last poll said") {
    PollState state = polled_once();
    state.next_poll = k_now + 5min;
    CHECK(due_time(hourly(), state, k_now) == k_now + 5min);
    CHECK(due_time(automatic(), state, k_now) == k_now + 5min);
}

TEST_CASE(
    "a shorter interval in feeds.conf counts from the last poll, but not against the publisher's word or a back-off") {
    PollState state = polled_once();  // an hour ago
    state.next_poll = k_now + 6h;
    state.not_before = k_now - 55min;
    CHECK(due_time(hourly(), state, k_now) == k_now + 5min);
    PollState asked = state;
    asked.not_before = asked.next_poll;
    CHECK(due_time(hourly(), asked, k_now) == k_now + 6h);
    PollState failing = state;
    failing.failures = 3;
    CHECK(due_time(hourly(), failing, k_now) == k_now + 6h);
    Feed capped = hourly();
    capped.max_interval = 2h;
    CHECK(due_time(capped, asked, k_now) == k_now + 1h);
}

TEST_CASE("a last poll in the future means a wrong clock: the feed is due") {
    PollState state = polled_once();
    state.last_poll = k_now + 24h;
    state.next_poll = k_now + 25h;
    CHECK(due_time(hourly(), state, k_now) == k_now);
}

TEST_CASE("the rhythm is half the mean distance of the newest items, silence included, from 15 minutes to 6 hours") {
    struct Case {
        unsigned items;
        milliseconds since;
        milliseconds interval;
    };
    const auto test = GENERATE(values<Case>({
        {1, 100h, 1h},  // one item is no rhythm
        {2, 8h, 2h},
        {20, 40h, 1h},
        {20, 20min, 15min},
        {20, 0s, 15min},
        {20, 24h * 365, 6h},
    }));
    PollState state;
    state.rhythm_items = test.items;
    state.rhythm_since = k_now - test.since;
    CHECK(rhythm_interval(state, k_now) == test.interval);
}

TEST_CASE("the mean distance of items leaves the silence since the newest one out") {
    PollState state;
    CHECK_FALSE(mean_distance(state));
    state.rhythm_items = 5;
    state.rhythm_since = k_now - 24h * 100;
    CHECK_FALSE(mean_distance(state));
    state.newest_item = *state.rhythm_since + 8h;
    CHECK(mean_distance(state) == 2h);
    state.rhythm_items = 1;
    CHECK_FALSE(mean_distance(state));
}

TEST_CASE("a feed is dead when it has failed for two weeks") {
    PollState state = polled_once();
    CHECK_FALSE(is_dead(state, k_now));
    state.failures = 20;
    state.failing_since = k_now - 24h * 14;
    CHECK(is_dead(state, k_now));
    CHECK_FALSE(is_dead(state, k_now - 1ms));
}
