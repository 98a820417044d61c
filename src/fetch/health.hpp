// How a feed does, and what people are told of it: changes, not failures. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/health_event.hpp"
#include "base/poll_state.hpp"

namespace agg::fetch {

// How `feed` does after the poll at `now` that led to `state`, whose `condition` is still that of the poll before. A
// feed is broken after three failures in a row that span its interval, an hour at most; dead when it has failed for 14
// days; rate-limited when its last answer was 429; stale when it answers but its newest item is older than 30 days and
// ten mean distances of its items. A failure or two leave the condition as it was.
[[nodiscard]] Condition condition_of(const PollState& state, const Feed& feed, TimePoint now);

// What people are told of the poll at `now` that led from `before` to `after`: one event for each change. `title` is
// the feed's. Staleness at the first poll is no change.
[[nodiscard]] std::vector<HealthEvent> changes(const PollState& before, const PollState& after, const Feed& feed,
                                               const std::string& title, TimePoint now);

}  // namespace agg::fetch
