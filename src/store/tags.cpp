#include "store/tags.hpp"

#include <set>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"

namespace agg::store {

bool replace_feed_tags(SQLite::Database& database, FeedId feed, const std::vector<std::string>& tags) {
    std::set<std::string> before;
    SQLite::Statement rows(database, "SELECT tag FROM feed_tag WHERE feed_id = ?");
    rows.bind(1, to_column(feed));
    while (rows.executeStep()) before.insert(rows.getColumn(0).getString());
    if (before == std::set<std::string>(tags.begin(), tags.end())) return false;
    SQLite::Statement clear(database, "DELETE FROM feed_tag WHERE feed_id = ?");
    InUse(clear).bind(to_column(feed))->exec();
    SQLite::Statement insert(database, "INSERT OR IGNORE INTO feed_tag (tag, feed_id) VALUES (?, ?)");
    for (const std::string& tag : tags) InUse(insert).bind(tag, to_column(feed))->exec();
    return true;
}

}  // namespace agg::store
