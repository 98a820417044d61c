#include "store/health_rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"

namespace agg::store {

void add_health_event(SQLite::Database& database, const HealthEvent& event) {
    SQLite::Statement row(database,
                          "INSERT INTO health_event (at_ms, kind, feed, title, text, fix) VALUES (?, ?, ?, ?, ?, ?)");
    row.bind(1, to_unix_ms(event.at));
    row.bind(2, static_cast<int>(event.kind));
    row.bind(3, event.feed);
    row.bind(4, event.title);
    row.bind(5, event.text);
    row.bind(6, event.fix);
    row.exec();
    database.exec("DELETE FROM health_event WHERE id <= (SELECT max(id) FROM health_event) - 1000");
}

std::vector<StoredHealthEvent> read_health_events(SQLite::Database& database, std::size_t limit) {
    std::vector<StoredHealthEvent> events;
    SQLite::Statement row(database,
                          "SELECT id, at_ms, kind, feed, title, text, fix FROM health_event ORDER BY id DESC LIMIT ?");
    row.bind(1, static_cast<std::int64_t>(limit));
    while (row.executeStep()) {
        events.push_back({row.getColumn(0).getInt64(),
                          {.kind = static_cast<HealthKind>(row.getColumn(2).getInt()),
                           .at = from_unix_ms(row.getColumn(1).getInt64()),
                           .feed = row.getColumn(3).getString(),
                           .title = row.getColumn(4).getString(),
                           .text = row.getColumn(5).getString(),
                           .fix = row.getColumn(6).getString()}});
    }
    return events;
}

}  // namespace agg::store
