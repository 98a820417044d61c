// PollState as a row of the table poll.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/feed.hpp"
#include "base/poll_state.hpp"
#include "store/day_rows.hpp"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace agg::store {

// The statement that write_poll() runs.
[[nodiscard]] SQLite::Statement prepare_write_poll(SQLite::Database& database);

// Replaces what is remembered of the feed. `today`: as to_text() writes it; absent: it stays.
void write_poll(SQLite::Statement& statement, FeedId feed, const PollState& state,
                const std::optional<std::string>& today = {});

// The statement that read_poll() runs.
[[nodiscard]] SQLite::Statement prepare_read_poll(SQLite::Database& database);

// What is remembered of the feed; an empty state when nothing is.
[[nodiscard]] PollState read_poll(SQLite::Statement& statement, FeedId feed);

// What a feed's polls of one day were. That of the last day with polls stands in the feed's own row, which every poll
// writes anyway: rows of poll_day, written with every poll, would cost it as much again.
struct PolledDay {
    std::int64_t day = 0;  // as day_number()
    PollCounts counts;
};
void add(PollCounts& sum, const PollCounts& counts);
[[nodiscard]] std::string to_text(const PolledDay& polled);
[[nodiscard]] PolledDay polled_day_from(std::string_view text);  // of an empty text: no polls

}  // namespace agg::store
