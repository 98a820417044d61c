#include "store/heals.hpp"

#include <algorithm>

#include "dedup/heal.hpp"
#include "store/columns.hpp"
#include "store/health_rows.hpp"

namespace agg::store {
namespace {

constexpr std::size_t k_least_looked_back = 300;
constexpr std::size_t k_documents_looked_back = 3;  // further down stands nothing that was in the last one

std::size_t document_size(const Poll& poll) { return poll.items.size() + poll.unchanged.size(); }

std::vector<dedup::Known> newest_items(SQLite::Database& database, FeedId feed, std::size_t limit) {
    std::vector<dedup::Known> all;
    SQLite::Statement rows(database, R"sql(
        SELECT id, identity, link, canonical_url, title, published_ms FROM item WHERE feed_id = ?
        ORDER BY id DESC LIMIT ?)sql");
    rows.bind(1, to_column(feed));
    rows.bind(2, static_cast<std::int64_t>(limit));
    while (rows.executeStep())
        all.push_back({.item = ItemId{rows.getColumn(0).getInt64()},
                       .identity = from_column(rows.getColumn(1).getInt64()),
                       .link = rows.getColumn(2).getString(),
                       .canonical_url = rows.getColumn(3).getString(),
                       .title = rows.getColumn(4).getString(),
                       .published = from_unix_ms(rows.getColumn(5).getInt64())});
    return all;
}

}  // namespace

Healer::Healer(SQLite::Database& database)
    : database_(database), is_known_(database, "SELECT 1 FROM item WHERE feed_id = ? AND identity = ?") {}

bool Healer::mostly_unknown(const Poll& poll) {
    std::size_t unknown = 0;
    for (const KeyedItem& item : poll.items) {
        InUse row(is_known_);
        if (!row.bind(to_column(poll.feed), to_column(item.keys.identity))->executeStep()) ++unknown;
    }
    return unknown * 2 > document_size(poll);
}

std::vector<ItemId> Healer::heal(const Poll& poll) {
    if (poll.items.size() < 3 || !mostly_unknown(poll)) return {};
    const auto known = newest_items(database_, poll.feed,
                                    std::max(k_least_looked_back, k_documents_looked_back * document_size(poll)));
    if (known.empty()) return {};
    const auto rewrites = dedup::find_rewrites(poll.items, poll.unchanged, known);
    if (rewrites.empty()) return {};

    SQLite::Statement was_undone(database_, R"sql(
        SELECT 1 FROM healed_item JOIN heal ON heal.id = heal_id
        WHERE item_id = ? AND new_identity = ? AND undone_ms IS NOT NULL)sql");
    SQLite::Statement keep(database_, R"sql(
        INSERT INTO healed_item (heal_id, item_id, old_identity, old_guid, new_identity)
        SELECT ?, id, identity, guid, ? FROM item WHERE id = ?)sql");
    SQLite::Statement rename(database_, "UPDATE item SET identity = ?, guid = ? WHERE id = ?");
    std::int64_t heal = 0;
    std::vector<ItemId> healed;
    for (const dedup::Rewrite& rewrite : rewrites) {
        const KeyedItem& keyed = poll.items[rewrite.index];
        // An old item may have that very id: only the newest are looked at.
        InUse taken(is_known_);
        if (taken.bind(to_column(poll.feed), to_column(keyed.keys.identity))->executeStep()) continue;
        InUse undone(was_undone);
        if (undone.bind(to_column(rewrite.item), to_column(keyed.keys.identity))->executeStep()) continue;
        if (heal == 0) {
            SQLite::Statement begin(database_, "INSERT INTO heal (feed_id, at_ms) VALUES (?, ?)");
            begin.bind(1, to_column(poll.feed));
            begin.bind(2, to_unix_ms(poll.now));
            begin.exec();
            heal = database_.getLastInsertRowid();
        }
        InUse(keep).bind(heal, to_column(keyed.keys.identity), to_column(rewrite.item))->exec();
        InUse(rename).bind(to_column(keyed.keys.identity), keyed.item.id, to_column(rewrite.item))->exec();
        healed.push_back(rewrite.item);
    }
    if (!healed.empty()) tell(poll, healed.size());
    return healed;
}

void Healer::tell(const Poll& poll, std::size_t healed) {
    SQLite::Statement name(database_, "SELECT name FROM feed WHERE id = ?");
    name.bind(1, to_column(poll.feed));
    name.executeStep();
    const std::string feed = name.getColumn(0).getString();
    add_health_event(
        database_,
        {.kind = HealthKind::ids_healed,
         .at = poll.now,
         .feed = feed,
         .title = fmt::format("{} gave {} items new ids; they were recognised", feed, healed),
         .text = fmt::format("{} of the {} items of this document came under ids that were never seen, at addresses or "
                             "under titles that are stored. The stored items have the new ids now, and nothing came "
                             "back as new. If these were other items, take it back.",
                             healed, document_size(poll)),
         .fix = "aggctl undo-heal " + feed});
}

std::optional<std::vector<ItemId>> Healer::undo(FeedId feed, TimePoint now) {
    SQLite::Statement last(database_,
                           "SELECT id FROM heal WHERE feed_id = ? AND undone_ms IS NULL ORDER BY id DESC LIMIT 1");
    last.bind(1, to_column(feed));
    if (!last.executeStep()) return std::nullopt;
    const std::int64_t heal = last.getColumn(0).getInt64();
    last.reset();
    std::vector<ItemId> changed;
    SQLite::Statement rows(database_, "SELECT item_id, old_identity, old_guid FROM healed_item WHERE heal_id = ?");
    // An old id that came back meanwhile stays with the item that has it now.
    SQLite::Statement rename(database_, "UPDATE OR IGNORE item SET identity = ?, guid = ? WHERE id = ?");
    rows.bind(1, heal);
    while (rows.executeStep()) {
        const ItemId item{rows.getColumn(0).getInt64()};
        InUse row(rename);
        if (row.bind(rows.getColumn(1).getInt64(), rows.getColumn(2).getString(), to_column(item))->exec() > 0)
            changed.push_back(item);
    }
    SQLite::Statement close(database_, "UPDATE heal SET undone_ms = ? WHERE id = ?");
    close.bind(1, to_unix_ms(now));
    close.bind(2, heal);
    close.exec();
    return changed;
}

}  // namespace agg::store
