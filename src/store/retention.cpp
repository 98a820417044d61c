#include "store/retention.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"

namespace agg::store {
namespace {

constexpr int k_pages_at_once = 2'000;  // 8 MB: what a commit waits for

}  // namespace

std::vector<ExpiredItem> expired_items(SQLite::Database& database, TimePoint now, std::size_t limit) {
    // A story's place is rarely later than the arrival of its items: the front of each feed's stories holds all that
    // can have expired.
    SQLite::Statement expired(database, R"sql(
        SELECT item.id, feed.id FROM feed
        CROSS JOIN story_feed ON story_feed.feed_id = feed.id AND story_feed.sort_ms < ?1 - feed.keep_ms
        CROSS JOIN item ON item.story_id = story_feed.story_id AND item.feed_id = feed.id
        CROSS JOIN story ON story.id = item.story_id
        WHERE item.first_seen_ms < ?1 - feed.keep_ms AND NOT story.is_starred
            AND NOT EXISTS (SELECT 1 FROM story_tag WHERE story_tag.story_id = story.id)
        LIMIT ?2)sql");
    expired.bind(1, to_unix_ms(now));
    expired.bind(2, static_cast<std::int64_t>(limit));
    std::vector<ExpiredItem> items;
    while (expired.executeStep())
        items.push_back({ItemId{expired.getColumn(0).getInt64()}, FeedId{expired.getColumn(1).getInt64()}});
    return items;
}

bool give_back_room(SQLite::Database& database) {
    const auto number = [&](const char* pragma) { return database.execAndGet(pragma).getInt64(); };
    const auto has_room = [&] { return number("PRAGMA freelist_count") > number("PRAGMA page_count") / 10; };
    if (!has_room()) return false;
    SQLite::Statement vacuum(database, "PRAGMA incremental_vacuum(" + std::to_string(k_pages_at_once) + ")");
    while (vacuum.executeStep()) {
    }
    return has_room();
}

}  // namespace agg::store
