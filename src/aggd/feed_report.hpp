// How a subscription stands, for people and programs. Pure: `now` is an argument.
#pragma once

#include <optional>
#include <string>

#include "aggd/subscriptions.hpp"
#include "base/host.hpp"
#include "fetch/policy.hpp"
#include "serve/admin.hpp"

namespace agg::aggd {

[[nodiscard]] serve::FeedState state_of(const Subscription& subscription);

// `all` tells whether it is polled itself.
[[nodiscard]] serve::FeedStatus feed_status(const Subscription& subscription, const Subscriptions& all);

// Where the feed has moved or is being redirected for good; absent when it is not.
[[nodiscard]] std::optional<serve::FeedMove> feed_move(const Subscription& subscription, const Subscriptions& all);

// `host` is what is remembered of the host that it is asked at.
[[nodiscard]] serve::FeedDetails feed_details(const Subscription& subscription, const Subscriptions& all,
                                              const HostState& host, const fetch::Policy& policy, TimePoint now);

// One paragraph: when it is polled next and the rule that set it, what happened last, and what else is known that
// matters: a row of failures, a move, a cache that lies.
[[nodiscard]] std::string explain(const Subscription& subscription, const Subscriptions& all, const HostState& host,
                                  const fetch::Policy& policy, TimePoint now);

// What the feed needs a person for; absent when time will do.
[[nodiscard]] std::optional<serve::Need> need_of(const Subscription& subscription);

}  // namespace agg::aggd
