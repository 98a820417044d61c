// HostState as a row of the table host.
#pragma once

#include <vector>

#include "base/host.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

// Replaces what is remembered of the host; a state that says nothing beyond the name takes its row away.
void write_host(SQLite::Database& database, const HostState& state);

[[nodiscard]] std::vector<HostState> read_hosts(SQLite::Database& database);

}  // namespace agg::store
