#include "parse/hints.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"

namespace agg::parse {
namespace {

using std::chrono::minutes;

constexpr minutes k_longest = std::chrono::hours{24 * 366};

std::optional<int> whole_number(std::string_view text) {
    text = trim(text);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    return value;
}

void set_interval(FeedDraft& draft) {
    const minutes period = draft.update_period.value_or(std::chrono::hours{24});
    draft.hints.syndication_interval = std::clamp(period / draft.update_frequency, minutes{1}, k_longest);
}

}  // namespace

void read_ttl(FeedDraft& draft, const Element& element) {
    const auto value = whole_number(element.text());
    if (value && *value >= 0) draft.hints.ttl = std::min(minutes{*value}, k_longest);
}

void read_skip_hours(FeedDraft& draft, const Element& element) {
    for (const Element& child : element) {
        auto hour = whole_number(child.text());
        if (hour == 24) hour = 0;  // RSS 0.91 counts 1 to 24
        auto& hours = draft.hints.skip_hours;
        if (hour && *hour >= 0 && *hour < 24 && std::find(hours.begin(), hours.end(), *hour) == hours.end()) hours.push_back(*hour);
    }
}

void read_skip_days(FeedDraft& draft, const Element& element) {
    constexpr std::array<std::string_view, 7> k_days = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (const Element& child : element) {
        const std::string text = child.trimmed();
        auto& days = draft.hints.skip_days;
        for (std::size_t i = 0; i < k_days.size(); ++i) {
            const int day = static_cast<int>(i);
            if (istarts_with(text, k_days[i]) && std::find(days.begin(), days.end(), day) == days.end()) days.push_back(day);
        }
    }
}

void read_update_period(FeedDraft& draft, const Element& element) {
    using std::chrono::hours;
    const std::string period = ascii_lower(element.trimmed());
    if (period == "hourly") draft.update_period = hours{1};
    else if (period == "daily") draft.update_period = hours{24};
    else if (period == "weekly") draft.update_period = hours{24 * 7};
    else if (period == "monthly") draft.update_period = hours{24 * 30};
    else if (period == "yearly") draft.update_period = hours{24 * 365};
    else return;
    set_interval(draft);
}

void read_update_frequency(FeedDraft& draft, const Element& element) {
    const auto frequency = whole_number(element.text());
    if (!frequency || *frequency < 1) return;
    draft.update_frequency = *frequency;
    set_interval(draft);
}

}  // namespace agg::parse
