// Wall time and the ways it is written. No decision reads a clock: it is given `now`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace agg {

// Wall time in UTC. Stored as milliseconds since 1970-01-01T00:00:00Z.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] constexpr std::int64_t to_unix_ms(TimePoint time) { return time.time_since_epoch().count(); }
[[nodiscard]] constexpr TimePoint from_unix_ms(std::int64_t ms) { return TimePoint{std::chrono::milliseconds{ms}}; }

// "2022-01-10T09:05:00Z", whole seconds, UTC (RFC 3339). Years outside 0000 to 9999 are clamped.
[[nodiscard]] std::string to_rfc3339(TimePoint time);

// "Mon, 10 Jan 2022 09:05:00 GMT" (RFC 9110, 5.6.7); also a valid date of RSS 2.0.
[[nodiscard]] std::string to_http_date(TimePoint time);

// Reads an RFC 3339 time, fraction and offset included. Absent when `text` is anything else.
[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text);

// Reads the three forms of an HTTP date (RFC 9110, 5.6.7). Absent when `text` is anything else.
[[nodiscard]] std::optional<TimePoint> parse_http_date(std::string_view text);

// Reads a duration as systemd.time(7) writes it ("90", "15min", "2h 30min", "1d"; a bare number is seconds).
// Absent when `text` is anything else or the sum passes 100 years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// The two largest units of a duration for people: "45 s", "4 min", "2 h 30 min", "3 days".
[[nodiscard]] std::string to_words(std::chrono::milliseconds duration);

// A duration in the shortest form that parse_duration reads back: "15min", "2h 30min", "1500ms".
[[nodiscard]] std::string to_duration_text(std::chrono::milliseconds duration);

}  // namespace agg
