#include "base/systemd.hpp"

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>
#include <time.h>

#include <fmt/format.h>

// Without it every entry would name this file as the line of code that wrote it.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

namespace agg::systemd {

std::vector<int> take_sockets() {
    const int count = sd_listen_fds(1);
    std::vector<int> sockets;
    for (int i = 0; i < count; ++i) sockets.push_back(SD_LISTEN_FDS_START + i);
    return sockets;
}

bool is_supervised() { return std::getenv("NOTIFY_SOCKET") != nullptr; }

void notify(const std::string& lines) { sd_notify(0, lines.c_str()); }

void notify_reloading() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", time.tv_sec * 1'000'000 + time.tv_nsec / 1'000));
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::microseconds(microseconds);
}

bool has_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat file {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &file) != 0) return false;
    return fmt::format("{}:{}", file.st_dev, file.st_ino) == stream;
}

bool write_to_journal(const std::vector<std::string>& fields) {
    std::vector<iovec> parts;
    for (const std::string& field : fields) parts.push_back({const_cast<char*>(field.data()), field.size()});
    return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) >= 0;
}

}  // namespace agg::systemd
