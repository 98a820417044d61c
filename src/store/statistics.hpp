// Figures of the last days, for pictures: how much each outlet tells, and who tells whose story.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/time.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

inline constexpr std::size_t k_statistics_days = 30;

// Of one feed, per day; the last one is the day of `now`.
struct OutletDays {
    FeedId feed{};
    std::string name;
    std::string title;
    std::vector<std::uint32_t> stories = std::vector<std::uint32_t>(k_statistics_days);  // that it told
    std::uint32_t total = 0;
    std::uint32_t shared = 0;  // of these, those that others told too
};

// Two outlets and the stories that both told: how many of them the one in the row told first.
struct Sharing {
    std::vector<std::size_t> outlets;               // places in Statistics::outlets, those that share most first
    std::vector<std::vector<std::uint32_t>> first;  // first[row][column]; the two ways together are what they share
};

struct Statistics {
    std::vector<TimePoint> days;          // their beginnings, in UTC
    std::vector<std::uint32_t> tellings;  // per day: a story once for each feed that told it
    std::vector<std::uint32_t> repeated;  // of these, those of a story that another feed had told
    std::vector<OutletDays> outlets;      // that told anything, those that told most first
    Sharing sharing;
};

// A story counts for the day on which it stands in the merged feed.
[[nodiscard]] Statistics statistics(SQLite::Database& database, TimePoint now, std::size_t most_in_matrix = 20);

// Statistics::outlets alone, without `shared`.
[[nodiscard]] std::vector<OutletDays> outlet_days(SQLite::Database& database, TimePoint now);

}  // namespace agg::store
