#include "aggctl/words.hpp"

#include <array>

#include <fmt/format.h>

namespace agg::aggctl {

std::string roughly(std::chrono::milliseconds duration) {
    const std::string words = to_words(duration);
    const std::size_t number_end = words.find(' ');
    return words.substr(0, words.find(' ', number_end + 1));
}

std::string ago(std::optional<TimePoint> time, TimePoint now) {
    if (!time) return "never";
    if (now - *time < std::chrono::seconds{1}) return "now";
    return roughly(now - *time) + " ago";
}

std::string ahead(std::optional<TimePoint> time, TimePoint now) {
    if (!time) return "-";
    if (*time - now < std::chrono::seconds{1}) return "now";
    return "in " + roughly(*time - now);
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural) {
    return fmt::format("{} {}", grouped(number), number == 1 ? singular : plural);
}

std::string bytes_in_words(std::uint64_t bytes) {
    if (bytes < 1000) return counted(bytes, "byte", "bytes");
    constexpr std::array<const char*, 4> units = {"kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
    return value < 9.95 ? fmt::format("{:.1f} {}", value, units[unit]) : fmt::format("{:.0f} {}", value, units[unit]);
}

}  // namespace agg::aggctl
