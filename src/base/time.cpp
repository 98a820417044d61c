#include "base/time.hpp"

#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"

namespace agg {
namespace {

using namespace std::chrono;

constexpr std::array<const char*, 7> k_days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> k_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Civil {
    int year, month, day, hour, minute, second, weekday;
};

Civil to_civil(TimePoint time) {
    constexpr TimePoint first = sys_days{year{0} / 1 / 1};
    constexpr TimePoint last = sys_days{year{9999} / 12 / 31} + hours{23} + minutes{59} + seconds{59};
    const auto whole = floor<seconds>(std::clamp(time, first, last));
    const auto midnight = floor<days>(whole);
    const year_month_day date{midnight};
    const hh_mm_ss clock{whole - midnight};
    return {int{date.year()},
            static_cast<int>(unsigned{date.month()}),
            static_cast<int>(unsigned{date.day()}),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(weekday{midnight}.c_encoding())};
}

// Reads `text` from left to right; any miss leaves `ok` false.
struct Scanner {
    std::string_view text;
    bool ok = true;

    int number(std::size_t digits) {
        int value = 0;
        if (text.size() < digits) ok = false;
        for (std::size_t i = 0; ok && i < digits; ++i) {
            if (!is_ascii_digit(text[i])) ok = false;
            value = value * 10 + (text[i] - '0');
        }
        if (ok) text.remove_prefix(digits);
        return value;
    }
    void literal(char expected) {
        if (text.empty() || text[0] != expected) ok = false;
        if (ok) text.remove_prefix(1);
    }
    void literal(std::string_view expected) {
        for (const char c : expected) literal(c);
    }
    int name(const auto& names) {
        for (std::size_t i = 0; ok && i < names.size(); ++i)
            if (istarts_with(text, names[i])) {
                text.remove_prefix(3);
                return static_cast<int>(i);
            }
        ok = false;
        return 0;
    }
    void skip_alpha() {
        while (!text.empty() && is_ascii_alpha(text[0])) text.remove_prefix(1);
    }
};

std::optional<TimePoint> from_civil(int y, int mo, int d, int h, int mi, int s) {
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
    return TimePoint{sys_days{date} + hours{h} + minutes{mi} + seconds{s}};
}

struct Unit {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::int64_t k_second = 1000;
constexpr std::int64_t k_minute = 60 * k_second;
constexpr std::int64_t k_hour = 60 * k_minute;
constexpr std::int64_t k_day = 24 * k_hour;
// systemd.time(7); a month is 30.44 days and a year 365.25 days there as well.
constexpr std::array<Unit, 31> k_units = {{
    {"ms", 1},           {"msec", 1},         {"s", k_second},         {"sec", k_second},       {"second", k_second},
    {"seconds", k_second}, {"m", k_minute},   {"min", k_minute},       {"mins", k_minute},      {"minute", k_minute},
    {"minutes", k_minute}, {"h", k_hour},     {"hr", k_hour},          {"hrs", k_hour},         {"hour", k_hour},
    {"hours", k_hour},   {"d", k_day},        {"day", k_day},          {"days", k_day},         {"w", 7 * k_day},
    {"week", 7 * k_day}, {"weeks", 7 * k_day}, {"M", 2'629'800'000},   {"mon", 2'629'800'000},  {"month", 2'629'800'000},
    {"months", 2'629'800'000}, {"y", 31'557'600'000}, {"yr", 31'557'600'000}, {"year", 31'557'600'000},
    {"years", 31'557'600'000}, {"", k_second},
}};

}  // namespace

std::string to_rfc3339(TimePoint time) {
    const Civil c = to_civil(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string to_http_date(TimePoint time) {
    const Civil c = to_civil(time);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", k_days[static_cast<std::size_t>(c.weekday)], c.day,
                       k_months[static_cast<std::size_t>(c.month - 1)], c.year, c.hour, c.minute, c.second);
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
    Scanner in{trim(text)};
    const int y = in.number(4);
    in.literal('-');
    const int mo = in.number(2);
    in.literal('-');
    const int d = in.number(2);
    if (in.ok && !in.text.empty() && (in.text[0] == 't' || in.text[0] == ' ')) in.text.remove_prefix(1);
    else in.literal('T');
    const int h = in.number(2);
    in.literal(':');
    const int mi = in.number(2);
    in.literal(':');
    const int s = in.number(2);
    milliseconds fraction{0};
    if (in.ok && !in.text.empty() && in.text[0] == '.') {
        in.text.remove_prefix(1);
        for (int scale = 100; !in.text.empty() && is_ascii_digit(in.text[0]); scale /= 10, in.text.remove_prefix(1))
            fraction += milliseconds{scale * (in.text[0] - '0')};
    }
    minutes offset{0};
    if (in.ok && (in.text == "Z" || in.text == "z")) {
        in.text.remove_prefix(1);
    } else if (in.ok && !in.text.empty() && (in.text[0] == '+' || in.text[0] == '-')) {
        const int sign = in.text[0] == '-' ? -1 : 1;
        in.text.remove_prefix(1);
        const int zone_hours = in.number(2);
        in.literal(':');
        offset = minutes{sign * (zone_hours * 60 + in.number(2))};
    } else {
        in.ok = false;
    }
    if (!in.ok || !in.text.empty()) return std::nullopt;
    const auto local = from_civil(y, mo, d, h, mi, s);
    return local ? std::optional{*local + fraction - offset} : std::nullopt;
}

std::optional<TimePoint> parse_http_date(std::string_view text) {
    Scanner in{trim(text)};
    in.name(k_days);
    if (!in.ok) return std::nullopt;
    const bool asctime = in.text.starts_with(' ');
    in.skip_alpha();
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    const auto clock = [&] {
        h = in.number(2);
        in.literal(':');
        mi = in.number(2);
        in.literal(':');
        s = in.number(2);
    };
    if (asctime) {  // Sun Nov  6 08:49:37 1994
        in.literal(' ');
        mo = in.name(k_months) + 1;
        in.literal(' ');
        if (in.ok && in.text.starts_with(' ')) {
            in.text.remove_prefix(1);
            d = in.number(1);
        } else {
            d = in.number(2);
        }
        in.literal(' ');
        clock();
        in.literal(' ');
        y = in.number(4);
    } else {
        in.literal(", ");
        d = in.number(2);
        const bool rfc850 = in.ok && in.text.starts_with('-');  // Sunday, 06-Nov-94 08:49:37 GMT
        in.literal(rfc850 ? '-' : ' ');
        mo = in.name(k_months) + 1;
        in.literal(rfc850 ? '-' : ' ');
        y = in.number(rfc850 ? 2 : 4);
        if (rfc850) y += y < 70 ? 2000 : 1900;
        in.literal(' ');
        clock();
        in.literal(" GMT");
    }
    if (!in.ok || !in.text.empty()) return std::nullopt;
    return from_civil(y, mo, d, h, mi, s);
}

std::optional<milliseconds> parse_duration(std::string_view text) {
    constexpr std::int64_t longest = 100 * 31'557'600'000;
    text = trim(text);
    if (text.empty()) return std::nullopt;
    std::int64_t total = 0;
    while (!text.empty()) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
        if (error != std::errc{} || !(number >= 0)) return std::nullopt;  // "nan" is a number to from_chars
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        text = trim(text);
        std::size_t length = 0;
        while (length < text.size() && is_ascii_alpha(text[length])) ++length;
        const std::string_view name = text.substr(0, length);
        const auto unit = std::find_if(k_units.begin(), k_units.end(), [&](const Unit& u) { return u.name == name; });
        if (unit == k_units.end()) return std::nullopt;
        text.remove_prefix(length);
        text = trim(text);
        const double ms = number * static_cast<double>(unit->ms);
        if (ms > static_cast<double>(longest)) return std::nullopt;
        total += static_cast<std::int64_t>(ms);
        if (total > longest) return std::nullopt;
    }
    return milliseconds{total};
}

namespace {

// `duration` split into units, largest first, zero parts left out; `limit` parts at most.
std::string in_units(milliseconds duration, const std::vector<std::pair<std::string_view, std::int64_t>>& units,
                     std::string_view between_number_and_unit, std::size_t limit) {
    std::string out;
    std::int64_t rest = duration.count();
    std::size_t parts = 0;
    for (const auto& [name, ms] : units) {
        const std::int64_t count = rest / ms;
        rest %= ms;
        if (count == 0) {
            if (parts > 0 && limit < units.size()) break;
            continue;
        }
        if (!out.empty()) out += ' ';
        out += fmt::format("{}{}{}", count, between_number_and_unit, name);
        if (count > 1 && name == "day") out += 's';
        if (++parts == limit) break;
    }
    return out;
}

}  // namespace

std::string to_words(milliseconds duration) {
    if (duration < milliseconds{0}) duration = -duration;
    const std::string words =
        in_units(floor<seconds>(duration), {{"day", k_day}, {"h", k_hour}, {"min", k_minute}, {"s", k_second}}, " ", 2);
    return words.empty() ? "0 s" : words;
}

std::string to_duration_text(milliseconds duration) {
    const std::string text =
        in_units(duration, {{"d", k_day}, {"h", k_hour}, {"min", k_minute}, {"s", k_second}, {"ms", 1}}, "", 5);
    return text.empty() ? "0s" : text;
}

}  // namespace agg
