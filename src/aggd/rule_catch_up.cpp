#include "aggd/rule_catch_up.hpp"

#include "aggd/clock.hpp"

namespace agg::aggd {
namespace {

// A commit waits for one batch at most: a twentieth of a second.
constexpr std::size_t k_batch = 200;

}  // namespace

void RuleCatchUp::start() {
    more_ = true;
    if (running_ || stopping_) return;
    running_ = true;
    done_.expires_at(asio::steady_timer::time_point::max());
    spawn(executor_, "rules on what is stored", run());
}

Task<void> RuleCatchUp::finished() {
    if (running_) co_await wait_on(done_);
}

Task<void> RuleCatchUp::run() {
    std::size_t items = 0;
    while (more_ && !stopping_) {
        more_ = false;
        for (bool waiting = true; waiting && !stopping_;) {
            auto work = [this, time = now()] { return writer_.rule_on_waiting(k_batch, time); };
            store::RuledBatch batch;
            try {
                batch = co_await commits_.run(std::move(work));
            } catch (const std::exception& failure) {
                // What waits stays noted in the database; the next reload or start tries again.
                log::error("stored items could not be ruled on anew: {}", failure.what());
                break;
            }
            waiting = batch.items == k_batch;
            items += batch.items;
            if (batch.items > 0) ruled_(batch);
        }
    }
    if (items > 0) log::info("{} stored items are ruled on anew, as the rules have changed", items);
    running_ = false;
    done_.cancel();
}

}  // namespace agg::aggd
