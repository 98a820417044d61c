// Read, starred, tagged: what people and their readers note of stories.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/query.hpp"
#include "base/time.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

enum class Mark { read, unread, starred, unstarred };

// One change of state. Either `stories`, or everything that fits `query` and has arrived by `until`.
struct MarkRequest {
    Mark mark = Mark::read;
    std::vector<StoryId> stories;
    bool all = false;
    Query query;                 // with `all`
    std::optional<FeedId> home;  // with `all`: only what this feed told first
    TimePoint until{};           // with `all`: what arrived later stays as it is
    TimePoint now{};
};

// Tags given to stories, or taken from them.
struct TagRequest {
    std::vector<StoryId> stories;
    std::string tag;
    bool given = true;
};

struct Marked {
    std::uint64_t changed = 0;  // stories
    std::uint64_t marks = 0;    // grows with every change of what queries ask by; survives restarts
};

// Each is one transaction. Stories that do not exist are skipped.
[[nodiscard]] Marked apply_mark(SQLite::Database& database, const MarkRequest& request);
[[nodiscard]] Marked apply_tag(SQLite::Database& database, const TagRequest& request);

// Takes `from` from every story and gives it `to` instead; with an empty `to` it is only taken. `from` must be a tag
// that people have given to stories: tags of feeds and those that rules give are feeds.conf's, and stay.
[[nodiscard]] Marked rename_tag(SQLite::Database& database, const std::string& from, const std::string& to);

// The number of the first story that arrived at `time` or later; one above all when there is none.
[[nodiscard]] std::int64_t first_arrival(SQLite::Database& database, TimePoint time);

}  // namespace agg::store
