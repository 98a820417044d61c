#include "store/selection.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/condition.hpp"

namespace agg::store {
namespace {

constexpr Position k_above_all{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()};

// The conditions that an index does not answer by itself, joined by AND; "1" when there are none.
Condition rest_of(const std::vector<Query>& terms, TimePoint now) {
    return terms.empty() ? Condition{"1", {}} : condition_of(Query{.parts = terms}, now);
}

std::vector<Selected> run(SQLite::Statement& rows) {
    std::vector<Selected> all;
    while (rows.executeStep())
        all.push_back(
            {StoryId{rows.getColumn(0).getInt64()}, {rows.getColumn(1).getInt64(), rows.getColumn(2).getInt64()}});
    return all;
}

// The index of all stories, or a smaller one that `terms` ask for, walked from the top.
std::vector<Selected> walk(SQLite::Database& database, const Selection& selection, const std::vector<Query>& terms) {
    const auto asks = [&](Query::Kind kind) {
        return std::any_of(terms.begin(), terms.end(), [kind](const Query& term) { return term.kind == kind; });
    };
    const bool speaks = speaks_of_hidden(selection.query);
    // What is hidden and what is shown stand in no common order: such a query sorts.
    const char* index = asks(Query::Kind::hidden)    ? "INDEXED BY story_hidden"
                        : speaks                     ? ""
                        : asks(Query::Kind::starred) ? "INDEXED BY story_starred"
                        : asks(Query::Kind::unread)  ? "INDEXED BY story_unread"
                                                     : "INDEXED BY story_by_time";
    const Condition rest = rest_of(terms, selection.now);
    SQLite::Statement rows(
        database, fmt::format("SELECT id, sort_ms, id FROM story {} WHERE (sort_ms, id) < (?, ?) AND {} AND {} "
                              "ORDER BY sort_ms DESC, id DESC LIMIT ?",
                              index, visibility(selection.query), rest.sql));
    const Position before = selection.before.value_or(k_above_all);
    rows.bind(1, before.sort);
    rows.bind(2, before.number);
    bind_values(rows, 3, rest.values);
    rows.bind(3 + static_cast<int>(rest.values.size()), static_cast<std::int64_t>(selection.limit));
    return run(rows);
}

// What the full-text index finds, the last that came into it first.
std::vector<Selected> look_up(SQLite::Database& database, const Selection& selection, const std::string& match,
                              const std::vector<Query>& others) {
    const Condition rest = rest_of(others, selection.now);
    SQLite::Statement rows(
        database,
        fmt::format("SELECT story.id, 0, search.rowid FROM search CROSS JOIN search_document ON search_document.id = "
                    "search.rowid CROSS JOIN story ON story.id = search_document.story_id WHERE search MATCH ? AND "
                    "search.rowid < ? AND {} AND {} ORDER BY search.rowid DESC LIMIT ?",
                    visibility(selection.query), rest.sql));
    rows.bind(1, match);
    rows.bind(2, selection.before.value_or(k_above_all).number);
    bind_values(rows, 3, rest.values);
    rows.bind(3 + static_cast<int>(rest.values.size()), static_cast<std::int64_t>(selection.limit));
    return run(rows);
}

// Lists of stories that stand in order in an index of their own: one per feed, one per tag given to stories.
struct Lists {
    std::set<std::int64_t> feeds;
    std::vector<std::string> tags;
};

// The lists that together hold what `term` asks for; absent when lists do not answer it.
std::optional<Lists> lists_of(SQLite::Database& database, const Query& term) {
    Lists lists;
    const auto add_feeds = [&](const char* sql) {
        SQLite::Statement feeds(database, sql);
        feeds.bind(1, term.text);
        while (feeds.executeStep()) lists.feeds.insert(feeds.getColumn(0).getInt64());
    };
    if (term.kind == Query::Kind::source) {
        add_feeds("SELECT id FROM feed WHERE name = ?");
        return lists;
    }
    if (term.kind == Query::Kind::tag) {
        add_feeds("SELECT feed_id FROM feed_tag WHERE tag = ?");
        lists.tags.push_back(term.text);
        return lists;
    }
    if (term.kind != Query::Kind::any_of) return std::nullopt;
    for (const Query& part : term.parts) {
        auto inner = lists_of(database, part);
        if (!inner) return std::nullopt;
        lists.feeds.merge(inner->feeds);
        lists.tags.insert(lists.tags.end(), inner->tags.begin(), inner->tags.end());
    }
    return lists;
}

// The best so far of several lists, none twice.
class Best {
  public:
    explicit Best(std::size_t limit) : limit_(limit) {}

    // False when `position`, and with it everything below, is not among the best.
    bool offer(const Position& position) {
        if (best_.size() == limit_ && position < *best_.begin()) return false;
        best_.insert(position);
        if (best_.size() > limit_) best_.erase(best_.begin());
        return true;
    }
    [[nodiscard]] std::vector<Selected> take() const {
        std::vector<Selected> all;
        for (auto each = best_.rbegin(); each != best_.rend(); ++each) all.push_back({StoryId{each->number}, *each});
        return all;
    }

  private:
    std::size_t limit_;
    std::set<Position> best_;
};

// The lists walked one after the other, each only as far as it has something among the best: a thousand feeds cost a
// thousand look-ups. The lists of feeds hold only what is shown.
std::vector<Selected> merge(SQLite::Database& database, const Selection& selection, const Lists& lists,
                            const std::vector<Query>& others) {
    const Condition rest = rest_of(others, selection.now);
    const Position before = selection.before.value_or(k_above_all);
    Best best(selection.limit);
    const auto walk_list = [&](const char* table, const char* key, const auto& names, const char* also) {
        const bool joins = !others.empty() || *also != '\0';
        SQLite::Statement rows(
            database,
            fmt::format("SELECT {0}.sort_ms, story_id FROM {0} {1} WHERE {2} = ? AND ({0}.sort_ms, story_id) < "
                        "(?, ?) AND {3}{4} ORDER BY {0}.sort_ms DESC, story_id DESC",
                        table, joins ? "CROSS JOIN story ON story.id = story_id" : "", key, rest.sql, also));
        for (const auto& name : names) {
            rows.reset();
            rows.bind(1, name);
            rows.bind(2, before.sort);
            rows.bind(3, before.number);
            bind_values(rows, 4, rest.values);
            while (rows.executeStep() && best.offer({rows.getColumn(0).getInt64(), rows.getColumn(1).getInt64()})) {
            }
        }
    };
    walk_list("story_feed", "feed_id", lists.feeds, "");
    walk_list("story_tag", "tag", lists.tags, " AND story.is_hidden = 0");
    return best.take();
}

}  // namespace

std::vector<Selected> select_stories(SQLite::Database& database, const Selection& selection) {
    if (selection.limit == 0) return {};
    std::vector<Query> text, others;
    for (Query& term : conjuncts(selection.query)) {
        const bool is_text =
            match_expression(term) || (term.kind == Query::Kind::none_of && match_expression(term.parts.front()));
        (is_text ? text : others).push_back(std::move(term));
    }
    if (const auto match = match_expression(Query{.parts = text})) return look_up(database, selection, *match, others);
    others.insert(others.end(), text.begin(), text.end());
    for (auto term = others.begin(); term != others.end() && !speaks_of_hidden(selection.query); ++term) {
        const auto lists = lists_of(database, *term);
        if (!lists) continue;
        others.erase(term);
        return merge(database, selection, *lists, others);
    }
    return walk(database, selection, others);
}

}  // namespace agg::store
