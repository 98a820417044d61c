#include "fetch/health.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/url.hpp"
#include "fetch/due.hpp"

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr unsigned k_failures_of_a_broken_feed = 3;
constexpr milliseconds k_longest_span = hours{1};
constexpr milliseconds k_quiet = hours{24 * 30};
constexpr int k_quiet_distances = 10;

std::string day(TimePoint time) { return to_rfc3339(time).substr(0, 10); }

bool fails(Condition condition) {
    return condition == Condition::broken || condition == Condition::dead || condition == Condition::gone ||
           condition == Condition::rate_limited;
}

bool is_stale(const PollState& state, TimePoint now) {
    const auto distance = mean_distance(state);
    return distance && now - *state.newest_item > std::max(k_quiet, *distance * k_quiet_distances);
}

// One poll's change in words, all but who and when.
struct Told {
    HealthKind kind;
    std::string is;    // after the title: "is broken: 404 Not Found, since 2022-05-12"
    std::string text;  // sentences
    std::string fix;   // a verb of aggctl, the feed's name to be added
};

std::string since(const PollState& state) {
    return state.failing_since ? fmt::format(" since {}", day(*state.failing_since)) : "";
}

Told told_of(const PollState& before, const PollState& after, TimePoint now) {
    const std::string next =
        after.next_poll_reason.empty()
            ? ""
            : fmt::format(" The next poll is in {} ({}).",
                          after.next_poll ? to_words(*after.next_poll - now) : "a while", after.next_poll_reason);
    switch (after.condition) {
        case Condition::broken:
            return {
                HealthKind::broken, fmt::format("is broken{}: {}", since(after), after.last_result),
                fmt::format("The last {} polls failed, this one with: {}.{}", after.failures, after.last_result, next),
                "why"};
        case Condition::dead:
            return {HealthKind::dead, fmt::format("is dead: it has failed{}", since(after)),
                    fmt::format("No poll has succeeded for two weeks; the last one brought: {}.{}", after.last_result,
                                next),
                    "remove"};
        case Condition::gone:
            return {
                HealthKind::gone, "is gone: its publisher says so (410)",
                "The server has answered 410 Gone twice in a row, so the feed is not polled any more. Its items stay. "
                "aggctl refresh tries it again.",
                "remove"};
        case Condition::rate_limited:
            return {HealthKind::rate_limited, "is rate-limited: its publisher asked to slow down (429)",
                    fmt::format("The server answered: {}.{}", after.last_result, next), "why"};
        case Condition::stale:
            return {HealthKind::stale, fmt::format("is stale: nothing new since {}", day(*after.newest_item)),
                    fmt::format("It answers, but its newest item is of {}, far longer ago than is its habit. It may "
                                "have moved without a word.",
                                day(*after.newest_item)),
                    "show"};
        case Condition::fine: break;
    }
    return {HealthKind::recovered, "has recovered",
            fmt::format("{}, and this poll brought: {}.",
                        before.failing_since ? fmt::format("It had failed since {}", day(*before.failing_since))
                                             : "It was quiet",
                        after.last_result),
            "show"};
}

}  // namespace

Condition condition_of(const PollState& state, const Feed& feed, TimePoint now) {
    if (state.gone) return Condition::gone;
    if (is_dead(state, now)) return Condition::dead;
    if (state.failures > 0) {
        if (state.last_status == 429) return Condition::rate_limited;
        const milliseconds span = std::min(usual_interval(feed, state, now), k_longest_span);
        const bool long_enough = state.failing_since && now - *state.failing_since >= span;
        return state.failures >= k_failures_of_a_broken_feed && long_enough ? Condition::broken : state.condition;
    }
    return is_stale(state, now) ? Condition::stale : Condition::fine;
}

std::vector<HealthEvent> changes(const PollState& before, const PollState& after, const Feed& feed,
                                 const std::string& title, TimePoint now) {
    std::vector<Told> told;
    const bool recovers = fails(before.condition) && !fails(after.condition);
    const bool first_poll = !before.last_poll;
    if (after.condition != before.condition && !(first_poll && after.condition == Condition::stale)) {
        PollState shown = after;
        if (recovers) shown.condition = Condition::fine;
        told.push_back(told_of(before, shown, now));
    }
    const bool was_offered = before.move && before.move->confirmed && after.move && before.move->url == after.move->url;
    if (after.move && after.move->confirmed && !was_offered) {
        const std::string to = shown_url(after.move->url);
        told.push_back(
            {HealthKind::moved, fmt::format("has moved to {}", to),
             fmt::format("{} polls since {} were redirected there for good and found the same items, so it "
                         "is asked there now. feeds.conf still names {}; `aggctl moves --accept` changes it.",
                         after.move->polls, day(after.move->since), shown_url(feed.url)),
             "moves --accept"});
    }
    if (after.lying_since && !before.lying_since) {
        told.push_back({HealthKind::lying_cache, "has a lying cache",
                        "Its server answered 304 Not Modified although there were new items. It is asked without "
                        "validators once a day from now on.",
                        "why"});
    }
    std::vector<HealthEvent> events;
    for (Told& each : told) {
        events.push_back({.kind = each.kind,
                          .at = now,
                          .feed = feed.name,
                          .title = fmt::format("{} {}", title, each.is),
                          .text = std::move(each.text),
                          .fix = fmt::format("aggctl {} {}", each.fix, feed.name)});
    }
    return events;
}

}  // namespace agg::fetch
