// The tags of feeds, as feeds.conf gives them: views and searches ask by them.
#pragma once

#include <string>
#include <vector>

#include "base/feed.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

// Makes `tags` the feed's tags. True when they were others before.
[[nodiscard]] bool replace_feed_tags(SQLite::Database& database, FeedId feed, const std::vector<std::string>& tags);

}  // namespace agg::store
