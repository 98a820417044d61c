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
