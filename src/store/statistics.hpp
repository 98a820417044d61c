// Figures of the last days, for pictures: how much each outlet tells, who tells whose story, how polls went, and how
// the database grows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/time.hpp"
#include "store/day_rows.hpp"

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

// Of one feed, per day; the last one is the day of `now`.
struct PollDays {
    FeedId feed{};
    std::vector<std::uint32_t> polls = std::vector<std::uint32_t>(k_statistics_days);
    std::vector<std::uint32_t> failures = std::vector<std::uint32_t>(k_statistics_days);
};

// What becomes of the database when feeds go on as in these days.
struct Outlook {
    double items_a_day = 0;              // that subscribed feeds bring
    std::uint64_t bytes_an_item = 0;     // of the database, for each item that it holds; 0: it holds none
    std::uint64_t settles_at_bytes = 0;  // once all that feeds keep for a time only (`keep`) is as old as that
    double grows_bytes_a_day = 0;        // then still: by feeds that keep their items for ever
    std::uint64_t feeds_for_ever = 0;
};

struct Statistics {
    std::vector<TimePoint> days;          // their beginnings, in UTC
    std::vector<std::uint32_t> tellings;  // per day: a story once for each feed that told it
    std::vector<std::uint32_t> repeated;  // of these, those of a story that another feed had told
    std::vector<OutletDays> outlets;      // that told anything, those that told most first
    Sharing sharing;
    std::vector<PollCounts> polls;  // per day, of all feeds
    // Per day, at its end or now; absent: aggd did not look on that day.
    std::vector<std::optional<std::uint64_t>> database_bytes;
    Outlook outlook;
};

// A story counts for the day on which it stands in the merged feed.
[[nodiscard]] Statistics statistics(SQLite::Database& database, TimePoint now, std::size_t most_in_matrix = 20);

// Statistics::outlets alone, without `shared`.
[[nodiscard]] std::vector<OutletDays> outlet_days(SQLite::Database& database, TimePoint now);

// How the polls of each feed went; feeds that were not polled in these days are left out.
[[nodiscard]] std::vector<PollDays> poll_days(SQLite::Database& database, TimePoint now);

}  // namespace agg::store
