#include "store/day_rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"

namespace agg::store {
namespace {

constexpr std::int64_t k_day_ms = 86'400'000;
constexpr std::int64_t k_days_kept = 35;

}  // namespace

std::int64_t day_number(TimePoint time) { return to_unix_ms(time) / k_day_ms; }
TimePoint beginning_of(std::int64_t day) { return from_unix_ms(day * k_day_ms); }

SQLite::Statement prepare_count_poll(SQLite::Database& database) {
    return {database, R"sql(
        INSERT INTO poll_day (day, feed_id, polls, answers, not_modified, failures, bytes_received, bytes_saved, duration_ms,
            longest_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (day, feed_id) DO UPDATE SET polls = polls + ?3, answers = answers + ?4,
            not_modified = not_modified + ?5, failures = failures + ?6, bytes_received = bytes_received + ?7,
            bytes_saved = bytes_saved + ?8, duration_ms = duration_ms + ?9, longest_ms = max(longest_ms, ?10))sql"};
}

void count_poll(SQLite::Statement& statement, FeedId feed, TimePoint now, const PollCounts& counts) {
    InUse(statement)
        .bind(day_number(now), to_column(feed), to_column(counts.polls), to_column(counts.answers),
              to_column(counts.not_modified), to_column(counts.failures), to_column(counts.bytes_received),
              to_column(counts.bytes_saved), static_cast<std::int64_t>(counts.duration.count()),
              static_cast<std::int64_t>(counts.longest.count()))
        ->exec();
}

void note_size(SQLite::Database& database, TimePoint now) {
    const auto number = [&](const char* query) { return database.execAndGet(query).getInt64(); };
    SQLite::Statement row(database, "INSERT OR REPLACE INTO size_day (day, database_bytes, items) VALUES (?, ?, ?)");
    InUse(row)
        .bind(day_number(now), number("PRAGMA page_size") * number("PRAGMA page_count"),
              number("SELECT coalesce(sum(item_count), 0) FROM feed"))
        ->exec();
}

bool forget_old_day(SQLite::Database& database, TimePoint now) {
    const std::int64_t first_kept = day_number(now) - k_days_kept + 1;
    SQLite::Statement sizes(database, "DELETE FROM size_day WHERE day < ?");
    InUse(sizes).bind(first_kept)->exec();
    SQLite::Statement polls(database, R"sql(
        DELETE FROM poll_day WHERE day = (SELECT min(day) FROM poll_day) AND day < ?)sql");
    return InUse(polls).bind(first_kept)->exec() > 0;
}

}  // namespace agg::store
