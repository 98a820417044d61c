// What `systemctl status` shows.
#pragma once

#include <string>

#include "aggd/live_config.hpp"
#include "aggd/polls.hpp"
#include "aggd/subscriptions.hpp"
#include "fetch/poller.hpp"

namespace agg::aggd {

// "312 feeds, 3 failing; next poll 2022-01-10T12:00:00Z", in one line. `storage_problem` is empty when there is none.
[[nodiscard]] std::string status_line(const Subscriptions& subscriptions, const Polls& polls,
                                      const fetch::Poller& poller, const LiveConfig& live_config,
                                      const std::string& storage_problem);

}  // namespace agg::aggd
