// The CPU that the benchmarks count: seconds used so far, user and system together.
#pragma once

#include <sys/resource.h>

namespace agg::bench {

[[nodiscard]] inline double seconds_of(const rusage& used) {
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Of all threads of the process, those that have ended included.
[[nodiscard]] inline double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return seconds_of(used);
}

// Of the thread that asks.
[[nodiscard]] inline double thread_cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_THREAD, &used);
    return seconds_of(used);
}

}  // namespace agg::bench
