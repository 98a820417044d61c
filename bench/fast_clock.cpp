// Loaded before a program (LD_PRELOAD), lets its time go by faster: bench/soak has a week go by in an hour so, with all
// of aggd's own intervals as they are. FAST_CLOCK="BEGIN FACTOR": FACTOR seconds go by in one, since BEGIN (seconds
// since 1970). What aggd tells the time and waits by is covered: clock_gettime, gettimeofday, time, and timerfd.
#include <sys/time.h>
#include <sys/timerfd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string_view>
#include <time.h>

namespace {

using Nanoseconds = std::int64_t;
constexpr Nanoseconds k_second = 1'000'000'000;

template <typename Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

Nanoseconds real_time(clockid_t clock) {
    static const auto get = real<int (*)(clockid_t, timespec*)>("clock_gettime");
    timespec time{};
    get(clock, &time);
    return time.tv_sec * k_second + time.tv_nsec;
}

timespec to_timespec(Nanoseconds time) { return {time / k_second, time % k_second}; }
Nanoseconds from_timespec(const timespec& time) { return time.tv_sec * k_second + time.tv_nsec; }

// Where a clock stood when the fast time began.
struct Settings {
    double factor = 1;
    Nanoseconds passed = 0;  // real time since BEGIN, when the program started
    std::array<Nanoseconds, 16> at_start{};
};

const Settings& settings() {
    static const Settings made = [] {
        Settings read;
        double begin = 0;
        const char* given = std::getenv("FAST_CLOCK");
        if (given == nullptr || std::sscanf(given, "%lf %lf", &begin, &read.factor) != 2) std::abort();
        read.passed = real_time(CLOCK_REALTIME) - static_cast<Nanoseconds>(begin * 1e9);
        for (clockid_t clock = 0; clock < 16; ++clock)
            read.at_start[static_cast<std::size_t>(clock)] = real_time(clock);
        return read;
    }();
    return made;
}

bool is_fast(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
           clock == CLOCK_BOOTTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
}

bool is_libcurl(const void* caller) {
    Dl_info library{};
    return ::dladdr(caller, &library) != 0 &&
           std::string_view(library.dli_fname).find("libcurl") != std::string_view::npos;
}

// The time of `clock` at BEGIN; from there on both kinds of time are counted.
Nanoseconds begin_of(clockid_t clock) {
    return settings().at_start[static_cast<std::size_t>(clock)] - settings().passed;
}

Nanoseconds fast_time(clockid_t clock) {
    const auto passed = static_cast<double>(real_time(clock) - begin_of(clock));
    return begin_of(clock) + static_cast<Nanoseconds>(passed * settings().factor);
}

Nanoseconds to_real(clockid_t clock, Nanoseconds fast) {
    return begin_of(clock) + static_cast<Nanoseconds>(static_cast<double>(fast - begin_of(clock)) / settings().factor);
}

std::array<std::atomic<clockid_t>, 65536> timer_clocks;

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) {
    if (!is_fast(clock) || is_libcurl(__builtin_return_address(0))) {
        static const auto get = real<int (*)(clockid_t, timespec*)>("clock_gettime");
        return get(clock, out);
    }
    *out = to_timespec(fast_time(clock));
    return 0;
}

int gettimeofday(timeval* out, void*) {
    const Nanoseconds time = fast_time(CLOCK_REALTIME);
    *out = {time / k_second, time % k_second / 1'000};
    return 0;
}

time_t time(time_t* out) {
    const time_t seconds = fast_time(CLOCK_REALTIME) / k_second;
    if (out != nullptr) *out = seconds;
    return seconds;
}

int timerfd_create(int clock, int flags) {
    static const auto create = real<int (*)(int, int)>("timerfd_create");
    const int timer = create(clock, flags);
    if (timer >= 0) timer_clocks.at(static_cast<std::size_t>(timer)) = clock;
    return timer;
}

int timerfd_settime(int timer, int flags, const itimerspec* given, itimerspec* before) {
    static const auto set = real<int (*)(int, int, const itimerspec*, itimerspec*)>("timerfd_settime");
    itimerspec wanted = *given;
    const Nanoseconds value = from_timespec(given->it_value);
    // A time next to 0 is long ago on every clock, and a way to say "now".
    if ((flags & TFD_TIMER_ABSTIME) != 0 && value > k_second)
        wanted.it_value = to_timespec(to_real(timer_clocks.at(static_cast<std::size_t>(timer)), value));
    else if (value > 1)
        wanted.it_value = to_timespec(static_cast<Nanoseconds>(static_cast<double>(value) / settings().factor) + 1);
    return set(timer, flags, &wanted, before);
}
}
