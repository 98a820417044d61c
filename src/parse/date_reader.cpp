#include "parse/date_reader.hpp"

#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "parse/date_words.hpp"

namespace agg::parse {
namespace {

using namespace std::chrono;

struct Number {
    int value = 0;
    int digits = 0;
    char after = ' ';  // the byte that follows it
};

struct Clock {
    int hour = 0, minute = 0, second = 0, ms = 0;
};

enum class Half { none, am, pm };

// The day of week that a word begins with (0 Sunday), -1 for none: enough to tell 3 April from 4 March.
int weekday_of(std::string_view word) {
    constexpr std::array<std::string_view, 7> k_names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (std::size_t i = 0; i < k_names.size(); ++i)
        if (word.starts_with(k_names[i])) return static_cast<int>(i);
    return -1;
}

// Reads a date from left to right and collects what it finds; what it means is decided at the end.
class DateReader {
  public:
    explicit DateReader(std::string_view text) : text_(lower_for_dates(text)) {}

    std::optional<TimePoint> read() {
        while (ok_ && at_ < text_.size()) {
            const char c = text_[at_];
            if (is_ascii_digit(c)) number();
            else if ((c == '+' || c == '-') && may_be_offset()) offset(c == '-' ? -1 : 1);
            else if (text_.compare(at_, 3, "\xE2\x88\x92") == 0 && clock_) at_ += 2, offset(-1);  // U+2212, a minus for typesetters
            else if (is_letter(c)) word();
            else ++at_;
        }
        if (!ok_ || unknown_words_ > 5) return std::nullopt;
        return decide();
    }

  private:
    static bool is_letter(char c) { return is_ascii_alpha(c) || static_cast<unsigned char>(c) >= 0x80; }

    [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    std::string_view digits() {
        const std::size_t begin = at_;
        while (is_ascii_digit(peek())) ++at_;
        return std::string_view(text_).substr(begin, at_ - begin);
    }

    bool take(std::string_view expected) {
        if (text_.compare(at_, expected.size(), expected) != 0) return false;
        at_ += expected.size();
        return true;
    }

    bool take_any(std::initializer_list<std::string_view> choices) {
        return std::any_of(choices.begin(), choices.end(), [this](std::string_view choice) { return take(choice); });
    }

    void number() {
        const std::string_view run = digits();
        const int value = to_int(run);
        const auto count = static_cast<int>(run.size());
        if (count > 9 && count != 14 && count != 12) return void(ok_ = false);
        if (static_cast<unsigned char>(peek()) >= 0x80 && east_asian_unit(value, count)) return;
        if (!clock_ && count <= 2 && (peek() == ':' || (peek() == 'h' && !is_letter(peek(1)))) && (is_ascii_digit(peek(1)) || peek() == 'h'))
            return clock(value);
        if (!clock_ && after_t_ && (count == 2 || count == 4 || count == 6)) return compact_clock(run);
        if (!clock_ && count <= 2 && (text_.compare(at_, 2, "am") == 0 || text_.compare(at_, 2, "pm") == 0)) {
            clock_ = Clock{.hour = value};
            return;
        }
        if (count == 14 || count == 12) {  // 20040708235658
            compact_date(run.substr(0, 8));
            return compact_clock(run.substr(8));
        }
        if (count == 8 && numbers_.empty()) return compact_date(run);
        if (take("st") || take("nd") || take("rd") || take("th")) {}
        numbers_.push_back({value, count, peek() == '\0' ? ' ' : peek()});
    }

    // The units that Chinese, Japanese and Korean write after their numbers.
    bool east_asian_unit(int value, int count) {
        if (take_any({"年", "년"})) return year_ = full_year(value, count), true;
        if (take_any({"月", "월"})) return month_ = value, true;
        if (take_any({"日", "일", "号", "號"})) return day_ = value, true;
        if (take_any({"時", "时", "點", "点", "시"})) return ensure_clock().hour = value, true;
        if (take_any({"分", "분"})) return ensure_clock().minute = value, true;
        if (take_any({"秒", "초"})) return ensure_clock().second = value, true;
        return false;
    }

    void compact_date(std::string_view run) {
        year_ = to_int(run.substr(0, 4));
        month_ = to_int(run.substr(4, 2));
        day_ = to_int(run.substr(6, 2));
    }

    void compact_clock(std::string_view run) {
        Clock& clock = ensure_clock();
        clock.hour = to_int(run.substr(0, 2));
        if (run.size() >= 4) clock.minute = to_int(run.substr(2, 2));
        if (run.size() >= 6) clock.second = to_int(run.substr(4, 2));
        fraction();
    }

    Clock& ensure_clock() {
        if (!clock_) clock_ = Clock{};
        return *clock_;
    }

    // "16:31", "16:31:00.5", "16h31"; `hour` is read already.
    void clock(int hour) {
        Clock clock{.hour = hour};
        ++at_;
        clock.minute = to_int(digits());
        if (peek() == ':' && is_ascii_digit(peek(1))) {
            ++at_;
            clock.second = to_int(digits());
        }
        clock_ = clock;
        fraction();
        if (peek() == ':' && is_ascii_digit(peek(1))) {  // 12:00:00:000
            ++at_;
            digits();
        }
    }

    void fraction() {
        if ((peek() != '.' && peek() != ',') || !is_ascii_digit(peek(1))) return;
        ++at_;
        int scale = 100;
        for (const char digit : digits()) {
            clock_->ms += scale * (digit - '0');
            scale /= 10;
        }
    }

    // A sign is an offset after a time, after a zone's name, or after a whole ISO date.
    [[nodiscard]] bool may_be_offset() const {
        if (!clock_ && !zone_) return false;
        if (!clock_ && text_[at_] == '-') return false;
        return !offset_ && at_ + 1 < text_.size() && !is_ascii_space(text_[at_ + 1]) && !numbers_after_dash();
    }

    // "10:14:55-31-12-2003" is a date after a time.
    [[nodiscard]] bool numbers_after_dash() const {
        std::size_t end = at_ + 1;
        while (end < text_.size() && is_ascii_digit(text_[end])) ++end;
        return end < text_.size() && end > at_ + 1 && (text_[end] == '-' || text_[end] == '/');
    }

    void offset(int sign) {
        ++at_;
        const std::string_view run = digits();
        if (run.empty()) return void(ok_ = false);  // "+zz:00"
        int hour = 0;
        int minute = 0;
        if (run.size() <= 2) {
            hour = to_int(run);
            if (peek() == ':' && is_ascii_digit(peek(1))) {
                ++at_;
                minute = to_int(digits());
                if (peek() == ':') ++at_, digits();
            }
        } else if (run.size() <= 4) {
            hour = to_int(run.substr(0, run.size() - 2));
            minute = to_int(run.substr(run.size() - 2));
        } else {
            return void(ok_ = false);
        }
        if (hour > 24 || minute > 59) return void(ok_ = false);
        offset_ = minutes{sign * (hour * 60 + minute)};
    }

    // A run of letters; "_", "/" and "." belong to it between letters ("america/new_york", "a.m").
    std::string_view letters() {
        const std::size_t begin = at_;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            const bool joins = (c == '_' || c == '/' || c == '.') && is_letter(peek(1)) && at_ > begin;
            if (!is_letter(c) && !joins) break;
            ++at_;
        }
        return std::string_view(text_).substr(begin, at_ - begin);
    }

    // Chinese, Japanese and Korean put the half of the day before the hour, without a space; typesetters put spaces of their own.
    bool passed_over() {
        if (take_any({"午前", "上午", "오전", "凌晨", "早上"})) return half_ = Half::am, true;
        if (take_any({"午後", "下午", "오후", "晚上"})) return half_ = Half::pm, true;
        return take_any({"\xC2\xA0", "\xE2\x80\xAF", "\xE3\x80\x80", "\xE2\x80\x8E", "\xE2\x80\x8F"});
    }

    void word() {
        if (static_cast<unsigned char>(peek()) >= 0x80 && passed_over()) return;
        std::string_view text = letters();
        if (text == "t" || text == "um" || text == "at" || text == "uhr" || text == "de" || text == "of") {
            after_t_ = text == "t";
            if (text == "at" && clock_ && at_ >= text_.size()) zone_ = "at";
            return;
        }
        if (is_half(text)) return;
        // A month's name may be written through a dash or a dot: "13-jul-2004", "13.märz.2004".
        if (!month_) {
            if (const auto month = month_of(text)) return void(month_ = *month);
        }
        if ((clock_ || text == "gmt" || text == "utc") && !zone_ && zone_of(text, local_seconds{})) return void(zone_ = std::string(text));
        if (text == "tháng" || text == "thg" || text == "thang") return void(vietnamese_ = true);
        if (const int weekday = weekday_of(text); weekday >= 0) return void(weekday_ = weekday);
        ++unknown_words_;
    }

    bool is_half(std::string_view text) {
        if (text == "am" || text == "a.m" || text == "πμ" || text == "π.μ" || text == "vorm") return half_ = Half::am, true;
        if (text == "pm" || text == "p.m" || text == "μμ" || text == "μ.μ" || text == "nachm") return half_ = Half::pm, true;
        if ((text != "a" && text != "p") || !clock_) return false;
        // "3:04 p. m.", as Spanish writes it
        std::size_t next = at_;
        while (next < text_.size() && (text_[next] == '.' || is_ascii_space(text_[next]))) ++next;
        if (next >= text_.size() || text_[next] != 'm' || (next + 1 < text_.size() && is_letter(text_[next + 1]))) return false;
        at_ = next + 1;
        half_ = text == "a" ? Half::am : Half::pm;
        return true;
    }

    bool date_from_month_name() {
        if (numbers_.empty()) return false;
        const Number first = numbers_[0];
        if (numbers_.size() == 1) {
            if (year_) return day_ = first.value, true;
            if (first.digits < 4) return false;
            year_ = first.value;
            return true;
        }
        const Number second = numbers_[1];
        const bool year_first = first.digits >= 3 && second.digits <= 2;
        day_ = year_first ? second.value : first.value;
        const Number year = year_first ? first : second;
        year_ = full_year(year.value, year.digits);
        return true;
    }

    bool date_from_numbers() {
        if (numbers_.empty()) return false;
        const Number a = numbers_[0];
        if (numbers_.size() == 1) {
            if (a.digits != 4) return false;
            year_ = a.value;
            return true;
        }
        const Number b = numbers_[1];
        if (a.digits == 4 && b.digits == 3 && numbers_.size() == 2) return ordinal(a.value, b.value);
        if (numbers_.size() == 2) {
            if (a.digits != 4 || b.digits > 2) return false;
            year_ = a.value;
            month_ = b.value;
            return true;
        }
        const Number c = numbers_[2];
        if (a.digits == 4) return set(a, b, c);
        if (c.digits == 4 || a.after != '-') {
            if (a.after == '/' && month_first(a, b, c)) return set(c, a, b);
            if (a.value <= 12 && b.value > 12) return set(c, a, b);
            return set(c, b, a);
        }
        return set(a, b, c);  // 03-12-31
    }

    bool set(const Number& year, const Number& month, const Number& day) {
        year_ = full_year(year.value, year.digits);
        month_ = month.value;
        day_ = day.value;
        return true;
    }

    // "03/04/2020": the weekday decides, then the clock: who writes AM and PM puts the month first.
    [[nodiscard]] bool month_first(const Number& a, const Number& b, const Number& c) const {
        if (a.value > 12) return false;
        if (b.value > 12) return true;
        if (weekday_ >= 0) {
            const year y{full_year(c.value, c.digits)};
            const auto weekday_at = [&](int m, int d) {
                const year_month_day date{y, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
                return date.ok() ? static_cast<int>(weekday{sys_days{date}}.c_encoding()) : -1;
            };
            if (weekday_at(a.value, b.value) == weekday_) return true;
            if (weekday_at(b.value, a.value) == weekday_) return false;
        }
        return half_ != Half::none;
    }

    bool ordinal(int y, int day_of_year) {
        if (day_of_year < 1 || day_of_year > 366) return false;
        const year_month_day date{sys_days{year{y} / 1 / 1} + days{day_of_year - 1}};
        year_ = y;
        month_ = static_cast<int>(unsigned{date.month()});
        day_ = static_cast<int>(unsigned{date.day()});
        return true;
    }

    std::optional<TimePoint> decide() {
        if (vietnamese_ && !month_ && numbers_.size() >= 3) {
            set(numbers_[2], numbers_[1], numbers_[0]);
        } else if (!(year_ && month_ && day_) && !numbers_.empty()) {
            if (!(month_ ? date_from_month_name() : date_from_numbers())) return std::nullopt;
        }
        if (!year_) return std::nullopt;
        const year_month_day date{year{*year_}, month{static_cast<unsigned>(month_.value_or(1))}, day{static_cast<unsigned>(day_.value_or(1))}};
        Clock clock = clock_.value_or(Clock{});
        if (half_ == Half::pm && clock.hour < 12) clock.hour += 12;
        if (half_ == Half::am && clock.hour == 12) clock.hour = 0;
        const bool midnight = clock.hour == 24 && clock.minute == 0 && clock.second == 0;
        if (!date.ok() || *year_ < 0 || *year_ > 9999 || (clock.hour > 23 && !midnight) || clock.minute > 59 || clock.second > 60)
            return std::nullopt;
        const local_seconds local = local_days{date} + hours{clock.hour} + minutes{clock.minute} + seconds{clock.second};
        minutes offset{0};
        if (zone_) offset = zone_of(*zone_, local).value_or(minutes{0});
        if (offset_) offset = *offset_;  // "GMT+0200"
        return TimePoint{local.time_since_epoch() - offset} + milliseconds{clock.ms};
    }

    std::string text_;
    std::size_t at_ = 0;
    bool ok_ = true;
    bool after_t_ = false;
    bool vietnamese_ = false;
    int unknown_words_ = 0;
    int weekday_ = -1;
    std::vector<Number> numbers_;
    std::optional<int> year_, month_, day_;
    std::optional<Clock> clock_;
    std::optional<minutes> offset_;
    std::optional<std::string> zone_;
    Half half_ = Half::none;
};

}  // namespace

int to_int(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + std::min<std::size_t>(digits.size(), 9), value);
    return value;
}

int full_year(int value, int digits) {
    if (digits <= 2) return value + (value < 70 ? 2000 : 1900);
    if (digits == 3) return value + 1900;  // what getYear() of old browsers gave
    return value;
}

std::optional<TimePoint> read_free_date(std::string_view text) { return DateReader(text).read(); }

}  // namespace agg::parse
