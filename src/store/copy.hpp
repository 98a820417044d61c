// Whole databases: a copy while the Writer goes on, and what a file that claims to be one holds. Synchronous; any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace agg::store {

struct DatabaseFacts {
    std::uint64_t schema = 0;  // the number of its last migration
    std::uint64_t feeds = 0;   // subscribed
    std::uint64_t items = 0;
    std::uint64_t stories = 0;
    std::optional<TimePoint> oldest_item, newest_item;  // by arrival
};

// Told how far something is, in units of its own; false stops it.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

// Copies the database `from`, as it is at one moment, to the new file `to` (mode 0600, no other files beside it).
// Fails with `unavailable` when `progress` stopped it, `storage` when it cannot be read or there is no room; `to` may
// then be there in part.
[[nodiscard]] Result<void> copy_database(const std::string& from, const std::string& to, const Progress& progress);

enum class Check { pages, everything };  // `everything` also holds the indexes against their tables

// Opens `path` read-only and checks it. Fails with `invalid`: it is no database of aggd's, or a damaged one.
[[nodiscard]] Result<DatabaseFacts> examine_database(const std::string& path, Check check);

}  // namespace agg::store
