// Stories in the order in which they arrived, for readers that keep themselves in step.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/query.hpp"
#include "base/time.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

struct StreamRequest {
    Query query;
    std::optional<FeedId> home;      // only stories that this feed told first: each story is at home in one feed
    std::optional<TimePoint> since;  // only what arrived then or later
    std::optional<TimePoint> until;  // only what arrived then or earlier
    std::optional<StoryId> after;    // only what follows this story in the order
    bool oldest_first = false;
    std::size_t limit = 20;
    TimePoint now{};
};

[[nodiscard]] std::vector<StoryId> select_stream(SQLite::Database& database, const StreamRequest& request);

// What has arrived since a story, for those who follow the feed as it grows. A story's number grows with its arrival,
// and none is given twice.
struct Arrivals {
    std::vector<StoryId> stories;  // that the query asks for, in the order of their arrival
    StoryId last{};                // all up to it have been looked at
};

// The first `limit` after `after`. A query for words leaves stories that are not in the full-text index yet, and all
// that follow them, for a later call.
[[nodiscard]] Arrivals select_arrivals(SQLite::Database& database, const Query& query, StoryId after, std::size_t limit,
                                       TimePoint now);

// The place that the last `count` stories which the query asks for, and no others, follow.
[[nodiscard]] StoryId place_before_last(SQLite::Database& database, const Query& query, std::size_t count,
                                        TimePoint now);

// The last number that a story was given.
[[nodiscard]] StoryId newest_story(SQLite::Database& database);

// What is unread of the stories that a feed told first.
struct FeedCount {
    FeedId feed{};
    std::uint64_t unread = 0;
    TimePoint newest{};  // when the last of the feed's stories arrived, read or not
};
[[nodiscard]] std::vector<FeedCount> count_unread(SQLite::Database& database);

// The tags that stories have been given.
[[nodiscard]] std::vector<std::string> story_tags(SQLite::Database& database);

}  // namespace agg::store
