// Which stories a page shows, newest first, whatever the query: by an index that brings them in order, never by sorting
// all that fit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/item.hpp"
#include "base/query.hpp"
#include "base/time.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

// A place in the order of a page. Pages of text searches are in the order in which the stories came into the index, all
// others in that of the merged feed.
struct Position {
    std::int64_t sort = 0;
    std::int64_t number = 0;

    friend auto operator<=>(const Position&, const Position&) = default;
};

struct Selection {
    Query query;
    std::size_t limit = 100;
    std::optional<Position> before;  // only what stands below that place
    TimePoint now{};                 // what "since:7d" counts from
};

struct Selected {
    StoryId story{};
    Position position;
};

// The first `selection.limit` stories that fit, in order.
[[nodiscard]] std::vector<Selected> select_stories(SQLite::Database& database, const Selection& selection);

}  // namespace agg::store
