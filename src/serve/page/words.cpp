#include "serve/page/words.hpp"

#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace agg::serve::page {
namespace {

std::tm local_time(TimePoint time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    return parts;
}

}  // namespace

std::string relative(TimePoint time, TimePoint now) {
    const bool is_past = time <= now;
    const auto apart = is_past ? now - time : time - now;
    if (apart < std::chrono::seconds{30}) return "now";
    const std::string words = to_words(apart);
    // The largest unit: "2 h 30 min" is "2 h".
    const std::size_t unit = words.find(' ');
    const std::string largest = words.substr(0, words.find(' ', unit + 1));
    return is_past ? largest + " ago" : "in " + largest;
}

void write_time(Html& page, TimePoint time, TimePoint now) {
    page.element("time", relative(time, now),
                 {{"dir", "ltr"},
                  {"datetime", to_rfc3339(time)},
                  {"title", fmt::format("{:%Y-%m-%d %H:%M}", local_time(time))}});
}

std::string day_of(TimePoint time) { return fmt::format("{:%Y-%m-%d}", local_time(time)); }

std::string day_in_words(TimePoint time) {
    const std::tm parts = local_time(time);
    return fmt::format("{:%A}, {} {:%B %Y}", parts, parts.tm_mday, parts);
}

std::string day_in_short(TimePoint day) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(day);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    return fmt::format("{:%b} {}", parts, parts.tm_mday);
}

std::string grouped(std::uint64_t number) {
    std::string digits = fmt::format("{}", number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::string milliseconds_in_words(std::uint64_t milliseconds) {
    if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
    return fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000);
}

std::string bytes_in_words(std::uint64_t bytes) {
    static constexpr std::array k_units = {"bytes", "kB", "MB", "GB", "TB"};
    double amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (amount >= 1000 && unit + 1 < k_units.size()) {
        amount /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", amount, k_units.at(unit));
}

}  // namespace agg::serve::page
