// How every connection to the database is opened.
#pragma once

#include <string>

#include <SQLiteCpp/Database.h>

namespace agg::store {

// For one thread at a time. `mode` is SQLite::OPEN_READONLY or the like. Throws SQLite::Exception.
[[nodiscard]] SQLite::Database open_connection(const std::string& path, int mode);

}  // namespace agg::store
