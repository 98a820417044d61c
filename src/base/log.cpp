#include "base/log.hpp"

#include <cstdlib>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace agg::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

spdlog::logger& logger() {
    static spdlog::logger instance("aggd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    return instance;
}

// sd-daemon(3): "<4>" before a line is its priority in the journal.
const char* journal_prefix(Level level) {
    switch (level) {
        case Level::debug: return "<7>";
        case Level::info: return "<6>";
        case Level::warning: return "<4>";
        case Level::error: return "<3>";
    }
    return "<6>";
}

bool to_journal = false;

}  // namespace

void start(Level lowest) {
    to_journal = std::getenv("JOURNAL_STREAM") != nullptr;
    logger().set_pattern(to_journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%e %-7l %v");
    logger().set_level(to_spdlog(lowest));
    logger().flush_on(spdlog::level::info);
}

void write(Level level, std::string_view line) {
    // What a remote feed wrote must not be able to fake a line of its own.
    std::string safe;
    safe.reserve(line.size());
    for (const char c : line) safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    logger().log(to_spdlog(level), "{}{}", to_journal ? journal_prefix(level) : "", safe);
}

bool is_on(Level level) { return logger().should_log(to_spdlog(level)); }

}  // namespace agg::log
