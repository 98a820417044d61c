// Whether a server's validators can be believed. Servers get stuck on 304: now and then one is asked without them.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/poll_state.hpp"
#include "fetch/policy.hpp"

namespace agg::fetch {

// True when a poll at `now` sends the stored validators. It does not when there are none, and when the last document is
// too old: older than eight mean distances of the feed's items, but at least a day and policy.revalidate at most; a day
// for a server whose validators are known to lie.
[[nodiscard]] bool is_conditional(const PollState& state, const Policy& policy, TimePoint now);

// As many of a document's items are remembered, in its order.
inline constexpr std::size_t k_remembered_items = 32;

// True when an audit's document shows that the 304s before it were lies: it tells items that are not among those of the
// last document although the validators are still the same, or items dated hours before the last 304 and after all that
// were known then. `identities` and `published` are of the audit's items, `validators` came with it.
[[nodiscard]] bool proves_a_lie(const PollState& before, const Validators& validators,
                                const std::vector<std::uint64_t>& identities, const std::vector<TimePoint>& published);

// True when `identities` holds one of those of the last document.
[[nodiscard]] bool has_known_items(const PollState& before, const std::vector<std::uint64_t>& identities);

}  // namespace agg::fetch
