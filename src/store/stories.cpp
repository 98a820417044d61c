#include "store/stories.hpp"

#include <optional>
#include <set>

#include "store/columns.hpp"

namespace agg::store {
namespace {

struct Placed {
    StoryId story{};
    FeedId feed{};
    int rule = 0;
    std::uint64_t identity = 0;
    StoryName own_name;  // of a story that begins with it
    TimePoint sort{};
    std::int64_t members = 0;
};

SQLite::Statement prepare_place(SQLite::Database& database) {
    return {database, R"sql(
        SELECT story_id, feed_id, rule, identity, url, iif(published_repaired, NULL, published_ms), sort_ms,
            (SELECT count(*) FROM item AS other WHERE other.story_id = item.story_id)
        FROM item JOIN feed ON feed.id = feed_id JOIN story ON story.id = story_id WHERE item.id = ?)sql"};
}

std::optional<Placed> place_of(SQLite::Statement& place, ItemId item) {
    InUse row(place);
    if (!row.bind(to_column(item))->executeStep()) return std::nullopt;
    const std::uint64_t identity = from_column(row->getColumn(3).getInt64());
    return Placed{.story = StoryId{row->getColumn(0).getInt64()},
                  .feed = FeedId{row->getColumn(1).getInt64()},
                  .rule = row->getColumn(2).getInt(),
                  .identity = identity,
                  .own_name = {row->getColumn(4).getString(), identity, read_time(row->getColumn(5))},
                  .sort = from_unix_ms(row->getColumn(6).getInt64()),
                  .members = row->getColumn(7).getInt64()};
}

std::optional<Placed> place_of(SQLite::Database& database, ItemId item) {
    SQLite::Statement place = prepare_place(database);
    return place_of(place, item);
}

tl::unexpected<Error> no_item(ItemId item) {
    return fail(ErrorKind::not_found, "There is no item {}.", to_column(item));
}

template <typename... Values>
int run(SQLite::Database& database, const char* sql, const Values&... values) {
    SQLite::Statement statement(database, sql);
    int index = 0;
    (statement.bind(++index, values), ...);
    return statement.exec();
}

void decide_by_hand(SQLite::Database& database, ItemId item, ItemId other, TimePoint now) {
    run(database, "UPDATE item SET rule = ? WHERE id = ?", static_cast<int>(dedup::Rule::by_hand), to_column(item));
    run(database,
        "INSERT OR REPLACE INTO decision (item_id, rule, other_id, at_ms, evidence) VALUES (?, ?, ?, ?, '{}')",
        to_column(item), static_cast<int>(dedup::Rule::by_hand), to_column(other), to_unix_ms(now));
}

ItemId first_of(SQLite::Database& database, StoryId story) {
    SQLite::Statement row(database, "SELECT min(id) FROM item WHERE story_id = ?");
    row.bind(1, to_column(story));
    row.executeStep();
    return ItemId{row.getColumn(0).getInt64()};
}

}  // namespace

Result<StoryId> split(SQLite::Database& database, Ingester& ingester, ItemId item, TimePoint now) {
    const auto place = place_of(database, item);
    if (!place) return no_item(item);
    if (place->members < 2)
        return fail(ErrorKind::conflict, "Item {} is alone in its story: there is nothing to split.", to_column(item));
    const StoryId own = ingester.make_story(place->own_name, place->sort, now);
    run(database, "UPDATE item SET story_id = ? WHERE id = ?", to_column(own), to_column(item));
    run(database, "INSERT OR REPLACE INTO split (story_id, item_id, rule, at_ms) VALUES (?, ?, ?, ?)",
        to_column(place->story), to_column(item), place->rule, to_unix_ms(now));
    decide_by_hand(database, item, first_of(database, place->story), now);
    run(database, "UPDATE story SET changed_ms = max(changed_ms, ?) WHERE id = ?", to_unix_ms(now),
        to_column(place->story));
    ingester.moved(item, own);
    ingester.settle(own);
    ingester.settle(place->story);
    return own;
}

Result<StoryId> merge(SQLite::Database& database, Ingester& ingester, ItemId a, ItemId b, TimePoint now) {
    const auto place_a = place_of(database, a);
    if (!place_a) return no_item(a);
    const auto place_b = place_of(database, b);
    if (!place_b) return no_item(b);
    if (place_a->story == place_b->story)
        return fail(ErrorKind::conflict, "Items {} and {} are one story already.", to_column(a), to_column(b));
    const bool a_is_older = to_column(place_a->story) < to_column(place_b->story);
    const StoryId kept = a_is_older ? place_a->story : place_b->story;
    const StoryId gone = a_is_older ? place_b->story : place_a->story;
    decide_by_hand(database, a_is_older ? b : a, a_is_older ? a : b, now);
    // What was split out of one of the two by hand comes back by hand; what was split out of either stays out of both.
    run(database, R"sql(
        DELETE FROM split WHERE story_id IN (?1, ?2) AND item_id IN (SELECT id FROM item WHERE story_id IN (?1, ?2)))sql",
        to_column(kept), to_column(gone));
    run(database, "UPDATE OR IGNORE split SET story_id = ? WHERE story_id = ?", to_column(kept), to_column(gone));
    run(database, "UPDATE item SET story_id = ? WHERE story_id = ?", to_column(kept), to_column(gone));
    // Read only what was read of both; starred and tagged what was so of either. What a person did stays a person's.
    run(database, R"sql(
        UPDATE story SET is_read = min(story.is_read, other.is_read), is_starred = max(story.is_starred, other.is_starred),
            read_by = iif(story.is_read AND other.is_read, max(story.read_by, other.read_by), min(story.read_by, other.read_by)),
            starred_by = max(story.starred_by, other.starred_by)
        FROM story AS other WHERE story.id = ? AND other.id = ?)sql",
        to_column(kept), to_column(gone));
    run(database, R"sql(
        INSERT INTO story_tag SELECT tag, story.sort_ms, story.id, given_by FROM story_tag JOIN story ON story.id = ?
        WHERE story_id = ? ON CONFLICT DO UPDATE SET given_by = max(given_by, excluded.given_by))sql",
        to_column(kept), to_column(gone));
    run(database, "UPDATE OR IGNORE refused_tag SET story_id = ? WHERE story_id = ?", to_column(kept), to_column(gone));
    run(database, "DELETE FROM story WHERE id = ?", to_column(gone));
    run(database, "UPDATE story SET changed_ms = max(changed_ms, ?) WHERE id = ?", to_unix_ms(now), to_column(kept));
    ingester.moved(kept);
    ingester.settle(kept);
    return kept;
}

StoryId renumber(SQLite::Database& database, StoryId story) {
    database.exec("PRAGMA defer_foreign_keys = ON");
    database.exec("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'story'");
    const StoryId number{database.execAndGet("SELECT seq FROM sqlite_sequence WHERE name = 'story'").getInt64()};
    for (const char* place :
         {"UPDATE story SET id = ? WHERE id = ?", "UPDATE item SET story_id = ? WHERE story_id = ?",
          "UPDATE split SET story_id = ? WHERE story_id = ?", "UPDATE story_tag SET story_id = ? WHERE story_id = ?",
          "UPDATE refused_tag SET story_id = ? WHERE story_id = ?"})
        run(database, place, to_column(number), to_column(story));
    return number;
}

std::uint64_t purge(SQLite::Database& database, Ingester& ingester, const std::vector<ItemId>& items, TimePoint now) {
    std::uint64_t purged = 0;
    bool recent = false;
    SQLite::Statement placed = prepare_place(database);
    SQLite::Statement bury(database, "INSERT OR REPLACE INTO tombstone (feed_id, identity, seen_ms) VALUES (?, ?, ?)");
    SQLite::Statement drop_anchors(database, "DELETE FROM anchor WHERE item_id = ?");
    SQLite::Statement drop_item(database, "DELETE FROM item WHERE id = ?");
    SQLite::Statement take_from_count(database, "UPDATE feed SET item_count = item_count - 1 WHERE id = ?");
    SQLite::Statement drop_story(database, "DELETE FROM story WHERE id = ?");
    for (const ItemId item : items) {
        const auto place = place_of(placed, item);
        if (!place) continue;
        InUse(bury).bind(to_column(place->feed), to_column(place->identity), to_unix_ms(now))->exec();
        recent = InUse(drop_anchors).bind(to_column(item))->exec() > 0 || recent;
        InUse(drop_item).bind(to_column(item))->exec();
        InUse(take_from_count).bind(to_column(place->feed))->exec();
        if (place->members == 1)
            InUse(drop_story).bind(to_column(place->story))->exec();
        else
            ingester.settle(place->story);
        ++purged;
    }
    // Only the items of the last days have anchors.
    if (recent)
        ingester.recent_items_went();
    else
        ingester.changed(items);
    return purged;
}

std::uint64_t purge_feed(SQLite::Database& database, Ingester& ingester, FeedId feed, TimePoint now) {
    SQLite::Statement subscribed(database, "SELECT 1 FROM feed WHERE id = ? AND subscribed");
    subscribed.bind(1, to_column(feed));
    if (subscribed.executeStep()) return 0;  // again, meanwhile
    std::vector<ItemId> items;
    SQLite::Statement of_feed(database, "SELECT id FROM item WHERE feed_id = ?");
    of_feed.bind(1, to_column(feed));
    while (of_feed.executeStep()) items.push_back(ItemId{of_feed.getColumn(0).getInt64()});
    std::set<StoryId> told_elsewhere;
    SQLite::Statement placed = prepare_place(database);
    for (const ItemId item : items)
        if (const auto place = place_of(placed, item); place && place->members > 1) told_elsewhere.insert(place->story);
    const std::uint64_t purged = purge(database, ingester, items, now);
    for (const StoryId story : told_elsewhere)
        run(database, "UPDATE story SET changed_ms = max(changed_ms, ?) WHERE id = ?", to_unix_ms(now),
            to_column(story));
    run(database, "DELETE FROM feed WHERE id = ?", to_column(feed));
    return purged;
}

}  // namespace agg::store
