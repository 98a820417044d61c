// The item that a person means: what `aggctl read`, `star`, `why`, `split` and `merge` are given.
#pragma once

#include <string_view>

#include "base/item.hpp"
#include "base/result.hpp"

namespace SQLite {
class Database;
}

namespace agg::store {

struct FoundItem {
    ItemId item{};
    StoryId story{};  // that it belongs to
};

// Finds an item by what a person types, in this order:
//   its number, as `aggctl items` shows it;
//   the id of its entry in the merged feed ("urn:uuid:..."), which means the item that came first;
//   its link or the id that its feed gave it, exactly as written; `canonical_url` (clean::canonical_url of the text;
//   may be empty) finds it under other spellings of the address; the beginning of its title, case ignored for ASCII
//   letters.
// Several items of one story are no ambiguity: the first of them is returned. Fails with `not_found`, or with
// `ambiguous`, listing up to ten candidates with their numbers. An address or a title is looked for in all items, which
// takes a second in a million of them.
[[nodiscard]] Result<FoundItem> find_item(SQLite::Database& database, std::string_view text,
                                          std::string_view canonical_url = {});

}  // namespace agg::store
