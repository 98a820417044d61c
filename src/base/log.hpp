// The daemon's log. Callable from any thread. An error is logged once, where it stops travelling; nothing that a remote
// feed can trigger is logged above `info`.
#pragma once

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace agg::log {

enum class Level { debug, info, warning, error };

// Lines go to standard error, or to the journal when that is where standard error leads (systemd's services).
void start(Level lowest);

void write(Level level, std::string_view line);
[[nodiscard]] bool is_on(Level level);

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
    if (is_on(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    if (is_on(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
    if (is_on(Level::warning)) write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    if (is_on(Level::error)) write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace agg::log
