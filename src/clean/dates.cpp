#include "clean/dates.hpp"

#include <algorithm>
#include <functional>

#include "clean/safe_text.hpp"

namespace agg::clean {
namespace {

constexpr TimePoint k_first_sane = std::chrono::sys_days{std::chrono::year{1990} / 1 / 1};
constexpr std::size_t k_max_date_text = 200;

// Enough to tell a feed that stamps every item alike, and a bound on the work per item.
constexpr std::size_t k_items_compared = 16;

bool is_future(TimePoint time, TimePoint now) { return time > now + k_future_tolerance; }

bool is_sane(const std::optional<TimePoint>& time, TimePoint now) {
    return time && *time >= k_first_sane && !is_future(*time, now);
}

bool all_items_share_a_date(const ParsedFeed& feed) {
    if (feed.items.size() < 3) return false;
    const auto& date = feed.items.front().published.time;
    const auto end = feed.items.begin() + static_cast<std::ptrdiff_t>(std::min(feed.items.size(), k_items_compared));
    return date &&
           std::all_of(feed.items.begin(), end, [&](const ParsedItem& item) { return item.published.time == date; });
}

// The item's place in the feed; 0 for an item that is not one of its.
std::size_t place_of(const ParsedItem& item, const ParsedFeed& feed) {
    const ParsedItem* first = feed.items.data();
    const ParsedItem* last = first + feed.items.size();
    const std::less<const ParsedItem*> before;
    return before(&item, first) || !before(&item, last) ? 0 : static_cast<std::size_t>(&item - first);
}

TimePoint feed_date(const ParsedFeed& feed, TimePoint now) {
    if (is_sane(feed.updated.time, now)) return *feed.updated.time;
    if (is_sane(feed.published.time, now)) return *feed.published.time;
    return now;
}

}  // namespace

ItemDates repaired_dates(const ParsedItem& item, const ParsedFeed& feed, TimePoint now) {
    ItemDates dates;
    const auto& published = item.published.time;
    if (is_sane(published, now))
        dates.published = *published;
    else if (is_sane(item.updated.time, now))
        dates.published = *item.updated.time;
    else if ((published && is_future(*published, now)) || (item.updated.time && is_future(*item.updated.time, now)))
        dates.published = now;
    else
        dates.published = feed_date(feed, now);

    if (published && dates.published == published && all_items_share_a_date(feed))
        dates.published -= std::chrono::milliseconds{place_of(item, feed)};
    dates.published_repaired = published != dates.published;
    if (dates.published_repaired) dates.published_text = clean_line(item.published.text, k_max_date_text);
    if (is_sane(item.updated.time, now) && *item.updated.time > dates.published) dates.updated = item.updated.time;
    return dates;
}

}  // namespace agg::clean
