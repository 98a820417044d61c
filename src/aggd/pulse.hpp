// Whether a thread gets on with its work: a small piece of work is sent there and must come back.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include <boost/asio/redirect_error.hpp>
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
    [[nodiscard]] Task<std::string> take() {
        if (answered_ == sent_) {
            ++sent_;
            sent_at_ = std::chrono::steady_clock::now();
            asio::co_spawn(executor_, beat_(), [this](std::exception_ptr thrown) { came_back(thrown); });
        }
        const std::uint64_t awaited = sent_;
        asio::steady_timer patience(executor_, patience_);
        waiting_.insert(&patience);
        boost::system::error_code cancelled;
        if (answered_ < awaited) co_await patience.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        waiting_.erase(&patience);
        // Another piece may have been sent before this coroutine goes on.
        if (answered_ >= awaited) co_return failure_;
        const auto silent = std::chrono::steady_clock::now() - sent_at_;
        co_return fmt::format("has not answered for {} s",
                              std::chrono::duration_cast<std::chrono::seconds>(silent).count());
    }

  private:
    void came_back(std::exception_ptr thrown) {
        ++answered_;
        failure_.clear();
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const std::exception& failure) {
            failure_ = failure.what();
        }
        for (asio::steady_timer* timer : waiting_) timer->cancel();
    }

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
