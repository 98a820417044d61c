// The full-text index. It is fed some time after the items are stored, many stories at once: poll by poll it would cost
// ten times what storing the items costs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace SQLite {
class Database;
}

namespace agg::store {

// Stories that are worth a transaction: fewer are merged more often, and while more are taken in, a commit waits for
// longer than a fifth of a second.
constexpr std::size_t k_indexed_at_once = 4'000;

struct Indexed {
    std::size_t stories = 0;
    std::uint64_t marks = 0;  // as Marked::marks: a search finds more than before
};

// Brings up to `limit` stories that are new or changed into the index, the longest waiting first, in one transaction.
// Less than `limit` stories: none waits any more.
[[nodiscard]] Indexed index_pending(SQLite::Database& database, std::size_t limit);

// What was indexed of stories that have changed or gone stays in the index, and nothing leads to it. Once that is a third
// of it, each call brings up to `limit` stories into a new index, in one transaction, and the last one puts that in the
// old one's place; searches find the same all the time. True: there is more to do.
[[nodiscard]] bool renew_index(SQLite::Database& database, std::size_t limit);

}  // namespace agg::store
