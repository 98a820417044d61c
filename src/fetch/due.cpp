#include "fetch/due.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "fetch/waits.hpp"

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr milliseconds k_default_interval = hours{1};
constexpr milliseconds k_shortest_rhythm = minutes{15};
constexpr milliseconds k_longest_rhythm = hours{6};
constexpr milliseconds k_longest_freshness = hours{24};
constexpr milliseconds k_longest_backoff = hours{24};
constexpr milliseconds k_longest_hold = hours{24 * 7};
constexpr milliseconds k_dead_after = hours{24 * 14};
constexpr milliseconds k_longest_jitter = minutes{5};
constexpr milliseconds k_between_refreshes = minutes{5};

// A share of [0, 1) that looks drawn by lot, always the same for the same number.
double share(std::uint64_t number) {
    number = (number ^ (number >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
    number = (number ^ (number >> 27)) * 0x94D0'49BB'1331'11EBULL;
    return static_cast<double>((number ^ (number >> 31)) >> 11) * 0x1p-53;
}

// Half of it is the feed's own, so that feeds that were polled together drift apart; half depends on the time, so that
// two daemons with the same feeds do as well. Without a clock or a source of chance: decisions stay pure.
double jitter_share(const Feed& feed, TimePoint now) {
    const std::uint64_t phase = std::hash<std::string>{}(feed.url);
    return (share(phase) + share(phase ^ static_cast<std::uint64_t>(to_unix_ms(now)))) / 2;
}

// `interval` x 2^(n-1), capped.
milliseconds backed_off(milliseconds interval, unsigned failures) {
    const unsigned doublings = std::min(failures > 0 ? failures - 1 : 0, 20U);
    return std::min(interval * (std::int64_t{1} << doublings), std::max(k_longest_backoff, interval));
}

}  // namespace

TimePoint due_time(const Feed& feed, const PollState& state, TimePoint now) {
    if (!state.next_poll || !state.last_poll || *state.last_poll > now) return now;
    TimePoint due = std::min(*state.next_poll, *state.last_poll + feed.max_interval);
    const bool set_by_publisher = state.not_before == state.next_poll;
    if (!set_by_publisher && state.failures == 0 && feed.interval) {
        const milliseconds longest = *feed.interval + std::min<milliseconds>(*feed.interval / 10, k_longest_jitter);
        due = std::min(due, *state.last_poll + longest);
    }
    return due;
}

milliseconds rhythm_interval(const PollState& state, TimePoint now) {
    if (state.rhythm_items < 2 || !state.rhythm_since) return k_default_interval;
    const milliseconds mean = (now - *state.rhythm_since) / state.rhythm_items;
    return std::clamp(mean / 2, k_shortest_rhythm, k_longest_rhythm);
}

milliseconds usual_interval(const Feed& feed, const PollState& state, TimePoint now) {
    return feed.interval ? *feed.interval : rhythm_interval(state, now);
}

std::optional<milliseconds> mean_distance(const PollState& state) {
    if (state.rhythm_items < 2 || !state.rhythm_since || !state.newest_item) return std::nullopt;
    return std::max(*state.newest_item - *state.rhythm_since, milliseconds{0}) / (state.rhythm_items - 1);
}

bool is_dead(const PollState& state, TimePoint now) {
    return state.failures > 0 && state.failing_since && now - *state.failing_since >= k_dead_after;
}

Wait wait_after_success(const Feed& feed, const PollState& state, const Headers& headers, TimePoint now) {
    Wait wait{usual_interval(feed, state, now), ""};
    wait.reason = fmt::format("every {}{}", to_words(wait.duration),
                              feed.interval            ? ", as feeds.conf says"
                              : state.rhythm_items < 2 ? ": its rhythm is not known yet"
                                                       : " by its own rhythm");
    const auto stretch = [&](milliseconds asked, std::string reason) {
        if (asked > k_longest_freshness) reason += fmt::format(", of which {} count", to_words(k_longest_freshness));
        asked = std::min(asked, k_longest_freshness);
        if (asked > wait.duration) wait = {asked, std::move(reason), SetBy::publisher};
    };
    // max-age=0 says nothing about polling: blogs send it with every page.
    if (const auto fresh = freshness(headers, now); fresh && *fresh > milliseconds{0}) {
        stretch(*fresh, fmt::format("the server says its answer is good for {}", to_words(*fresh)));
    } else if (state.hints.ttl) {
        stretch(*state.hints.ttl, fmt::format("the feed's ttl is {}", to_words(*state.hints.ttl)));
    }
    // WordPress says "hourly" whatever the truth: only slower claims mean something.
    if (const auto own = state.hints.syndication_interval; own && *own >= hours{24}) {
        stretch(*own, fmt::format("the feed says it is updated every {}", to_words(*own)));
    }
    return wait;
}

Wait wait_after_failure(const Feed& feed, const PollState& state, TimePoint now) {
    const milliseconds interval = usual_interval(feed, state, now);
    if (is_dead(state, now)) {
        const milliseconds wait = std::max(k_longest_backoff, interval);
        return {wait, fmt::format("every {}: it has failed for {}", to_words(wait),
                                  to_words(floor<days>(now - *state.failing_since)))};
    }
    const milliseconds wait = backed_off(interval, state.failures);
    if (state.failures <= 1) return {wait, fmt::format("{} after a failure", to_words(wait))};
    const bool capped = wait < interval * (std::int64_t{1} << std::min(state.failures - 1, 20U));
    return {wait, fmt::format("{} after {} failures in a row: each waits twice as long{}", to_words(wait),
                              state.failures, capped ? ", a day at most" : "")};
}

Wait wait_as_asked(const Feed& feed, const PollState& state, const Headers& headers, TimePoint now) {
    const milliseconds interval = usual_interval(feed, state, now);
    if (const auto asked = retry_after(headers.get("Retry-After"), now)) {
        const milliseconds wait = std::clamp(*asked, std::min(interval, k_longest_hold), k_longest_hold);
        std::string reason = fmt::format("the server asked to wait {} (Retry-After)", to_words(*asked));
        if (wait != *asked) reason += fmt::format(", which makes {} here", to_words(wait));
        return {wait, std::move(reason), SetBy::publisher};
    }
    const milliseconds wait = backed_off(2 * interval, state.failures);
    return {wait, fmt::format("{}: the server asked to slow down", to_words(wait)), SetBy::publisher};
}

void set_next_poll(PollState& state, const Feed& feed, Wait wait, TimePoint now) {
    if (wait.duration < feed.min_interval) {
        wait.duration = feed.min_interval;
        wait.reason =
            fmt::format("{} at least (min_interval), instead of {}", to_words(feed.min_interval), wait.reason);
    }
    const auto longest_jitter = std::min<milliseconds>(wait.duration / 10, k_longest_jitter);
    const auto jitter =
        milliseconds{static_cast<std::int64_t>(static_cast<double>(longest_jitter.count()) * jitter_share(feed, now))};
    const bool too_long = wait.duration > feed.max_interval;
    TimePoint next = now + wait.duration + jitter;
    if (const TimePoint outside = outside_skipped(next, state.hints); outside > next) {
        next = outside + jitter;  // or all of them would return in the same instant
        wait.reason += ", outside the hours and days that the feed asks to skip";
        wait.set_by = SetBy::publisher;
    }
    if (next > now + feed.max_interval) {
        const bool only_jitter = !too_long && next <= now + wait.duration + jitter;
        next = now + feed.max_interval;
        if (!only_jitter)
            wait.reason =
                fmt::format("{} at most (max_interval), instead of {}", to_words(feed.max_interval), wait.reason);
    }
    state.next_poll = next;
    state.next_poll_reason = wait.reason;
    state.not_before = wait.set_by == SetBy::publisher ? next : now + std::min(feed.min_interval, k_between_refreshes);
}

}  // namespace agg::fetch
