// When a feed is asked again, and the rule that says so, in words. Pure: `now` is an argument.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/feed.hpp"
#include "base/poll_state.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

// A publisher's word holds for a person's refresh as well.
enum class SetBy { us, publisher };

struct Wait {
    std::chrono::milliseconds duration;
    std::string reason;
    SetBy set_by = SetBy::us;
};

// When `feed` is due by what is remembered of it: at the stored time, but sooner where feeds.conf now asks for a
// shorter interval than the one that set it, unless the publisher set it. At `now` when it was never polled, or when
// its last poll lies in the future (a clock was wrong, then or now).
[[nodiscard]] TimePoint due_time(const Feed& feed, const PollState& state, TimePoint now);

// The interval that a feed's own publishing rhythm suggests: half the mean distance of its newest items, the silence
// since then included, between 15 minutes and 6 hours; an hour as long as nothing is known.
[[nodiscard]] std::chrono::milliseconds rhythm_interval(const PollState& state, TimePoint now);

// The interval of `feed`: the one of feeds.conf, else its rhythm's.
[[nodiscard]] std::chrono::milliseconds usual_interval(const Feed& feed, const PollState& state, TimePoint now);

// The mean distance of the feed's newest items, the silence since not included; absent as long as it is not known.
[[nodiscard]] std::optional<std::chrono::milliseconds> mean_distance(const PollState& state);

// A feed that has failed for two weeks: it is polled once a day and listed as dead.
[[nodiscard]] bool is_dead(const PollState& state, TimePoint now);

// After a success: the usual interval, or longer where the server or the feed says so, a day at most.
[[nodiscard]] Wait wait_after_success(const Feed& feed, const PollState& state, const Headers& headers, TimePoint now);

// After the `state.failures`-th failure in a row: the interval x 2^(n-1), a day at most; once a day for a dead feed.
[[nodiscard]] Wait wait_after_failure(const Feed& feed, const PollState& state, TimePoint now);

// After a 429 or 503: Retry-After, from the usual interval to a week; without it, twice what a failure waits.
[[nodiscard]] Wait wait_as_asked(const Feed& feed, const PollState& state, const Headers& headers, TimePoint now);

// Sets the next poll of `state` by `wait`, within feed.min_interval and feed.max_interval, outside the hours and days
// that the feed asks to skip, and with some jitter, so that feeds spread; and until when a person's refresh asks
// nothing either: as long as the publisher asked for, else five minutes or feed.min_interval, whichever is less.
void set_next_poll(PollState& state, const Feed& feed, Wait wait, TimePoint now);

}  // namespace agg::fetch
