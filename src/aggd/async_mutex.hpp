// One coroutine at a time through a section that awaits. Lives on one thread.
#pragma once

#include <deque>
#include <memory>

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
    [[nodiscard]] Task<Lock> lock();

  private:
    struct Turn {
        explicit Turn(const asio::any_io_executor& executor) : wake(executor, asio::steady_timer::time_point::max()) {}
        asio::steady_timer wake;
        bool given = false;
    };

    void release();

    asio::any_io_executor executor_;
    std::deque<std::shared_ptr<Turn>> waiting_;
    bool held_ = false;
};

}  // namespace agg::aggd
