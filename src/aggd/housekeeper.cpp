#include "aggd/housekeeper.hpp"

#include <chrono>
#include <time.h>

#include "aggd/clock.hpp"
#include "base/log.hpp"

namespace agg::aggd {
namespace {

constexpr std::chrono::minutes k_after_start{1};  // the first polls come first
constexpr std::chrono::hours k_every{1};
constexpr std::chrono::hours k_leap{24};          // more than any summer time
constexpr std::chrono::hours k_silence{24 * 30};  // since the last poll of an earlier run
constexpr std::chrono::hours k_until_believed{24};

// Counts while the machine sleeps, too.
std::chrono::milliseconds elapsed() {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds{time.tv_sec};
}

}  // namespace

ClockTrust::ClockTrust(std::optional<TimePoint> known, TimePoint now, std::chrono::milliseconds elapsed)
    : time_(now), elapsed_(elapsed) {
    if (known && now - *known > k_silence) leapt_at_ = elapsed;
}

bool ClockTrust::trusts(TimePoint now, std::chrono::milliseconds elapsed) {
    if ((now - time_) - (elapsed - elapsed_) > k_leap) leapt_at_ = elapsed;
    time_ = now;
    elapsed_ = elapsed;
    return !leapt_at_ || elapsed - *leapt_at_ >= k_until_believed;
}

void Housekeeper::start() { spawn(executor_, "keeping the database small", keep_house()); }

void Housekeeper::stop() {
    stopping_ = true;
    pause_.cancel();
}

Task<void> Housekeeper::keep_house() {
    std::optional<TimePoint> last_poll;
    for (const Subscription& subscription : subscriptions_.all())
        last_poll = std::max(last_poll, subscription.poll.last_poll);
    ClockTrust clock(last_poll, now(), elapsed());
    pause_.expires_after(k_after_start);
    while (!stopping_) {
        co_await wait_on(pause_);
        if (stopping_) co_return;
        if (clock.trusts(now(), elapsed()))
            co_await tidy();
        else
            log::info("the clock has leapt forward: no item goes for its age before it has stood so for a day");
        pause_.expires_after(k_every);
    }
}

Task<void> Housekeeper::tidy() {
    std::uint64_t items = 0;
    try {
        for (bool more = true; more && !stopping_;) {
            auto work = [this] { return writer_.tidy(now()); };
            const store::Tidied done = co_await commits_.run(std::move(work));
            for (const auto& [feed, count] : done.gone) {
                if (Subscription* subscription = subscriptions_.find(feed)) subscription->items -= count;
                items += count;
            }
            if (!done.gone.empty()) committed_(done.generation);
            more = done.more;
        }
    } catch (const std::exception& failure) {
        // Nothing is lost: the next hour tries again.
        log::error("items whose time is over could not be removed: {}", failure.what());
    }
    rest_.worked_hard();
    if (items > 0) log::info("{} items were removed: their time (keep) was over", items);
}

}  // namespace agg::aggd
