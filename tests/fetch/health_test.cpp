#include "fetch/health.hpp"

#include <catch2/catch.hpp>

#include "base/time.hpp"

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;
using Catch::Contains;
using std::chrono::milliseconds;

namespace {

const TimePoint k_now = *parse_rfc3339("2022-01-10T12:00:00Z");

Feed feed() { return {.name = "quay-notes", .url = "https://quay.example/feed", .interval = 1h}; }

PollState failing(unsigned failures, milliseconds since, int status = 404) {
    PollState state;
    state.failures = failures;
    state.failing_since = k_now - since;
    state.last_status = status;
    state.last_result = "404 Not Found";
    state.last_poll = k_now;
    return state;
}

PollState fine() {
    PollState state;
    state.last_poll = state.last_success = k_now;
    state.last_result = "200, 3 items";
    return state;
}

// Twenty items, `distance` apart, the newest one `ago`.
PollState told(milliseconds distance, milliseconds ago) {
    PollState state = fine();
    state.newest_item = k_now - ago;
    state.rhythm_items = 20;
    state.rhythm_since = *state.newest_item - distance * 19;
    return state;
}

std::vector<HealthEvent> changed(PollState before, PollState after) {
    after.condition = condition_of(after, feed(), k_now);
    return changes(before, after, feed(), "Quay Notes", k_now);
}

PollState with(Condition condition, PollState state = fine()) {
    state.condition = condition;
    return state;
}

}  // namespace

TEST_CASE("a feed is broken after three failures that span its interval, an hour at most") {
    CHECK(condition_of(failing(2, 24h), feed(), k_now) == Condition::fine);
    CHECK(condition_of(failing(3, 1h), feed(), k_now) == Condition::broken);
    CHECK(condition_of(failing(3, 59min), feed(), k_now) == Condition::fine);  // somebody asked three times at once
    Feed slow = feed();
    slow.interval = 24h;
    CHECK(condition_of(failing(3, 1h), slow, k_now) == Condition::broken);
    Feed quick = feed();
    quick.interval = 1min;
    CHECK(condition_of(failing(3, 1min), quick, k_now) == Condition::broken);
}

TEST_CASE("a failure or two leave what was") {
    CHECK(condition_of(with(Condition::stale, failing(1, 0s)), feed(), k_now) == Condition::stale);
}

TEST_CASE("a feed is dead when it has failed for 14 days, gone after its 410s, rate-limited at a 429") {
    CHECK(condition_of(failing(9, 24h * 14), feed(), k_now) == Condition::dead);
    CHECK(condition_of(failing(9, 24h * 14 - 1ms), feed(), k_now) == Condition::broken);
    PollState gone = failing(2, 1h, 410);
    gone.gone = true;
    CHECK(condition_of(gone, feed(), k_now) == Condition::gone);
    CHECK(condition_of(failing(1, 0s, 429), feed(), k_now) == Condition::rate_limited);
    CHECK(condition_of(failing(1, 0s, 503), feed(), k_now) == Condition::fine);
}

TEST_CASE("a feed is stale when it is quiet for 30 days and ten times its distance") {
    struct Case {
        milliseconds distance, quiet;
        Condition condition;
    };
    const auto test = GENERATE(values<Case>({
        {1h, 24h * 30, Condition::fine},
        {1h, 24h * 30 + 1ms, Condition::stale},
        {24h * 7, 24h * 69, Condition::fine},
        {24h * 7, 24h * 71, Condition::stale},
    }));
    INFO(test.distance.count() << " " << test.quiet.count());
    CHECK(condition_of(told(test.distance, test.quiet), feed(), k_now) == test.condition);
}

TEST_CASE("a feed without dates is never stale") {
    PollState state = fine();
    state.last_document = k_now - 24h * 365;
    CHECK(condition_of(state, feed(), k_now) == Condition::fine);
}

TEST_CASE("a change is told once, with its kind and what mends it") {
    struct Case {
        const char* rule;
        PollState before, after;
        HealthKind kind;
        const char* title;
        const char* fix;
    };
    PollState gone = failing(2, 1h, 410);
    gone.gone = true;
    PollState moved = fine();
    moved.move = Move{.url = "https://new.example/feed?token=abc", .since = k_now - 24h, .polls = 3, .confirmed = true};
    PollState lying = fine();
    lying.lying_since = k_now;
    const auto test = GENERATE_COPY(values<Case>({
        {"broken", fine(), failing(3, 2h), HealthKind::broken, "Quay Notes is broken since 2022-01-10: 404 Not Found",
         "aggctl why quay-notes"},
        {"dead", with(Condition::broken, failing(8, 24h * 13)), failing(9, 24h * 14), HealthKind::dead,
         "Quay Notes is dead: it has failed since 2021-12-27", "aggctl remove quay-notes"},
        {"gone", fine(), gone, HealthKind::gone, "Quay Notes is gone: its publisher says so (410)",
         "aggctl remove quay-notes"},
        {"rate-limited", fine(), failing(1, 0s, 429), HealthKind::rate_limited,
         "Quay Notes is rate-limited: its publisher asked to slow down (429)", "aggctl why quay-notes"},
        {"stale", fine(), told(1h, 24h * 40), HealthKind::stale, "Quay Notes is stale: nothing new since 2021-12-01",
         "aggctl show quay-notes"},
        {"recovered", with(Condition::broken, failing(3, 2h)), fine(), HealthKind::recovered,
         "Quay Notes has recovered", "aggctl show quay-notes"},
        {"recovered, though quiet", with(Condition::dead, failing(9, 24h * 20)), told(1h, 24h * 40),
         HealthKind::recovered, "Quay Notes has recovered", "aggctl show quay-notes"},
        {"moved", fine(), moved, HealthKind::moved, "Quay Notes has moved to https://new.example/feed?token=...",
         "aggctl moves --accept quay-notes"},
        {"lying", fine(), lying, HealthKind::lying_cache, "Quay Notes has a lying cache", "aggctl why quay-notes"},
    }));
    INFO(test.rule);
    const auto events = changed(test.before, test.after);
    REQUIRE(events.size() == 1);
    CHECK(events[0].kind == test.kind);
    CHECK(events[0].title == test.title);
    CHECK(events[0].fix == test.fix);
    CHECK(events[0].feed == "quay-notes");
    CHECK(events[0].at == k_now);
    CHECK(events[0].text.ends_with("."));

    PollState again = test.after;
    again.condition = condition_of(test.after, feed(), k_now);
    CHECK(changed(again, test.after).empty());
}

TEST_CASE("a failure that changes nothing is not told") {
    CHECK(changed(fine(), failing(1, 0s)).empty());
    CHECK(changed(with(Condition::broken, failing(3, 2h)), failing(4, 4h)).empty());
    CHECK(changed(fine(), fine()).empty());
}

TEST_CASE("a feed that is quiet already when it is added is no news") {
    CHECK(changed(PollState{}, told(1h, 24h * 400)).empty());
}

TEST_CASE("a redirect in quarantine is not told") {
    PollState after = fine();
    after.move = Move{.url = "https://new.example/", .since = k_now, .polls = 1};
    CHECK(changed(fine(), after).empty());
}
