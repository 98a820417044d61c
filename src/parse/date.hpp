// Dates as feeds write them.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace agg::parse {

// Reads RFC 822 and its deviations, RFC 3339, ISO 8601 and W3CDTF, asctime, Unix time, month names of some thirty languages,
// 12-hour clocks, and zones by offset, name or city. A date without zone is UTC, one without time is midnight. Day before month
// in "03/04/2020" unless that is impossible or the weekday says otherwise. Absent when `text` is no date that exists.
// Linear in the size of `text`.
[[nodiscard]] std::optional<TimePoint> parse_date(std::string_view text);

}  // namespace agg::parse
