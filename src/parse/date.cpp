#include "parse/date.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "parse/date_reader.hpp"

namespace agg::parse {
namespace {

using namespace std::chrono;

constexpr std::size_t k_longest = 128;  // no date is longer

std::optional<TimePoint> at_unix_time(std::string_view digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return digits.size() >= 12 ? from_unix_ms(value) : from_unix_ms(value * 1000);
}

// "2021-W18-3", "2021W183", "2021-W18": a day of an ISO week; Monday is 1.
std::optional<TimePoint> week_date(std::string_view text) {
    const std::size_t letter = text.find('w') == std::string_view::npos ? text.find('W') : text.find('w');
    if (text.size() < 7 || text.size() > 10 || letter < 4 || letter > 5) return std::nullopt;
    std::string digits;
    for (const char c : text)
        if (is_ascii_digit(c)) digits += c;
        else if (c != '-' && c != 'W' && c != 'w') return std::nullopt;
    if (digits.size() != 6 && digits.size() != 7) return std::nullopt;
    const int week = to_int(std::string_view(digits).substr(4, 2));
    const int weekday_number = digits.size() == 7 ? digits[6] - '0' : 1;
    if (week < 1 || week > 53 || weekday_number < 1 || weekday_number > 7) return std::nullopt;
    // The first week is the one with 4 January in it.
    const sys_days fourth{year{to_int(std::string_view(digits).substr(0, 4))} / January / 4};
    const sys_days first_monday = fourth - (weekday{fourth} - Monday);
    return TimePoint{first_monday + days{7 * (week - 1) + weekday_number - 1}};
}

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_ascii_digit); }

// The truncated forms of ISO 8601:1988 that need their length to be understood: "-0312", "-03-12", "031231", "03335", "2003335".
std::string expand_truncated(std::string_view text) {
    const auto century = [](std::string_view two) { return fmt::format("{:04}", full_year(to_int(two), 2)); };
    if (text.size() == 5 && text[0] == '-' && all_digits(text.substr(1)))
        return fmt::format("{}-{}", century(text.substr(1, 2)), text.substr(3));
    if (text.size() == 6 && text[0] == '-' && text[3] == '-') return fmt::format("{}-{}", century(text.substr(1, 2)), text.substr(4));
    if (text.size() == 3 && text[0] == '-' && all_digits(text.substr(1))) return century(text.substr(1));
    if (!all_digits(text)) return std::string(text);
    if (text.size() == 6) return fmt::format("{}-{}-{}", century(text.substr(0, 2)), text.substr(2, 2), text.substr(4));
    if (text.size() == 5) return fmt::format("{}-{}", century(text.substr(0, 2)), text.substr(2));
    if (text.size() == 7) return fmt::format("{}-{}", text.substr(0, 4), text.substr(4));
    return std::string(text);
}

// "Mon, 10 Jan 2022 10:05:00 +0100", as RFC 822 wants dates and most of RSS writes them.
std::optional<TimePoint> with_numeric_offset(std::string_view text) {
    if (text.size() < 6 || !all_digits(text.substr(text.size() - 4))) return std::nullopt;
    const std::string_view offset = text.substr(text.size() - 5);
    const int minutes_east = to_int(offset.substr(1, 2)) * 60 + to_int(offset.substr(3));
    if ((offset[0] != '+' && offset[0] != '-') || to_int(offset.substr(1, 2)) > 24 || to_int(offset.substr(3)) > 59) return std::nullopt;
    const auto local = parse_http_date(std::string(text.substr(0, text.size() - 5)) + "GMT");
    if (!local) return std::nullopt;
    return *local - minutes{offset[0] == '-' ? -minutes_east : minutes_east};
}

}  // namespace

std::optional<TimePoint> parse_date(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.size() > k_longest) return std::nullopt;
    if (all_digits(text) && text.size() >= 9 && text.size() <= 13 && text.size() != 12) return at_unix_time(text);
    // "1620225000.123"
    if (const std::size_t dot = text.find('.'); dot >= 9 && dot <= 10 && all_digits(text.substr(0, dot)) && all_digits(text.substr(dot + 1)))
        return at_unix_time(text.substr(0, dot));
    // The forms that nearly every feed uses need no guessing.
    if (const auto time = is_ascii_digit(text[0]) ? parse_rfc3339(text) : parse_http_date(text)) return time;
    if (const auto time = with_numeric_offset(text)) return time;
    if (const auto time = week_date(text)) return time;
    return read_free_date(expand_truncated(text));
}

}  // namespace agg::parse
