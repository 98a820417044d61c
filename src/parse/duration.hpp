// Lengths of sound and film.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace agg::parse {

// "1:02:03", "62:03", "3723", "3723.5", "PT1H2M3S", "1h 2m 3s". Absent when `text` is none of these.
[[nodiscard]] std::optional<std::chrono::seconds> parse_media_duration(std::string_view text);

}  // namespace agg::parse
