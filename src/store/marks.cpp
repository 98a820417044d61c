#include "store/marks.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/condition.hpp"

namespace agg::store {
namespace {

struct Change {
    const char* set;
    const char* unless;  // it is so already
};

Change change_of(Mark mark) {
    switch (mark) {
        case Mark::read: return {"is_read = 1", "is_read = 0"};
        case Mark::unread: return {"is_read = 0", "is_read = 1"};
        case Mark::starred: return {"is_starred = 1", "is_starred = 0"};
        case Mark::unstarred: return {"is_starred = 0", "is_starred = 1"};
    }
    return {"is_read = 1", "is_read = 0"};
}

Marked count_change(SQLite::Database& database, std::uint64_t changed) {
    if (changed > 0) database.exec("UPDATE meta SET value = value + 1 WHERE name = 'marks'");
    return {changed, from_column(database.execAndGet("SELECT value FROM meta WHERE name = 'marks'").getInt64())};
}

}  // namespace

std::int64_t first_arrival(SQLite::Database& database, TimePoint time) {
    // Items arrive in the order of their numbers: halve until the first at `time` or later is found.
    std::int64_t low = 1;
    std::int64_t high = database.execAndGet("SELECT coalesce(max(id), 0) + 1 FROM item").getInt64();
    SQLite::Statement at(database, "SELECT id, first_seen_ms FROM item WHERE id >= ? ORDER BY id LIMIT 1");
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        InUse row(at);
        if (!row.bind(middle)->executeStep() || row->getColumn(1).getInt64() >= to_unix_ms(time))
            high = middle;
        else
            low = row->getColumn(0).getInt64() + 1;
    }
    // An item that joined an older story began none: the next that began one counts.
    SQLite::Statement first(
        database,
        "SELECT story_id FROM item WHERE id >= ?1 AND NOT EXISTS (SELECT 1 FROM item AS earlier WHERE "
        "earlier.story_id = item.story_id AND earlier.id < item.id) ORDER BY id LIMIT 1");
    first.bind(1, low);
    if (first.executeStep()) return first.getColumn(0).getInt64();
    return database.execAndGet("SELECT coalesce(max(id), 0) + 1 FROM story").getInt64();
}

Marked apply_mark(SQLite::Database& database, const MarkRequest& request) {
    const Change change = change_of(request.mark);
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    std::uint64_t changed = 0;
    if (request.all) {
        Condition condition = condition_of(request.query, request.now);
        if (request.home) {
            const Condition home = at_home(*request.home);
            condition.sql += " AND " + home.sql;
            condition.values.insert(condition.values.end(), home.values.begin(), home.values.end());
        }
        SQLite::Statement update(database, fmt::format("UPDATE story SET {} WHERE {} AND id < ? AND {}", change.set,
                                                       change.unless, condition.sql));
        update.bind(1, first_arrival(database, request.until + std::chrono::milliseconds{1}));
        bind_values(update, 2, condition.values);
        changed = static_cast<std::uint64_t>(update.exec());
    } else {
        SQLite::Statement update(database,
                                 fmt::format("UPDATE story SET {} WHERE {} AND id = ?", change.set, change.unless));
        for (const StoryId story : request.stories)
            changed += static_cast<std::uint64_t>(InUse(update).bind(to_column(story))->exec());
    }
    const Marked marked = count_change(database, changed);
    transaction.commit();
    return marked;
}

Marked apply_tag(SQLite::Database& database, const TagRequest& request) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement change(
        database, request.given ? "INSERT OR IGNORE INTO story_tag SELECT ?1, sort_ms, id FROM story WHERE id = ?2"
                                : "DELETE FROM story_tag WHERE tag = ?1 AND story_id = ?2");
    std::uint64_t changed = 0;
    for (const StoryId story : request.stories)
        changed += static_cast<std::uint64_t>(InUse(change).bind(request.tag, to_column(story))->exec());
    const Marked marked = count_change(database, changed);
    transaction.commit();
    return marked;
}

Marked rename_tag(SQLite::Database& database, const std::string& from, const std::string& to) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    if (!to.empty()) {
        SQLite::Statement give(
            database, "INSERT OR IGNORE INTO story_tag SELECT ?1, sort_ms, story_id FROM story_tag WHERE tag = ?2");
        InUse(give).bind(to, from)->exec();
    }
    SQLite::Statement take(database, "DELETE FROM story_tag WHERE tag = ?");
    const Marked marked = count_change(database, static_cast<std::uint64_t>(InUse(take).bind(from)->exec()));
    transaction.commit();
    return marked;
}

}  // namespace agg::store
