// Dates in the order and the language that their writer liked.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace agg::parse {

// Reads a date from left to right, picking out what it knows; see parse_date for what that is.
[[nodiscard]] std::optional<TimePoint> read_free_date(std::string_view text);

// The number that `digits` (at most nine) are.
[[nodiscard]] int to_int(std::string_view digits);

// The year that a number of one to four digits means: "04" is 2004, "98" is 1998.
[[nodiscard]] int full_year(int value, int digits);

}  // namespace agg::parse
