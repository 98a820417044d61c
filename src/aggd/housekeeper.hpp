// Keeps the database small: once an hour, in small steps between the commits of polls.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <boost/asio/steady_timer.hpp>

#include "aggd/commit_queue.hpp"
#include "aggd/rest.hpp"
#include "aggd/subscriptions.hpp"
#include "base/async.hpp"

namespace agg::aggd {

// Whether what is older than its time may go. A clock that has leapt, while aggd ran or since the last poll of a run
// before, is believed after a day: set right until then, it has cost nothing. Pure.
class ClockTrust {
  public:
    // `known`: the newest time of an earlier run. `elapsed` counts from any moment, as long as it counts evenly.
    ClockTrust(std::optional<TimePoint> known, TimePoint now, std::chrono::milliseconds elapsed);

    [[nodiscard]] bool trusts(TimePoint now, std::chrono::milliseconds elapsed);

  private:
    TimePoint time_{};
    std::chrono::milliseconds elapsed_{};
    std::optional<std::chrono::milliseconds> leapt_at_;
};

// Lives on the io thread, and must outlive its io_context.
class Housekeeper {
  public:
    // `committed` is called on the io thread when items have gone.
    Housekeeper(asio::any_io_executor executor, CommitQueue& commits, store::Writer& writer,
                Subscriptions& subscriptions, Rest& rest, std::function<void(std::uint64_t generation)> committed)
        : executor_(executor),
          commits_(commits),
          writer_(writer),
          subscriptions_(subscriptions),
          rest_(rest),
          committed_(std::move(committed)),
          pause_(executor) {}

    // Begins; to be called when the subscriptions are known.
    void start();
    void stop();

  private:
    [[nodiscard]] Task<void> keep_house();
    [[nodiscard]] Task<void> tidy();

    asio::any_io_executor executor_;
    CommitQueue& commits_;
    store::Writer& writer_;
    Subscriptions& subscriptions_;
    Rest& rest_;
    std::function<void(std::uint64_t)> committed_;
    asio::steady_timer pause_;
    bool stopping_ = false;
};

}  // namespace agg::aggd
