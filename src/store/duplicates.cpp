#include "store/duplicates.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "dedup/plain.hpp"
#include "store/columns.hpp"
#include "store/evidence_rows.hpp"
#include "store/packed_text.hpp"
#include "store/rulings.hpp"

namespace agg::store {
namespace {

constexpr int k_shown_near_misses = 20;

constexpr const char* k_name_columns = "item.id, feed.name, item.title, item.link, item.published_ms";

ItemName name_from(SQLite::Statement& row, int first) {
    return {.item = ItemId{row.getColumn(first).getInt64()},
            .feed = row.getColumn(first + 1).getString(),
            .title = row.getColumn(first + 2).getString(),
            .link = row.getColumn(first + 3).getString(),
            .published = from_unix_ms(row.getColumn(first + 4).getInt64())};
}

std::optional<ItemName> name_of(SQLite::Database& database, std::int64_t item) {
    SQLite::Statement row(database, std::string("SELECT ") + k_name_columns +
                                        " FROM item JOIN feed ON feed.id = feed_id WHERE item.id = ?");
    row.bind(1, item);
    return row.executeStep() ? std::optional(name_from(row, 0)) : std::nullopt;
}

// `reason` is the column of `table` that says why.
std::optional<Ground> ground_from(SQLite::Database& database, const char* table, const char* reason, ItemId item) {
    SQLite::Statement row(database,
                          fmt::format("SELECT {}, other_id, at_ms, evidence FROM {} WHERE item_id = ?", reason, table));
    row.bind(1, to_column(item));
    if (!row.executeStep()) return std::nullopt;
    return Ground{.reason = row.getColumn(0).getInt(),
                  .other = name_of(database, row.getColumn(1).getInt64()),
                  .at = from_unix_ms(row.getColumn(2).getInt64()),
                  .evidence = evidence_from(read_packed(row.getColumn(3)))};
}

}  // namespace

std::optional<Origin> origin_of(SQLite::Database& database, ItemId item) {
    auto name = name_of(database, to_column(item));
    if (!name) return std::nullopt;
    Origin origin{.item = std::move(*name)};
    SQLite::Statement rule(database, "SELECT rule, is_dropped FROM item WHERE id = ?");
    rule.bind(1, to_column(item));
    rule.executeStep();
    origin.rule = static_cast<dedup::Rule>(rule.getColumn(0).getInt());
    origin.is_dropped = rule.getColumn(1).getInt() != 0;
    origin.rules = hits_of(database, item);
    origin.match = ground_from(database, "decision", "rule", item);
    origin.near_miss = ground_from(database, "near_miss", "guard", item);
    SQLite::Statement members(database, std::string("SELECT ") + k_name_columns + R"sql(
        FROM item JOIN feed ON feed.id = feed_id WHERE story_id = (SELECT story_id FROM item WHERE id = ?)
        ORDER BY item.id)sql");
    members.bind(1, to_column(item));
    while (members.executeStep()) origin.members.push_back(name_from(members, 0));
    return origin;
}

std::vector<DatedVersion> versions_of(SQLite::Database& database, ItemId item) {
    SQLite::Statement present(database, R"sql(
        SELECT title, link, summary_html, content_html FROM item JOIN item_body ON item_id = item.id WHERE item.id = ?)sql");
    present.bind(1, to_column(item));
    if (!present.executeStep()) return {};
    std::vector<DatedVersion> all;
    all.push_back({.version = Version{present.getColumn(0).getString(), present.getColumn(1).getString(),
                                      read_packed(present.getColumn(2)), read_packed(present.getColumn(3))}});
    SQLite::Statement rows(database, "SELECT until_ms, difference FROM revision WHERE item_id = ? ORDER BY id DESC");
    rows.bind(1, to_column(item));
    while (rows.executeStep()) {
        std::optional<Version> older;
        if (all.back().version) older = older_version(*all.back().version, rows.getColumn(1).getString());
        all.push_back({.version = std::move(older), .until = from_unix_ms(rows.getColumn(0).getInt64())});
    }
    return all;
}

std::vector<Change> changes_of(SQLite::Database& database, ItemId item) {
    const std::vector<DatedVersion> versions = versions_of(database, item);
    const auto text_of = [](const Version& version) {
        const bool body = version.content_html.size() >= version.summary_html.size();
        return dedup::plain_text_of(body ? version.content_html : version.summary_html).text;
    };
    std::vector<Change> all;
    for (std::size_t i = 1; i < versions.size(); ++i) {
        Change change{.at = *versions[i].until, .kept = versions[i].version.has_value()};
        if (change.kept) {
            change.title = word_difference(versions[i].version->title, versions[i - 1].version->title);
            change.text = word_difference(text_of(*versions[i].version), text_of(*versions[i - 1].version));
            if (change.title.empty() && change.text.empty()) continue;
        }
        all.push_back(std::move(change));
    }
    return all;
}

DedupStats dedup_stats(SQLite::Database& database) {
    DedupStats stats;
    SQLite::Statement rules(database, R"sql(
        SELECT rule, sum(joined), sum(taken) FROM (
            SELECT rule, count(*) AS joined, 0 AS taken FROM decision GROUP BY rule
            UNION ALL SELECT rule, count(*), count(*) FROM split GROUP BY rule)
        GROUP BY rule ORDER BY rule)sql");
    while (rules.executeStep())
        stats.rules.push_back({.rule = static_cast<dedup::Rule>(rules.getColumn(0).getInt()),
                               .joined = from_column(rules.getColumn(1).getInt64()),
                               .split = from_column(rules.getColumn(2).getInt64())});
    SQLite::Statement misses(database, std::string("SELECT ") + k_name_columns + R"sql(
        FROM near_miss JOIN item ON item.id = item_id JOIN feed ON feed.id = feed_id ORDER BY item_id DESC LIMIT ?)sql");
    misses.bind(1, k_shown_near_misses);
    while (misses.executeStep()) {
        NearMissed missed{.item = name_from(misses, 0)};
        missed.ground = ground_from(database, "near_miss", "guard", missed.item.item).value_or(Ground{});
        stats.near_misses.push_back(std::move(missed));
    }
    stats.healed = from_column(
        database.execAndGet("SELECT count(*) FROM healed_item JOIN heal ON heal.id = heal_id WHERE undone_ms IS NULL")
            .getInt64());
    return stats;
}

}  // namespace agg::store
