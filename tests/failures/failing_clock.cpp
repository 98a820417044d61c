// Preloaded into a program (LD_PRELOAD), it makes the time of day wrong by as many milliseconds as stand in the file
// that FAILING_CLOCK_FILE names (an int64_t), and changes it while the program runs, as somebody who sets the clock
// does.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::int64_t k_ns_per_ms = 1'000'000;
constexpr std::int64_t k_ms_per_s = 1'000;

std::array<std::atomic<bool>, 1024> minds_the_clock;  // by descriptor: timers that are to go off when it is set

const std::atomic<std::int64_t>* shared_offset() {
    static const void* const page = [] {
        const char* file = std::getenv("FAILING_CLOCK_FILE");
        const int descriptor = file != nullptr ? ::open(file, O_RDONLY | O_CLOEXEC) : -1;
        void* mapped =
            descriptor < 0 ? MAP_FAILED : ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, descriptor, 0);
        if (descriptor >= 0) ::close(descriptor);
        return mapped == MAP_FAILED ? nullptr : mapped;
    }();
    return static_cast<const std::atomic<std::int64_t>*>(page);
}

void shift(timespec& time, std::int64_t by_ms) {
    const std::int64_t sum_ns = time.tv_nsec + by_ms % k_ms_per_s * k_ns_per_ms;
    const std::int64_t carry = sum_ns < 0 ? -1 : sum_ns / (k_ms_per_s * k_ns_per_ms);
    time.tv_sec += by_ms / k_ms_per_s + carry;
    time.tv_nsec = sum_ns - carry * k_ms_per_s * k_ns_per_ms;
}

int really_set(int timer, int flags, const itimerspec* value, itimerspec* before) {
    return static_cast<int>(::syscall(SYS_timerfd_settime, timer, flags, value, before));
}

std::int64_t offset_now() {
    const auto* shared = shared_offset();
    const std::int64_t offset = shared != nullptr ? shared->load() : 0;
    static std::atomic<std::int64_t> last = offset;
    if (last.exchange(offset) == offset) return offset;
    const itimerspec at_once{{0, 0}, {0, 1}};
    for (std::size_t timer = 0; timer < minds_the_clock.size(); ++timer)
        if (minds_the_clock[timer]) really_set(static_cast<int>(timer), 0, &at_once, nullptr);
    return offset;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
    const int outcome = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    const std::int64_t offset = offset_now();
    if (outcome == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) shift(*time, offset);
    return outcome;
}

extern "C" int timerfd_settime(int timer, int flags, const itimerspec* value, itimerspec* before) noexcept {
    if ((flags & TFD_TIMER_CANCEL_ON_SET) == 0) return really_set(timer, flags, value, before);
    if (static_cast<std::size_t>(timer) < minds_the_clock.size())
        minds_the_clock[static_cast<std::size_t>(timer)] = true;
    itimerspec real = *value;
    shift(real.it_value, -offset_now());
    if (real.it_value.tv_sec < 0) real.it_value = {0, 1};
    return really_set(timer, flags, &real, before);
}
