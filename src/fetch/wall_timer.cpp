#include "fetch/wall_timer.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace agg::fetch {
namespace {

int make_timer() {
    const int timer = ::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
    return timer;
}

}  // namespace

WallTimer::WallTimer(const asio::any_io_executor& executor, std::function<void()> wake)
    : timer_(executor, make_timer()), wake_(std::move(wake)) {}

void WallTimer::set(TimePoint time) {
    if (waiting_ && time == time_) return;  // every poll that ends comes by here
    time_ = time;
    const std::int64_t time_ms = std::max<std::int64_t>(to_unix_ms(time), 1);  // 0 would stop it
    itimerspec goes_off{};
    goes_off.it_value.tv_sec = time_ms / 1000;
    goes_off.it_value.tv_nsec = time_ms % 1000 * 1'000'000;
    if (::timerfd_settime(timer_.native_handle(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &goes_off, nullptr) != 0)
        throw std::system_error(errno, std::generic_category(), "timerfd_settime");
    if (!waiting_) wait();
}

void WallTimer::stop() { timer_.cancel(); }

void WallTimer::wait() {
    waiting_ = true;
    timer_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error) return;  // stopped, or gone together with `this`
        waiting_ = false;
        // Fails with ECANCELED when the clock was set, which is a reason to wake as well.
        std::array<std::byte, 8> expirations{};
        if (::read(timer_.native_handle(), expirations.data(), expirations.size()) < 0 && errno == EAGAIN)
            return wait();  // set anew meanwhile
        wake_();
    });
}

}  // namespace agg::fetch
