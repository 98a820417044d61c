#include "parse/duration.hpp"

#include <charconv>

#include "base/text.hpp"

namespace agg::parse {
namespace {

constexpr long long k_longest = 366LL * 24 * 3600;

std::optional<double> number(std::string_view text) {
    text = trim(text);
    if (text.empty() || !(is_ascii_digit(text[0]) || text[0] == '.')) return std::nullopt;  // from_chars reads "nan"
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > 1e9) return std::nullopt;
    return value;
}

std::optional<std::chrono::seconds> in_range(double seconds) {
    if (seconds > static_cast<double>(k_longest)) return std::nullopt;
    return std::chrono::seconds{static_cast<long long>(seconds)};
}

// "PT1H2M3.5S" (ISO 8601) and "1h 2min 3 sec".
std::optional<std::chrono::seconds> with_units(std::string_view text) {
    if (istarts_with(text, "P")) {
        text.remove_prefix(1);
        if (istarts_with(text, "T")) text.remove_prefix(1);
    }
    double total = 0;
    bool any = false;
    while (!(text = trim(text)).empty()) {
        std::size_t digits = 0;
        while (digits < text.size() && (is_ascii_digit(text[digits]) || text[digits] == '.')) ++digits;
        const auto value = number(text.substr(0, digits));
        if (!value) return std::nullopt;
        text = trim(text.substr(digits));
        std::size_t letters = 0;
        while (letters < text.size() && is_ascii_alpha(text[letters])) ++letters;
        const std::string unit = ascii_lower(text.substr(0, letters));
        if (unit == "d" || unit == "dt") total += *value * 86400;
        else if (unit == "h" || unit == "hr" || unit == "hrs" || unit == "hour" || unit == "hours") total += *value * 3600;
        else if (unit == "m" || unit == "min" || unit == "mins" || unit == "minute" || unit == "minutes") total += *value * 60;
        else if (unit == "s" || unit == "sec" || unit == "secs" || unit == "second" || unit == "seconds") total += *value;
        else return std::nullopt;
        text.remove_prefix(letters);
        any = true;
    }
    return any ? in_range(total) : std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> parse_media_duration(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.size() > 64) return std::nullopt;
    if (text.find(':') == std::string_view::npos) {
        if (const auto seconds = number(text)) return in_range(*seconds);
        return with_units(text);
    }
    double total = 0;
    const auto parts = split(text, ':');
    if (parts.size() > 4) return std::nullopt;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string_view part = trim(parts[i]);
        const auto value = part.empty() ? std::optional{0.0} : number(part);  // ":45"
        if (!value) return std::nullopt;
        total = total * (parts.size() == 4 && i == 1 ? 24 : 60) + *value;
    }
    return in_range(total);
}

}  // namespace agg::parse
