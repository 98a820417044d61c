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

// Those with numbers from `first` up to and without `end`.
std::vector<StoryId> select_between(SQLite::Database& database, const StreamRequest& request, std::int64_t first,
                                    std::int64_t end) {
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

// The last story of which it can be said whether the query asks for it.
std::int64_t last_known(SQLite::Database& database, const Query& query) {
    const std::int64_t newest = to_column(newest_story(database));
    if (!asks_for_words(query)) return newest;
    // One that was revised is found by its old words until it is indexed anew.
    const SQLite::Column first_waiting = database.execAndGet(R"sql(
        SELECT coalesce(min(story_id), 9223372036854775807) FROM search_pending
        WHERE NOT EXISTS (SELECT 1 FROM search_document WHERE search_document.story_id = search_pending.story_id))sql");
    return std::min(newest, first_waiting.getInt64() - 1);
}

}  // namespace

std::vector<StoryId> select_stream(SQLite::Database& database, const StreamRequest& request) {
    std::int64_t first = request.since ? first_arrival(database, *request.since) : 0;
    std::int64_t end = request.until ? first_arrival(database, *request.until + std::chrono::milliseconds{1})
                                     : std::numeric_limits<std::int64_t>::max();
    if (request.after && request.oldest_first) first = std::max(first, to_column(*request.after) + 1);
    if (request.after && !request.oldest_first) end = std::min(end, to_column(*request.after));
    return select_between(database, request, first, end);
}

StoryId newest_story(SQLite::Database& database) {
    return StoryId{
        database.execAndGet("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'story'), 0)").getInt64()};
}

Arrivals select_arrivals(SQLite::Database& database, const Query& query, StoryId after, std::size_t limit,
                         TimePoint now) {
    const std::int64_t last = last_known(database, query);
    if (last <= to_column(after)) return {{}, after};
    Arrivals arrivals{select_between(database, {.query = query, .oldest_first = true, .limit = limit, .now = now},
                                     to_column(after) + 1, last + 1),
                      StoryId{last}};
    if (arrivals.stories.size() == limit) arrivals.last = arrivals.stories.back();
    return arrivals;
}

StoryId place_before_last(SQLite::Database& database, const Query& query, std::size_t count, TimePoint now) {
    const std::int64_t last = last_known(database, query);
    if (count == 0) return StoryId{last};
    const auto stories = select_between(database, {.query = query, .limit = count, .now = now}, 0, last + 1);
    return StoryId{stories.empty() ? last : to_column(stories.back()) - 1};
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
    // Where each unread story is at home, by its number. Two walks over small indexes find that for all stories that
    // one feed tells; asking for each story by itself costs ten times as much.
    constexpr std::int64_t k_not_unread = 0, k_unread = -1, k_of_several = -2;
    std::vector<std::int64_t> homes(static_cast<std::size_t>(to_column(newest_story(database))) + 1, k_not_unread);
    SQLite::Statement unread(
        database, "SELECT id FROM story INDEXED BY story_unread_by_arrival WHERE is_hidden = 0 AND is_read = 0");
    while (unread.executeStep()) homes.at(static_cast<std::size_t>(unread.getColumn(0).getInt64())) = k_unread;
    SQLite::Statement tellings(database, "SELECT story_id, feed_id FROM story_feed");
    while (tellings.executeStep()) {
        std::int64_t& home = homes.at(static_cast<std::size_t>(tellings.getColumn(0).getInt64()));
        if (home != k_not_unread) home = home == k_unread ? tellings.getColumn(1).getInt64() : k_of_several;
    }
    SQLite::Statement first(database, fmt::format("SELECT {} FROM story WHERE id = ?", k_home));
    for (std::size_t story = 0; story < homes.size(); ++story) {
        std::int64_t home = homes[story];
        if (home == k_of_several) {
            InUse row(first);
            if (row.bind(static_cast<std::int64_t>(story))->executeStep()) home = row->getColumn(0).getInt64();
        }
        if (const auto found = counts.find(home); found != counts.end()) ++found->second.unread;
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
