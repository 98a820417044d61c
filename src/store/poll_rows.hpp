// PollState as a row of the table poll.
#pragma once

#include "base/feed.hpp"
#include "base/poll_state.hpp"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace agg::store {

// The statement that write_poll() runs.
[[nodiscard]] SQLite::Statement prepare_write_poll(SQLite::Database& database);

// Replaces what is remembered of the feed.
void write_poll(SQLite::Statement& statement, FeedId feed, const PollState& state);

// The statement that read_poll() runs.
[[nodiscard]] SQLite::Statement prepare_read_poll(SQLite::Database& database);

// What is remembered of the feed; an empty state when nothing is.
[[nodiscard]] PollState read_poll(SQLite::Statement& statement, FeedId feed);

}  // namespace agg::store
