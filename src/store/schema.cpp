#include "store/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/migrations.hpp"

namespace agg::store {

void prepare_connection(SQLite::Database& database) {
    database.setBusyTimeout(10'000);
    database.exec("PRAGMA foreign_keys = ON");
}

Result<void> migrate(SQLite::Database& database) {
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    const int newest = static_cast<int>(migrations().size());
    if (version > newest) {
        return fail(
            ErrorKind::storage,
            "{} was made by a newer aggd (its version is {}, this one knows {}). Install that version again, or "
            "restore a backup made by this one.",
            database.getFilename(), version, newest);
    }
    if (version == 0) {
        // Only takes effect before the first table.
        database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    }
    for (int next = version; next < newest; ++next) {
        SQLite::Transaction transaction(database);
        database.exec(migrations()[static_cast<std::size_t>(next)]);
        database.exec("PRAGMA user_version = " + std::to_string(next + 1));
        transaction.commit();
    }
    return {};
}

}  // namespace agg::store
