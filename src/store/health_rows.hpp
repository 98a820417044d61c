// HealthEvent as rows of the table health_event.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/health_event.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

// An event under its number, which grows and is never used again.
struct StoredHealthEvent {
    std::int64_t number = 0;
    HealthEvent event;
};

// Adds the event; of the oldest ones, only the newest thousand stay.
void add_health_event(SQLite::Database& database, const HealthEvent& event);

// The newest `limit` events, the newest first.
[[nodiscard]] std::vector<StoredHealthEvent> read_health_events(SQLite::Database& database, std::size_t limit);

}  // namespace agg::store
