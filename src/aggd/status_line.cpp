#include "aggd/status_line.hpp"

#include <algorithm>

#include "aggd/clock.hpp"

namespace agg::aggd {

std::string status_line(const Subscriptions& subscriptions, const Polls& polls, const fetch::Poller& poller,
                        const LiveConfig& live_config, const std::string& storage_problem) {
    const std::vector<Subscription>& all = subscriptions.all();
    std::string line = fmt::format("{} feeds", all.size());
    if (const auto failing = std::count_if(all.begin(), all.end(), is_failing); failing > 0)
        line += fmt::format(", {} failing", failing);
    if (const auto since = polls.offline_since())
        line += fmt::format("; offline since {}", to_rfc3339(*since));
    else if (const auto next = poller.next_due())
        line += *next > now() ? fmt::format("; next poll {}", to_rfc3339(*next)) : fmt::format("; polling");
    if (!storage_problem.empty()) line += "; " + storage_problem;
    if (!live_config.problem().empty()) line += "; feeds.conf has errors: aggctl status";
    return line;
}

}  // namespace agg::aggd
