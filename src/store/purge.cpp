#include "store/purge.hpp"

#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"

namespace agg::store {

std::uint64_t purge_feed(SQLite::Database& database, FeedId feed, TimePoint now) {
    std::vector<std::int64_t> stories;
    SQLite::Statement told(database, "SELECT DISTINCT story_id FROM item WHERE feed_id = ?");
    told.bind(1, to_column(feed));
    while (told.executeStep()) stories.push_back(told.getColumn(0).getInt64());

    SQLite::Statement items(database, "DELETE FROM item WHERE feed_id = ?");
    items.bind(1, to_column(feed));
    const int gone = items.exec();

    SQLite::Statement untold(database,
                             "DELETE FROM story WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM item WHERE story_id = ?1)");
    SQLite::Statement changed(database, "UPDATE story SET changed_ms = max(changed_ms, ?) WHERE id = ?");
    for (const std::int64_t story : stories) {
        InUse(untold).bind(story)->exec();
        InUse(changed).bind(to_unix_ms(now), story)->exec();
    }
    SQLite::Statement row(database, "DELETE FROM feed WHERE id = ?");
    row.bind(1, to_column(feed));
    row.exec();
    return static_cast<std::uint64_t>(gone);
}

}  // namespace agg::store
