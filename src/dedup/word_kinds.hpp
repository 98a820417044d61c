// Words whose change changes the news, in the languages of the table: numerals, weekdays, months, negations.
#pragma once

#include <cstdint>
#include <string_view>

#include "dedup/words.hpp"

namespace agg::dedup {

struct Meaning {
    std::uint64_t hash = 0;  // "four", "четыре" and "4" have one; "Jan" and "January", "мая" and "май" too
    WordKind kind = WordKind::plain;
    std::string_view name;  // the one that stands for all names of a number, weekday or month: "4", "january"
};

// What the folded word with this fingerprint means; itself and `plain` when the table does not know it.
[[nodiscard]] Meaning meaning_of_word(std::uint64_t hash);

}  // namespace agg::dedup
