#include "store/retention.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/rulings.hpp"

namespace agg::store {
namespace {

constexpr int k_pages_at_once = 2'000;  // 8 MB: what a commit waits for

}  // namespace

std::vector<ExpiredItem> expired_items(SQLite::Database& database, TimePoint now, std::size_t limit) {
    // Numbers grow with arrival: the first item of a feed that came late enough ends the search.
    SQLite::Statement arrivals(database, R"sql(
        SELECT item.id, first_seen_ms, is_starred OR EXISTS (
            SELECT 1 FROM story_tag WHERE story_tag.story_id = story.id AND given_by = ?)
        FROM item JOIN story ON story.id = story_id WHERE feed_id = ? ORDER BY item.id)sql");
    std::vector<ExpiredItem> items;
    SQLite::Statement feeds(database, "SELECT id, keep_ms FROM feed WHERE keep_ms IS NOT NULL");
    while (items.size() < limit && feeds.executeStep()) {
        const std::int64_t feed = feeds.getColumn(0).getInt64();
        const std::int64_t expired_ms = to_unix_ms(now) - feeds.getColumn(1).getInt64();
        InUse rows(arrivals);
        rows.bind(static_cast<int>(SetBy::person), feed);
        while (items.size() < limit && rows->executeStep() && rows->getColumn(1).getInt64() < expired_ms)
            if (rows->getColumn(2).getInt() == 0)
                items.push_back({ItemId{rows->getColumn(0).getInt64()}, FeedId{feed}});
    }
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
