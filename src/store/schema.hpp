// The database's shape: numbered, append-only migrations, one transaction each. ARCHITECTURE.md describes the tables.
#pragma once

#include <cstdint>

#include "base/result.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

// The number of this version's last migration.
[[nodiscard]] std::uint64_t newest_schema();

// Brings a database that may be empty to this version's shape, or to that of an older `version`. Fails with `storage` when a newer aggd has made it;
// throws SQLite::Exception when it cannot be read or written.
[[nodiscard]] Result<void> migrate(SQLite::Database& database, std::uint64_t version = newest_schema());

}  // namespace agg::store
