// What rules have done to items and stories, as it is stored. Within a transaction of the Writer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/rule_book.hpp"

namespace agg::store {

// Who set a story's state, or gave it a tag. What a person did, rules leave alone.
enum class SetBy { nobody, rule, person };

class Rulings {
  public:
    explicit Rulings(SQLite::Database& database);

    // Notes the hits of an item that is new and stored with `is_dropped` already.
    void note(ItemId item, const std::vector<Hit>& hits);

    // Makes `ruling` the item's. True when it is shown now and was not, or the other way round.
    bool replace(ItemId item, const Ruling& ruling);

    struct Effect {
        bool is_visible = false;  // the story is shown now and was not, or the other way round
        bool marks = false;       // its tags, star or read state are others now
    };
    // Brings a story in step with the rulings on its items: hidden when none is shown, starred and tagged as one of
    // those that are shown, read when all of these are.
    [[nodiscard]] Effect settle(StoryId story);

    // Without any, stories are in step.
    [[nodiscard]] bool have_hits();

    // Whether the story was hidden when it was settled last.
    [[nodiscard]] bool is_hidden(StoryId story);

  private:
    [[nodiscard]] bool settle_tags(StoryId story);

    SQLite::Database& database_;
    SQLite::Statement put_hit_, forget_hits_, put_dropped_, any_hits_, read_hidden_, put_hidden_, put_star_, put_read_,
        tags_given_, give_tag_, take_tag_;
};

// The feeds whose rules are others than those that their stored items were ruled on by have all of them ruled on anew.
void await_rulings(SQLite::Database& database, const RuleBook& book);

struct Ruled {
    std::size_t items = 0;
    bool is_visible = false;  // something is shown that was not, or the other way round
};
// Rules on up to `limit` items that wait for it, feed by feed, the newest first. Less than `limit`: none waits any
// more.
[[nodiscard]] Ruled rule_on_waiting(SQLite::Database& database, RuleBook& book, Rulings& rulings, std::size_t limit);

// What rules did to items, in the order of their names. Hits of rules that are no more are counted until what is stored
// is ruled on anew.
struct RuleHits {
    std::string rule;
    std::uint64_t items = 0;
};
[[nodiscard]] std::vector<RuleHits> count_hits(SQLite::Database& database);

// Of an item, in the order of the rules' names.
[[nodiscard]] std::vector<Hit> hits_of(SQLite::Database& database, ItemId item);

// Items that are still as rules of before ruled.
[[nodiscard]] std::uint64_t count_unruled(SQLite::Database& database);

}  // namespace agg::store
