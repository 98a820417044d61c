// A timer on the wall clock. Lives on the io thread.
#pragma once

#include <functional>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/async.hpp"
#include "base/time.hpp"

namespace agg::fetch {

// Goes off when a wall time has come: at once when the machine wakes from a sleep in which it came, and also when the
// clock is set, so that nothing needs to look at the clock now and then.
class WallTimer {
  public:
    // `wake` is called on `executor` each time it goes off. Throws std::system_error when the system has no more
    // descriptors.
    WallTimer(const asio::any_io_executor& executor, std::function<void()> wake);

    // Replaces the time it goes off at; one that is over is at once.
    void set(TimePoint time);
    // For good.
    void stop();

  private:
    void wait();

    asio::posix::stream_descriptor timer_;
    std::function<void()> wake_;
    TimePoint time_{};  // while `waiting_`
    bool waiting_ = false;
};

}  // namespace agg::fetch
