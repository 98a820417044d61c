// What the database gives up again: items whose time is over, and the room that they leave. Within the Writer's thread.
#pragma once

#include <cstddef>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/time.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

struct ExpiredItem {
    ItemId item{};
    FeedId feed{};
};

// Up to `limit` items that came longer ago than their feed keeps them (feed.keep_ms). Those of starred
// stories, and of stories that a person has given a tag, are none.
[[nodiscard]] std::vector<ExpiredItem> expired_items(SQLite::Database& database, TimePoint now, std::size_t limit);

// Gives a piece of the file that is no longer used back to the file system, once a tenth of the file is. True: there is
// more to give back. Not within a transaction.
[[nodiscard]] bool give_back_room(SQLite::Database& database);

}  // namespace agg::store
