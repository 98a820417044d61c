// What people search and filter by: one language for /search, saved views, rules and aggctl.
//
//     climate "north sea" tag:news -source:old-blog since:7d
//
//   word, "a phrase"     in the title, the text or the author's name; case and accents do not matter
//   word*                its beginning
//   title:, author:      the same in one of them
//   tag:news             of a feed with that tag, or of an item given it
//   source:bbc-world     of that feed, by its name in feeds.conf
//   since:7d             not older than that, or than a date: since:2026-11-01
//   is:unread            also is:read, is:starred, is:hidden
//   -term                not
//   a OR b               binds tighter than the "and" between terms: a OR b c is (a OR b) and c
//   (a b)                together
//
// The match of a rule asks about the item alone, so that it has neither tag: nor source:, since:, is:, but
//
//   body:, link:, category:    words in one of these
//   /regex/, title:/regex/i    a regular expression (RE2); i: case does not matter
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace agg {

// A query as a tree. An empty all_of is everything.
struct Query {
    enum class Kind {
        all_of,
        any_of,
        none_of,
        text,
        title,
        author,
        body,  // rules only, as the next two
        link,
        category,
        tag,  // searches and views only, as all that follow
        source,
        since,
        unread,
        read,
        starred,
        hidden,
    };
    // How `text` is meant where it is looked for in an item.
    enum class Form { words, pattern, pattern_any_case };

    Kind kind = Kind::all_of;
    std::string text;                              // text to source: what is looked for
    Form form = Form::words;                       // text to category
    bool is_beginning = false;                     // text to category: the last word may go on
    std::optional<std::chrono::milliseconds> age;  // since: a time before now ...
    std::optional<TimePoint> date;                 // ... or a day
    std::vector<Query> parts;                      // all_of, any_of, none_of (one part)

    [[nodiscard]] bool is_everything() const { return kind == Kind::all_of && parts.empty(); }

    friend bool operator==(const Query&, const Query&) = default;
};

// Reads a query; an empty one is everything. Fails with `invalid`; the message begins with the column, in characters
// from 1: column 9: unknown key "tga"; did you mean "tag"? ...
[[nodiscard]] Result<Query> parse_query(std::string_view text);

// The same for the match of a rule; an empty one fails.
[[nodiscard]] Result<Query> parse_match(std::string_view text);

// The query that asks for both.
[[nodiscard]] Query both(Query a, Query b);

// Whether `visit` is true of any term of the tree.
template <typename Visit>
[[nodiscard]] bool any_term(const Query& query, const Visit& visit) {
    if (visit(query)) return true;
    for (const Query& part : query.parts)
        if (any_term(part, visit)) return true;
    return false;
}

}  // namespace agg
