#include "store/space.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "store/columns.hpp"

namespace agg::store {
namespace {

// The part that a table or an index belongs to.
std::string part_of(const std::string& tree) {
    static constexpr std::pair<const char*, const char*> k_parts[] = {
        {"item_body", "bodies"},    {"search", "search"},          {"revision", "revisions"}, {"anchor", "duplicates"},
        {"decision", "duplicates"}, {"near_miss", "duplicates"},   {"split", "duplicates"},   {"heal_", "duplicates"},
        {"heal", "duplicates"},     {"healed_item", "duplicates"},
    };
    // The health log is no healing.
    if (tree.starts_with("health")) return "items";
    for (const auto& [beginning, part] : k_parts)
        if (tree.starts_with(beginning)) return part;
    return "items";
}

std::uint64_t size_of(const std::string& path) {
    std::error_code absent;
    const auto size = std::filesystem::file_size(path, absent);
    return absent ? 0 : size;
}

}  // namespace

Space measure_space(SQLite::Database& database, std::size_t feeds) {
    const SQLite::Transaction moment(database, SQLite::TransactionBehavior::DEFERRED);
    Space space;
    const std::uint64_t page = from_column(database.execAndGet("PRAGMA page_size").getInt64());
    space.database_bytes = page * from_column(database.execAndGet("PRAGMA page_count").getInt64());
    space.log_bytes = size_of(database.getFilename() + "-wal");

    std::map<std::string, std::uint64_t> parts;
    std::uint64_t left = space.database_bytes;
    const auto count = [&](const std::string& part, std::uint64_t bytes) {
        parts[part] += bytes;
        left -= std::min(left, bytes);
    };
    SQLite::Statement trees(database, "SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE");
    while (trees.executeStep())
        count(part_of(trees.getColumn(0).getString()), from_column(trees.getColumn(1).getInt64()));
    count("free", page * from_column(database.execAndGet("PRAGMA freelist_count").getInt64()));
    parts["items"] += left;  // pages that only say where pages are
    for (const auto& [name, bytes] : parts) space.parts.push_back({name, bytes});
    std::stable_sort(space.parts.begin(), space.parts.end(),
                     [](const SpacePart& a, const SpacePart& b) { return a.bytes > b.bytes; });

    SQLite::Statement rows(database, R"sql(
        SELECT feed.name, coalesce(nullif(user_title, ''), nullif(feed.title, ''), feed.name), subscribed, count(*),
            sum(length(CAST(summary_html AS BLOB)) + length(CAST(content_html AS BLOB)) + length(CAST(details AS BLOB)))
                AS bytes
        FROM item JOIN item_body ON item_id = item.id JOIN feed ON feed.id = feed_id
        GROUP BY feed_id ORDER BY bytes DESC, feed.name LIMIT ?)sql");
    rows.bind(1, static_cast<std::int64_t>(feeds));
    while (rows.executeStep())
        space.feeds.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getString(),
                               rows.getColumn(2).getInt() != 0, from_column(rows.getColumn(3).getInt64()),
                               from_column(rows.getColumn(4).getInt64())});
    return space;
}

}  // namespace agg::store
