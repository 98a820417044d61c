#include "fetch/waits.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr seconds k_century{3'155'760'000};

// A non-negative whole number of seconds, `k_century` at most; absent for anything else.
std::optional<seconds> read_seconds(std::string_view text) {
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_ascii_digit)) return std::nullopt;
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    if (text.size() > 10) return k_century;
    std::int64_t value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return std::min(seconds{value}, k_century);
}

// The argument of the directive `name` in a Cache-Control value.
std::optional<std::string_view> directive(std::string_view cache_control, std::string_view name) {
    for (std::string_view part : split(cache_control, ',')) {
        part = trim(part);
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos || !iequals(trim(part.substr(0, equals)), name)) continue;
        std::string_view value = trim(part.substr(equals + 1));
        if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        return value;
    }
    return std::nullopt;
}

}  // namespace

std::optional<milliseconds> freshness(const Headers& headers, TimePoint now) {
    const std::string cache_control = headers.joined("Cache-Control");
    if (const auto value = directive(cache_control, "max-age")) {
        const auto max_age = read_seconds(*value);
        if (!max_age) return std::nullopt;
        const seconds age = read_seconds(trim(headers.get("Age"))).value_or(seconds{0});
        return std::max(*max_age - age, seconds{0});
    }
    const auto expires = parse_http_date(headers.get("Expires"));
    if (!expires) return std::nullopt;
    const TimePoint date = parse_http_date(headers.get("Date")).value_or(now);
    return std::clamp(*expires - date, milliseconds{0}, milliseconds{k_century});
}

std::optional<milliseconds> retry_after(std::string_view value, TimePoint now) {
    value = trim(value);
    if (const auto wait = read_seconds(value)) return *wait;
    const auto date = parse_http_date(value);
    if (!date) return std::nullopt;
    return std::clamp(*date - now, milliseconds{0}, milliseconds{k_century});
}

TimePoint outside_skipped(TimePoint due, const PollingHints& hints) {
    const bool hours_usable = !hints.skip_hours.empty() && hints.skip_hours.size() < 24;
    const bool days_usable = !hints.skip_days.empty() && hints.skip_days.size() < 7;
    const auto has = [](const std::vector<int>& numbers, auto number) {
        return std::find(numbers.begin(), numbers.end(), static_cast<int>(number)) != numbers.end();
    };
    // A week and a day of hours cover every combination.
    for (int step = 0; step < 8 * 24; ++step) {
        const auto day = floor<days>(due);
        const auto hour = floor<hours>(due - day).count();
        const bool skipped = (days_usable && has(hints.skip_days, weekday{day}.c_encoding())) ||
                             (hours_usable && has(hints.skip_hours, hour));
        if (!skipped) return due;
        due = floor<hours>(due) + hours{1};
    }
    return due;
}

}  // namespace agg::fetch
