// Figures as people say them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace agg::aggctl {

// The largest unit only: "45 s", "4 min", "3 days".
[[nodiscard]] std::string roughly(std::chrono::milliseconds duration);

// "4 min ago", "now"; "never" when absent.
[[nodiscard]] std::string ago(std::optional<TimePoint> time, TimePoint now);

// "in 4 min", "now" for what is due; "-" when absent.
[[nodiscard]] std::string ahead(std::optional<TimePoint> time, TimePoint now);

// 41208 as "41,208".
[[nodiscard]] std::string grouped(std::uint64_t number);

// "312 feeds", "1 feed".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural);

// "512 bytes", "1.9 MB", "214 kB" (powers of 1000).
[[nodiscard]] std::string bytes_in_words(std::uint64_t bytes);

}  // namespace agg::aggctl
