// Times and numbers as the pages say them. Pure.
#pragma once

#include <string>

#include "base/time.hpp"
#include "serve/page/html.hpp"

namespace agg::serve::page {

// "3 h ago", "in 20 min", "now"; in the largest unit alone.
[[nodiscard]] std::string relative(TimePoint time, TimePoint now);

// <time> with the words above, and the full date behind them.
void write_time(Html& page, TimePoint time, TimePoint now);

// "2026-11-23" and "Monday, 23 November 2026", in the time zone of the machine.
[[nodiscard]] std::string day_of(TimePoint time);
[[nodiscard]] std::string day_in_words(TimePoint time);

// "Nov 23": a day of UTC.
[[nodiscard]] std::string day_in_short(TimePoint day);

// "12,345", "850 ms" or "1.2 s", "12.3 MB".
[[nodiscard]] std::string grouped(std::uint64_t number);
[[nodiscard]] std::string milliseconds_in_words(std::uint64_t milliseconds);
[[nodiscard]] std::string bytes_in_words(std::uint64_t bytes);

}  // namespace agg::serve::page
