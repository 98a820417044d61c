#include "store/condition.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/search_text.hpp"

namespace agg::store {
namespace {

// Of a story that is shown, its shown items count; of a hidden one all, which are dropped.
constexpr const char* k_has_tag =
    "(EXISTS (SELECT 1 FROM item JOIN feed_tag ON feed_tag.feed_id = item.feed_id WHERE item.story_id = story.id AND "
    "item.is_dropped = story.is_hidden AND tag = ?) OR EXISTS (SELECT 1 FROM story_tag WHERE story_tag.story_id = "
    "story.id AND tag = ?))";
constexpr const char* k_has_source =
    "EXISTS (SELECT 1 FROM item JOIN feed ON feed.id = item.feed_id WHERE item.story_id = story.id AND item.is_dropped "
    "= "
    "story.is_hidden AND feed.name = ?)";
constexpr const char* k_has_text =
    "story.id IN (SELECT story_id FROM search_document WHERE id IN (SELECT rowid FROM search WHERE search MATCH ?))";

std::string phrase(const Query& term) {
    std::string text;
    append_search_text(text, term.text);
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? ' ' : c;
    quoted += term.is_beginning ? "\" *" : "\"";
    if (term.kind == Query::Kind::title) return "{title} : " + quoted;
    if (term.kind == Query::Kind::author) return "{author} : " + quoted;
    return quoted;
}

void add_joined(Condition& condition, const std::vector<Query>& parts, const char* operation, TimePoint now) {
    condition.sql += '(';
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) condition.sql += operation;
        const Condition part = condition_of(parts[i], now);
        condition.sql += part.sql;
        condition.values.insert(condition.values.end(), part.values.begin(), part.values.end());
    }
    condition.sql += ')';
}

std::optional<std::string> joined_matches(const Query& query) {
    std::string positive, negative;
    for (const Query& part : query.parts) {
        const bool is_negative = query.kind == Query::Kind::all_of && part.kind == Query::Kind::none_of;
        const auto match = match_expression(is_negative ? part.parts.front() : part);
        if (!match) return std::nullopt;
        std::string& side = is_negative ? negative : positive;
        side += (side.empty() ? "" : query.kind == Query::Kind::any_of || is_negative ? " OR " : " AND ") + *match;
    }
    if (positive.empty()) return std::nullopt;
    return negative.empty() ? "(" + positive + ")" : "((" + positive + ") NOT (" + negative + "))";
}

}  // namespace

std::optional<std::string> match_expression(const Query& query) {
    switch (query.kind) {
        case Query::Kind::text:
        case Query::Kind::title:
        case Query::Kind::author: return phrase(query);
        case Query::Kind::all_of:
        case Query::Kind::any_of: return joined_matches(query);
        default: return std::nullopt;
    }
}

Condition condition_of(const Query& query, TimePoint now) {
    switch (query.kind) {
        case Query::Kind::tag: return {k_has_tag, {query.text, query.text}};
        case Query::Kind::source: return {k_has_source, {query.text}};
        case Query::Kind::unread: return {"story.is_read = 0", {}};
        case Query::Kind::read: return {"story.is_read = 1", {}};
        case Query::Kind::starred: return {"story.is_starred = 1", {}};
        case Query::Kind::hidden: return {"story.is_hidden = 1", {}};
        case Query::Kind::since:
            return {"story.sort_ms >= ?", {to_unix_ms(query.date ? *query.date : now - query.age.value())}};
        case Query::Kind::text:
        case Query::Kind::title:
        case Query::Kind::author: return {k_has_text, {phrase(query)}};
        default: break;
    }
    Condition condition;
    if (query.is_everything()) return {"1", {}};
    if (query.kind == Query::Kind::none_of) condition.sql = "NOT ";
    if (const auto match = match_expression(query)) return {k_has_text, {*match}};
    add_joined(condition, query.parts, query.kind == Query::Kind::any_of ? " OR " : " AND ", now);
    return condition;
}

bool speaks_of_hidden(const Query& query) {
    return any_term(query, [](const Query& term) { return term.kind == Query::Kind::hidden; });
}

const char* visibility(const Query& query) { return speaks_of_hidden(query) ? "1" : "story.is_hidden = 0"; }

Condition at_home(FeedId feed) {
    // An item's number grows with arrival.
    return {
        "(story.id IN (SELECT story_id FROM story_feed WHERE feed_id = ?) AND (SELECT feed_id FROM item WHERE story_id "
        "= story.id AND is_dropped = 0 ORDER BY id LIMIT 1) = ?)",
        {to_column(feed), to_column(feed)}};
}

bool asks_for_words(const Query& query) {
    return any_term(query, [](const Query& term) {
        return term.kind == Query::Kind::text || term.kind == Query::Kind::title || term.kind == Query::Kind::author;
    });
}

std::vector<Query> conjuncts(const Query& query) {
    if (query.kind != Query::Kind::all_of) return {query};
    std::vector<Query> all;
    for (const Query& part : query.parts)
        for (Query& inner : conjuncts(part)) all.push_back(std::move(inner));
    return all;
}

void bind_values(SQLite::Statement& statement, int first, const std::vector<Value>& values) {
    for (const Value& value : values) {
        if (const auto* number = std::get_if<std::int64_t>(&value))
            statement.bind(first++, *number);
        else
            statement.bind(first++, std::get<std::string>(value));
    }
}

}  // namespace agg::store
