// The words of dates: months, halves of the day, zones.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace agg::parse {

// Text in lower case as dates need it: Latin, Greek and Cyrillic letters of the basic sets; everything else as it is.
[[nodiscard]] std::string lower_for_dates(std::string_view text);

// 1 to 12 for a month's name or abbreviation in lower case, without its dot; absent when no language has it.
[[nodiscard]] std::optional<int> month_of(std::string_view word);

// The offset of a zone's name in lower case ("est", "msk", "z"); absent when it is none. `date` decides summer time for "ct",
// "pt" and cities ("europe/brussels"): it is local time.
[[nodiscard]] std::optional<std::chrono::minutes> zone_of(std::string_view word, std::chrono::local_seconds date);

}  // namespace agg::parse
