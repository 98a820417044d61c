// Stories changed by hand, and items taken away for good. Within a transaction of the Writer.
#pragma once

#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/result.hpp"
#include "store/ingest.hpp"

namespace agg::store {

// Makes the item a story of its own, and keeps it and its like out of the old one. Returns the new story. Fails with
// `not_found`, or `conflict` when the item is alone in its story.
[[nodiscard]] Result<StoryId> split(SQLite::Database& database, Ingester& ingester, ItemId item, TimePoint now);

// Makes the stories of two items one, the older of the two. Returns it. Fails with `not_found`, or `conflict` when they
// are one already.
[[nodiscard]] Result<StoryId> merge(SQLite::Database& database, Ingester& ingester, ItemId a, ItemId b, TimePoint now);

// Gives the story the next number, as if it began now; its name stays. Returns the number. For a story that nobody saw.
[[nodiscard]] StoryId renumber(SQLite::Database& database, StoryId story);

// Takes items away; as long as their feeds carry them they do not come back. Returns how many there were.
[[nodiscard]] std::uint64_t purge(SQLite::Database& database, Ingester& ingester, const std::vector<ItemId>& items,
                                  TimePoint now);

// Takes the feed away with all its items and what is remembered of its polls. Returns how many items there were; 0 for
// a feed that is subscribed, which stays.
[[nodiscard]] std::uint64_t purge_feed(SQLite::Database& database, Ingester& ingester, FeedId feed, TimePoint now);

}  // namespace agg::store
