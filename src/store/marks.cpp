#include "store/marks.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/condition.hpp"
#include "store/rulings.hpp"

namespace agg::store {
namespace {

struct Change {
    const char* set;
    const char* unless;  // it is so already
    const char* set_by;
};

Change change_of(Mark mark) {
    switch (mark) {
        case Mark::read: return {"is_read = 1", "is_read = 0", "read_by"};
        case Mark::unread: return {"is_read = 0", "is_read = 1", "read_by"};
        case Mark::starred: return {"is_starred = 1", "is_starred = 0", "starred_by"};
        case Mark::unstarred: return {"is_starred = 0", "is_starred = 1", "starred_by"};
    }
    return {"is_read = 1", "is_read = 0", "read_by"};
}

constexpr int k_person = static_cast<int>(SetBy::person);

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
        SQLite::Statement update(
            database, fmt::format("UPDATE story SET {}, {} = {} WHERE {} AND id < ? AND {} AND {}", change.set,
                                  change.set_by, k_person, change.unless, visibility(request.query), condition.sql));
        update.bind(1, first_arrival(database, request.until + std::chrono::milliseconds{1}));
        bind_values(update, 2, condition.values);
        changed = static_cast<std::uint64_t>(update.exec());
    } else {
        SQLite::Statement update(database,
                                 fmt::format("UPDATE story SET {} WHERE {} AND id = ?", change.set, change.unless));
        // Also of what is so already, so that no rule takes it back.
        SQLite::Statement by_hand(
            database, fmt::format("UPDATE story SET {0} = {1} WHERE {0} <> {1} AND id = ?", change.set_by, k_person));
        for (const StoryId story : request.stories) {
            changed += static_cast<std::uint64_t>(InUse(update).bind(to_column(story))->exec());
            InUse(by_hand).bind(to_column(story))->exec();
        }
    }
    const Marked marked = count_change(database, changed);
    transaction.commit();
    return marked;
}

Marked apply_tag(SQLite::Database& database, const TagRequest& request) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement change(
        database, request.given
                      ? "INSERT OR IGNORE INTO story_tag (tag, sort_ms, story_id) SELECT ?1, sort_ms, id FROM "
                        "story WHERE id = ?2"
                      : "DELETE FROM story_tag WHERE tag = ?1 AND story_id = ?2");
    // What a person takes away no rule gives back, and what a person gives no rule takes.
    SQLite::Statement by_hand(
        database, request.given
                      ? fmt::format("UPDATE story_tag SET given_by = {} WHERE tag = ?1 AND story_id = ?2", k_person)
                      : "INSERT OR IGNORE INTO refused_tag (tag, story_id) SELECT ?1, id FROM story WHERE id = ?2");
    SQLite::Statement accept(database, "DELETE FROM refused_tag WHERE tag = ? AND story_id = ?");
    std::uint64_t changed = 0;
    for (const StoryId story : request.stories) {
        changed += static_cast<std::uint64_t>(InUse(change).bind(request.tag, to_column(story))->exec());
        InUse(by_hand).bind(request.tag, to_column(story))->exec();
        if (request.given) InUse(accept).bind(request.tag, to_column(story))->exec();
    }
    const Marked marked = count_change(database, changed);
    transaction.commit();
    return marked;
}

Marked rename_tag(SQLite::Database& database, const std::string& from, const std::string& to) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    if (!to.empty()) {
        SQLite::Statement give(
            database,
            fmt::format("INSERT INTO story_tag SELECT ?1, sort_ms, story_id, given_by FROM story_tag WHERE tag "
                        "= ?2 AND given_by = {0} ON CONFLICT DO UPDATE SET given_by = {0}",
                        k_person));
        InUse(give).bind(to, from)->exec();
    }
    SQLite::Statement take(database, fmt::format("DELETE FROM story_tag WHERE tag = ? AND given_by = {}", k_person));
    const Marked marked = count_change(database, static_cast<std::uint64_t>(InUse(take).bind(from)->exec()));
    transaction.commit();
    return marked;
}

}  // namespace agg::store
