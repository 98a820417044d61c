#include "store/host_rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"

namespace agg::store {

void write_host(SQLite::Database& database, const HostState& state) {
    if (state == HostState{.host = state.host}) {
        SQLite::Statement remove(database, "DELETE FROM host WHERE name = ?");
        remove.bind(1, state.host);
        remove.exec();
        return;
    }
    SQLite::Statement row(database, R"sql(
        INSERT OR REPLACE INTO host (name, held_until_ms, held_reason, limited, limited_at_ms, spacing_ms, spacing_until_ms)
        VALUES (:name, :held_until_ms, :held_reason, :limited, :limited_at_ms, :spacing_ms, :spacing_until_ms))sql");
    row.bind(":name", state.host);
    bind_time(row, ":held_until_ms", state.held_until);
    row.bind(":held_reason", state.held_reason);
    row.bind(":limited", state.limited);
    bind_time(row, ":limited_at_ms", state.limited_at);
    if (state.spacing)
        row.bind(":spacing_ms", static_cast<std::int64_t>(state.spacing->count()));
    else
        row.bind(":spacing_ms");
    bind_time(row, ":spacing_until_ms", state.spacing_until);
    row.exec();
}

std::vector<HostState> read_hosts(SQLite::Database& database) {
    std::vector<HostState> hosts;
    SQLite::Statement row(database, "SELECT * FROM host ORDER BY name");
    while (row.executeStep()) {
        HostState& state = hosts.emplace_back();
        state.host = row.getColumn("name").getString();
        state.held_until = read_time(row.getColumn("held_until_ms"));
        state.held_reason = row.getColumn("held_reason").getString();
        state.limited = row.getColumn("limited").getUInt();
        state.limited_at = read_time(row.getColumn("limited_at_ms"));
        const SQLite::Column spacing = row.getColumn("spacing_ms");
        if (!spacing.isNull()) state.spacing = std::chrono::milliseconds{spacing.getInt64()};
        state.spacing_until = read_time(row.getColumn("spacing_until_ms"));
    }
    return hosts;
}

}  // namespace agg::store
