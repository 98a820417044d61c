// The subscriptions of feeds.conf in the table feed. Inside the writer's transaction.
#pragma once

#include <vector>

#include "store/writer.hpp"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace agg::store {

struct Subscribed {
    std::vector<StoredFeed> feeds;
    bool is_visible = false;  // readers of the merged feed could see the difference
};

// As Writer::subscribe. `write_poll_row` as prepare_write_poll makes it.
[[nodiscard]] Subscribed subscribe(SQLite::Database& database, SQLite::Statement& write_poll_row,
                                   const std::vector<Feed>& feeds);

}  // namespace agg::store
