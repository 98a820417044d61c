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

    // First come, first served. Throws when the waiting is cancelled.
    [[nodiscard]] Task<Lock> lock() {
        if (held_) {
            auto turn = std::make_shared<Turn>(executor_);
            waiting_.push_back(turn);
            boost::system::error_code ignored;
            co_await turn->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            if (!turn->given) {
                std::erase(waiting_, turn);
                throw boost::system::system_error(asio::error::operation_aborted);
            }
        }
        held_ = true;
        co_return Lock(*this);
    }

  private:
    struct Turn {
        explicit Turn(const asio::any_io_executor& executor) : wake(executor, asio::steady_timer::time_point::max()) {}
        asio::steady_timer wake;
        bool given = false;
    };

    void release() {
        held_ = !waiting_.empty();  // handed on, so that nobody slips in between
        if (waiting_.empty()) return;
        waiting_.front()->given = true;
        waiting_.front()->wake.cancel();
        waiting_.pop_front();
    }

    asio::any_io_executor executor_;
    std::deque<std::shared_ptr<Turn>> waiting_;
    bool held_ = false;
};

}  // namespace agg::aggd
