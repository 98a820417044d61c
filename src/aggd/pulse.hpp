// Whether a thread gets on with its work: a small piece of work is sent there and must come back.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <set>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"

namespace agg::aggd {

// Lives on the io thread, and must outlive its io_context's run.
class Pulse {
  public:
    // `beat` goes to the thread and back.
    Pulse(asio::any_io_executor executor, std::function<Task<void>()> beat, std::chrono::milliseconds patience)
        : executor_(std::move(executor)), beat_(std::move(beat)), patience_(patience) {}

    // Empty when the work came back in time, else what is wrong: "has not answered for 12 s", or what it threw. One
    // piece of work is on its way at most, however many ask.
    [[nodiscard]] Task<std::string> take();

  private:
    void came_back(const std::exception_ptr& thrown);

    asio::any_io_executor executor_;
    std::function<Task<void>()> beat_;
    std::chrono::milliseconds patience_;
    std::uint64_t sent_ = 0;      // pieces of work
    std::uint64_t answered_ = 0;  // of these
    std::chrono::steady_clock::time_point sent_at_;
    std::string failure_;  // of the last piece of work
    std::set<asio::steady_timer*> waiting_;
};

}  // namespace agg::aggd
