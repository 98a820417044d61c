// The dates of an item, repaired once, when it is first seen.
#pragma once

#include <optional>
#include <string>

#include "base/parsed_feed.hpp"
#include "base/time.hpp"

namespace agg::clean {

// Clocks of publishers that run this much ahead are believed.
inline constexpr std::chrono::minutes k_future_tolerance{10};

struct ItemDates {
    TimePoint published{};
    bool published_repaired = false;  // `published` is not what the feed says
    std::string published_text;       // the feed's own words, when they were repaired
    std::optional<TimePoint> updated;

    friend bool operator==(const ItemDates&, const ItemDates&) = default;
};

// The rule, in this order:
// 1. The item's date of publication, when it is sane: not before 1990 and not later than `now` + k_future_tolerance.
// 2. Else the item's date of update, when it is sane.
// 3. A date in the future (a local time that calls itself UTC, a mistyped year, a post dated ahead): `now`.
// 4. No date, or one before 1990 (an empty field printed as 1970 or 0001): the feed's own date of update or publication
// when it is
//    sane, else `now`.
// Where every item of a feed carries the same instant (three at least), that is the time the document was made; items
// are then set one millisecond apart in document order, the first one last, so that the order the publisher chose is
// kept. `updated` is set only when it is sane and later than `published`.
[[nodiscard]] ItemDates repaired_dates(const ParsedItem& item, const ParsedFeed& feed, TimePoint now);

}  // namespace agg::clean
