// Forgetting a feed: what only it told goes, what others told as well stays.
#pragma once

#include <cstdint>

#include "base/feed.hpp"
#include "base/time.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

// Deletes the feed, what is remembered of its polls, and its items. A story that other feeds tell too stays, under its
// own id; one that nobody tells any more goes. Returns how many items went. Belongs into a transaction.
std::uint64_t purge_feed(SQLite::Database& database, FeedId feed, TimePoint now);

}  // namespace agg::store
