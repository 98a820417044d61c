#include "store/connection.hpp"

#include <sqlite3.h>

namespace agg::store {

SQLite::Database open_connection(const std::string& path, int mode) {
    // SQLite counts its memory under one lock for all threads, and nobody asks for the sum. Refused, which does no
    // harm, when something in the process has used SQLite before.
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(configured);
    SQLite::Database database(path, mode | SQLite::OPEN_NOMUTEX);
    database.setBusyTimeout(10'000);
    database.exec("PRAGMA foreign_keys = ON");
    return database;
}

}  // namespace agg::store
