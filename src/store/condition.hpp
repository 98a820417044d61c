// A query as SQL: pure text, with everything that people typed as parameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/feed.hpp"
#include "base/query.hpp"
#include "base/time.hpp"

namespace SQLite {
class Statement;
}

namespace agg::store {

using Value = std::variant<std::int64_t, std::string>;

// A condition on a row of the table story, with its parameters in the order of their "?".
struct Condition {
    std::string sql;
    std::vector<Value> values;
};

// What is true of the stories that `query` asks for at `now`. A term holds for a story when it holds for one of its
// tellings.
[[nodiscard]] Condition condition_of(const Query& query, TimePoint now);

// Whether is:hidden is somewhere in `query`: all others are about what is shown.
[[nodiscard]] bool speaks_of_hidden(const Query& query);

// That, as SQL: "story.is_hidden = 0" or "1".
[[nodiscard]] const char* visibility(const Query& query);

// True of stories that `feed` told first: every story is at home in one feed.
[[nodiscard]] Condition at_home(FeedId feed);

// `query` as an expression of FTS5; absent when it asks for more than text, or only for text that is not there.
[[nodiscard]] std::optional<std::string> match_expression(const Query& query);

// Whether it takes the full-text index to answer `query`.
[[nodiscard]] bool asks_for_words(const Query& query);

// The terms that must all hold.
[[nodiscard]] std::vector<Query> conjuncts(const Query& query);

// Binds values from the parameter `first` on.
void bind_values(SQLite::Statement& statement, int first, const std::vector<Value>& values);

}  // namespace agg::store
