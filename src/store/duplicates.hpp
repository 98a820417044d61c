// What is stored of how items were recognised: for `aggctl why`, `diff` and `dedup stats`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/item.hpp"
#include "base/rule.hpp"
#include "dedup/rules.hpp"
#include "store/revisions.hpp"
#include "store/word_difference.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

// An item, as it is named in an answer.
struct ItemName {
    ItemId item{};
    std::string feed;  // its name in feeds.conf
    std::string title;
    std::string link;
    TimePoint published{};
};

// Why an item stands where it stands, or why not elsewhere.
struct Ground {
    int reason = 0;                 // dedup::Rule of a match, dedup::Guard of a near miss
    std::optional<ItemName> other;  // that it was compared with; absent when that is gone
    TimePoint at{};
    dedup::Evidence evidence;  // `a` is the other item's side
};

struct Origin {
    ItemName item;
    dedup::Rule rule = dedup::Rule::fresh;
    std::optional<Ground> match;      // absent for the one that began the story
    std::optional<Ground> near_miss;  // the best candidate that a guard refused
    std::vector<ItemName> members;    // of its story, itself included, in the order of arrival
    bool is_dropped = false;          // rules hide it
    std::vector<Hit> rules;           // that did something to it
};

// Absent when there is no such item.
[[nodiscard]] std::optional<Origin> origin_of(SQLite::Database& database, ItemId item);

// A version of an item and when the next one took its place; absent for the present one.
struct DatedVersion {
    std::optional<Version> version;  // absent when the change was too large to be kept
    std::optional<TimePoint> until;
};

// The newest first; empty when there is no such item. What came before a version that is not kept is not kept either.
[[nodiscard]] std::vector<DatedVersion> versions_of(SQLite::Database& database, ItemId item);

// What a revision changed; both empty where the words stayed.
struct Change {
    TimePoint at{};
    bool kept = true;  // false: the older version was too large to keep, or stands behind one that was
    std::vector<Passage> title;
    std::vector<Passage> text;
};

// The newest first; revisions of mark-up alone are left out.
[[nodiscard]] std::vector<Change> changes_of(SQLite::Database& database, ItemId item);

struct RuleCount {
    dedup::Rule rule = dedup::Rule::fresh;
    std::uint64_t joined = 0;  // items that it put into a story
    std::uint64_t split = 0;   // of these, those that a person took out again
};

struct NearMissed {
    ItemName item;
    Ground ground;
};

struct DedupStats {
    std::vector<RuleCount> rules;         // of those that decided something
    std::vector<NearMissed> near_misses;  // the newest twenty
    std::uint64_t healed = 0;             // items whose rewritten ids were recognised, and not taken back
};
[[nodiscard]] DedupStats dedup_stats(SQLite::Database& database);

}  // namespace agg::store
