// What polls were and how large the database was, day by day: the tables poll_day and size_day, for pictures. Days are
// those of UTC, and stay a little longer than the pictures look back.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/feed.hpp"
#include "base/time.hpp"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace agg::store {

// What one poll counts for, or many together.
struct PollCounts {
    std::uint64_t polls = 0;
    std::uint64_t answers = 0;       // with a status, whichever; the others got none
    std::uint64_t not_modified = 0;  // 304
    std::uint64_t failures = 0;      // no answer, or one that is neither a document nor 304
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_saved = 0;          // what the documents would have been that 304 stood for
    std::chrono::milliseconds duration{0};  // of all answers together
    std::chrono::milliseconds longest{0};   // of one
};

// Days since 1970.
[[nodiscard]] std::int64_t day_number(TimePoint time);
[[nodiscard]] TimePoint beginning_of(std::int64_t day);

// The statement that count_poll() runs.
[[nodiscard]] SQLite::Statement prepare_count_poll(SQLite::Database& database);

// Adds to what the feed's polls of that day were.
void count_poll(SQLite::Statement& statement, FeedId feed, TimePoint now, const PollCounts& counts);

// Notes how large the database is today; of several calls a day the last one counts.
void note_size(SQLite::Database& database, TimePoint now);

// Drops the oldest day when it lies too far back. True: there may be more.
[[nodiscard]] bool forget_old_day(SQLite::Database& database, TimePoint now);

}  // namespace agg::store
