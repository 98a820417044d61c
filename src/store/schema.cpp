#include "store/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/migrations.hpp"

namespace agg::store {

std::uint64_t newest_schema() { return migrations().size(); }

Result<void> migrate(SQLite::Database& database, std::uint64_t version) {
    const auto before = static_cast<std::uint64_t>(database.execAndGet("PRAGMA user_version").getInt64());
    if (before > newest_schema()) {
        return fail(
            ErrorKind::storage,
            "{} was made by a newer aggd (its version is {}, this one knows {}). Install that version again, or "
            "restore a backup made by this one.",
            database.getFilename(), before, newest_schema());
    }
    if (before == 0) {
        // Only takes effect before the first table.
        database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    }
    for (std::uint64_t next = before; next < version; ++next) {
        SQLite::Transaction transaction(database);
        database.exec(migrations()[next]);
        database.exec("PRAGMA user_version = " + std::to_string(next + 1));
        transaction.commit();
    }
    return {};
}

}  // namespace agg::store
