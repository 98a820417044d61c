// What a rule would match among what is stored, before it is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/query.hpp"
#include "store/duplicates.hpp"

namespace agg::store {

struct Trial {
    Query match;                           // parse_match's
    std::optional<TimePoint> since;        // only items of stories that stand there or above in the merged feed
    std::vector<std::string> feeds, tags;  // as Rule's: both empty: all feeds
    std::size_t examples = 10;
};

struct TrialCount {
    std::string feed;  // its name
    std::uint64_t items = 0;
    std::uint64_t matches = 0;
};

struct TrialOutcome {
    std::uint64_t items = 0;  // that were looked at
    std::uint64_t matches = 0;
    std::vector<TrialCount> feeds;   // with items that were looked at; those with most matches first
    std::vector<ItemName> examples;  // of what matches, the newest that arrived
};

// Reads every body that it looks at: some seconds for 100,000 items.
[[nodiscard]] TrialOutcome try_rule(SQLite::Database& database, const Trial& trial);

}  // namespace agg::store
