// What takes the room of the database.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace agg::store {

struct SpacePart {
    std::string name;  // "bodies", "search", "revisions", "duplicates", "items", "free"
    std::uint64_t bytes = 0;
};

struct FeedSpace {
    std::string name, title;
    bool is_subscribed = true;
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;  // of its items' bodies, versions not counted
};

struct Space {
    std::uint64_t database_bytes = 0;
    std::uint64_t log_bytes = 0;   // the write-ahead log beside it
    std::vector<SpacePart> parts;  // of the database, the largest first; their sum is its size
    std::vector<FeedSpace> feeds;  // the largest first
};

// Reads every page of the database once. `feeds` at most are named.
[[nodiscard]] Space measure_space(SQLite::Database& database, std::size_t feeds);

}  // namespace agg::store
