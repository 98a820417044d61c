// aggd under a service manager: a line on how it does, and a sign of life for the watchdog while everything makes
// progress.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include "aggd/commit_queue.hpp"
#include "base/async.hpp"

namespace agg::aggd {

// Lives on the io thread; does nothing without a service manager.
class Supervision {
  public:
    // `status_line` is called every few seconds.
    Supervision(asio::any_io_executor executor, CommitQueue& commits, std::function<std::string()> status_line);

    // The daemon serves, on `listener` among others: tells so, and begins.
    void ready(int listener);

    // A reload has ended, well or not.
    void reloaded();

    // Tells that the daemon stops, for good or to begin anew in this process; nobody watches it from then on.
    void stop(bool process_ends);

  private:
    [[nodiscard]] Task<void> tell_status();
    [[nodiscard]] Task<void> feed_watchdog(std::chrono::microseconds patience);
    [[nodiscard]] Task<bool> answers(std::chrono::microseconds patience);
    void tell_what_hangs();

    asio::any_io_executor executor_;
    CommitQueue& commits_;
    std::function<std::string()> status_line_;
    asio::steady_timer status_timer_;
    asio::steady_timer watchdog_timer_;
    asio::generic::stream_protocol::endpoint self_;
    std::string told_;
    // What the watchdog waits for, and since when.
    const char* awaited_ = nullptr;
    std::chrono::steady_clock::time_point awaited_since_;
    std::chrono::microseconds longest_wait_{0};
    bool stopping_ = false;
};

}  // namespace agg::aggd
