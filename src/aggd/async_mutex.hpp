// One coroutine at a time through a section that awaits. Lives on one thread.
#pragma once

#include <deque>
#include <memory>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"

namespace agg::aggd {

class AsyncMutex {
  public:
    explicit AsyncMutex(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    // Held until it is destroyed.
    class Lock {
      public:
        explicit Lock(AsyncMutex& mutex) : mutex_(&mutex) {}
        Lock(Lock&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
        Lock& operator=(Lock&&) = delete;
        ~Lock() {
            if (mutex_ != nullptr) mutex_->release();
        }

      private:
        AsyncMutex* mutex_;
    };

    // First come, first served.
    [[nodiscard]] Task<Lock> lock() {
        if (held_) {
            auto turn = std::make_shared<asio::steady_timer>(executor_, asio::steady_timer::time_point::max());
            waiting_.push_back(turn);
            boost::system::error_code ignored;
            co_await turn->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        held_ = true;
        co_return Lock(*this);
    }

  private:
    void release() {
        held_ = !waiting_.empty();  // handed on, so that nobody slips in between
        if (waiting_.empty()) return;
        waiting_.front()->cancel();
        waiting_.pop_front();
    }

    asio::any_io_executor executor_;
    std::deque<std::shared_ptr<asio::steady_timer>> waiting_;
    bool held_ = false;
};

}  // namespace agg::aggd
