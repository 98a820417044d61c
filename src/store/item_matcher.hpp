// Whether an item is what the match of a rule asks for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/item.hpp"
#include "base/pattern.hpp"
#include "base/query.hpp"
#include "store/tokenizer.hpp"

namespace agg::store {

// An item's fields as matches look at them, each made when it is first asked for.
class ItemText {
  public:
    // Both must outlive it.
    ItemText(const Item& item, Tokenizer& tokenizer) : item_(item), tokenizer_(tokenizer) {}

    // The words of a field (title to category): " word word ". Lines, so that no phrase goes on from one author or
    // category to the next, are set apart by a word that no text has.
    [[nodiscard]] const std::string& words(Query::Kind field);

    // The field as people read it: the body without its mark-up, one author or category per line.
    [[nodiscard]] const std::string& plain(Query::Kind field);

  private:
    struct Field {
        std::optional<std::string> words, plain;
    };
    [[nodiscard]] Field& field(Query::Kind kind);

    const Item& item_;
    Tokenizer& tokenizer_;
    Field title_, author_, body_, link_, category_;
};

// The match of a rule made ready. It may be asked by one thread at a time.
class ItemMatcher {
  public:
    // `match` is parse_match's: a pattern that cannot be read throws.
    ItemMatcher(const Query& match, Tokenizer& tokenizer);

    [[nodiscard]] bool fits(ItemText& text) const;

  private:
    [[nodiscard]] bool has(ItemText& text, Query::Kind field) const;

    Query::Kind kind_;
    std::string words_;               // " word word", with a space at the end unless the last may go on; empty: none
    std::optional<Pattern> pattern_;  // instead of words
    std::vector<ItemMatcher> parts_;
};

}  // namespace agg::store
