// The full-text index. It is fed some time after the items are stored, many stories at once: poll by poll it would cost
// ten times what storing the items costs.
#pragma once

#include <cstddef>

namespace SQLite {
class Database;
}

namespace agg::store {

// Brings up to `limit` stories that are new or changed into the index, the longest waiting first, in one transaction.
// Returns how many that were; less than `limit`: none waits any more.
[[nodiscard]] std::size_t index_pending(SQLite::Database& database, std::size_t limit);

}  // namespace agg::store
