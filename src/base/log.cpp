#include "base/log.hpp"

#include <string>
#include <vector>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/log_fields.hpp"
#include "base/systemd.hpp"

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

// As syslog(3) counts.
int priority(Level level) {
    switch (level) {
        case Level::debug: return 7;
        case Level::info: return 6;
        case Level::warning: return 4;
        case Level::error: return 3;
    }
    return 6;
}

bool to_journal = false;

bool write_entry(Level level, const Fields& fields, const std::string& line) {
    std::vector<std::string> entry = {fmt::format("PRIORITY={}", priority(level)), "SYSLOG_IDENTIFIER=aggd",
                                      "MESSAGE=" + line};
    if (!fields.feed.empty()) entry.push_back(fmt::format("FEED={}", fields.feed));
    if (!fields.item.empty()) entry.push_back("ITEM=" + fields.item);
    if (fields.status != 0) entry.push_back(fmt::format("STATUS={}", fields.status));
    if (!fields.message_id.empty()) entry.push_back(fmt::format("MESSAGE_ID={}", fields.message_id));
    return systemd::write_to_journal(entry);
}

}  // namespace

void start(Level lowest) {
    to_journal = systemd::has_journal();
    logger().set_pattern(to_journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%e %-7l %v");
    logger().set_level(to_spdlog(lowest));
    logger().flush_on(spdlog::level::info);
}

void write(Level level, std::string_view line) { write(level, Fields{}, line); }

void write(Level level, const Fields& fields, std::string_view line) {
    if (!is_on(level)) return;
    // What a remote feed wrote must not be able to fake a line of its own.
    std::string safe;
    safe.reserve(line.size());
    for (const char c : line) safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    if (to_journal && write_entry(level, fields, safe)) return;
    // sd-daemon(3): "<4>" before a line on standard error is its priority in the journal.
    logger().log(to_spdlog(level), "{}{}", to_journal ? fmt::format("<{}>", priority(level)) : "", safe);
}

bool is_on(Level level) { return logger().should_log(to_spdlog(level)); }

}  // namespace agg::log
