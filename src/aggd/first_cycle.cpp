#include "aggd/first_cycle.hpp"

#include <algorithm>

#include "aggd/clock.hpp"
#include "base/log.hpp"

namespace agg::aggd {

void FirstCycle::committed() {
    if (told_) return;
    const std::vector<Subscription>& all = subscriptions_.all();
    if (all.empty()) return;
    const auto is_due = [this, time = now()](const Subscription& subscription) {
        if (subscription.feed.paused || subscription.poll.gone) return false;
        if (subscriptions_.polled_instead_of(subscription) != nullptr) return false;
        return !subscription.poll.next_poll || *subscription.poll.next_poll <= time;
    };
    // Every commit comes by here, so that it must not look at all feeds each time.
    auto due =
        std::find_if(all.begin() + static_cast<std::ptrdiff_t>(std::min(last_due_, all.size())), all.end(), is_due);
    if (due == all.end()) due = std::find_if(all.begin(), all.end(), is_due);
    last_due_ = static_cast<std::size_t>(due - all.begin());
    if (due != all.end()) return;
    told_ = true;
    const PollCounts& counts = polls_.counts();
    log::info("all {} feeds are polled ({} failing): {} new items, {} of them duplicates told elsewhere before",
              all.size(), std::count_if(all.begin(), all.end(), is_failing), counts.new_items, counts.told_elsewhere);
}

}  // namespace agg::aggd
