#include "store/streams.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/condition.hpp"
#include "store/marks.hpp"

namespace agg::store {
namespace {

// The feed that told a story first, of what is shown. An item's number grows with arrival.
constexpr const char* k_home =
    "(SELECT feed_id FROM item WHERE story_id = story.id AND is_dropped = 0 ORDER BY id LIMIT 1)";
// Where each tag of a stream is looked up in lists rather than tried on every story.
constexpr const char* k_tag_lists =
    "story.id IN (SELECT story_id FROM story_feed WHERE feed_id IN (SELECT feed_id FROM feed_tag WHERE tag = ?) UNION "
    "ALL "
    "SELECT story_id FROM story_tag WHERE tag = ?)";

Condition condition_of_stream(const StreamRequest& request) {
    Condition all{"story.is_hidden = 0", {}};
    std::vector<Query> others;
    for (Query& term : conjuncts(request.query)) {
        if (term.kind != Query::Kind::tag) {
            others.push_back(std::move(term));
            continue;
        }
        all.sql += fmt::format(" AND {}", k_tag_lists);
        all.values.insert(all.values.end(), {term.text, term.text});
    }
    const auto add = [&](const Condition& more) {
        all.sql += " AND " + more.sql;
        all.values.insert(all.values.end(), more.values.begin(), more.values.end());
    };
    if (request.home) add(at_home(*request.home));
    if (!others.empty()) add(condition_of(Query{.parts = std::move(others)}, request.now));
    return all;
}

}  // namespace

std::vector<StoryId> select_stream(SQLite::Database& database, const StreamRequest& request) {
    std::int64_t first = request.since ? first_arrival(database, *request.since) : 0;
    std::int64_t end = request.until ? first_arrival(database, *request.until + std::chrono::milliseconds{1})
                                     : std::numeric_limits<std::int64_t>::max();
    if (request.after && request.oldest_first) first = std::max(first, to_column(*request.after) + 1);
    if (request.after && !request.oldest_first) end = std::min(end, to_column(*request.after));
    const Condition condition = condition_of_stream(request);
    SQLite::Statement rows(database,
                           fmt::format("SELECT id FROM story WHERE id >= ? AND id < ? AND {} ORDER BY id {} LIMIT ?",
                                       condition.sql, request.oldest_first ? "ASC" : "DESC"));
    rows.bind(1, first);
    rows.bind(2, end);
    bind_values(rows, 3, condition.values);
    rows.bind(3 + static_cast<int>(condition.values.size()), static_cast<std::int64_t>(request.limit));
    std::vector<StoryId> all;
    while (rows.executeStep()) all.push_back(StoryId{rows.getColumn(0).getInt64()});
    return all;
}

std::vector<FeedCount> count_unread(SQLite::Database& database) {
    std::map<std::int64_t, FeedCount> counts;
    // The last in the order of the merged feed is the last that arrived, but for a feed's first poll.
    SQLite::Statement newest(database, R"sql(
        SELECT id, (SELECT first_seen_ms FROM item WHERE item.story_id =
                (SELECT story_id FROM story_feed WHERE feed_id = feed.id ORDER BY sort_ms DESC, story_id DESC LIMIT 1)
            ORDER BY item.id LIMIT 1)
        FROM feed WHERE subscribed)sql");
    while (newest.executeStep()) {
        const std::int64_t feed = newest.getColumn(0).getInt64();
        counts[feed] = {FeedId{feed}, 0, read_time(newest.getColumn(1)).value_or(TimePoint{})};
    }
    SQLite::Statement unread(
        database,
        fmt::format("SELECT {} AS home, count(*) FROM story INDEXED BY story_unread_by_arrival WHERE is_hidden = "
                    "0 AND is_read = 0 GROUP BY home",
                    k_home));
    while (unread.executeStep()) {
        const auto found = counts.find(unread.getColumn(0).getInt64());
        if (found != counts.end()) found->second.unread = from_column(unread.getColumn(1).getInt64());
    }
    std::vector<FeedCount> all;
    for (const auto& [feed, count] : counts) all.push_back(count);
    return all;
}

std::vector<std::string> story_tags(SQLite::Database& database) {
    std::vector<std::string> all;
    SQLite::Statement rows(database, "SELECT DISTINCT tag FROM story_tag ORDER BY tag");
    while (rows.executeStep()) all.push_back(rows.getColumn(0).getString());
    return all;
}

}  // namespace agg::store
