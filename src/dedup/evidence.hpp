// What two tellings have in common and what differs: the figures that every decision rests on. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dedup/telling.hpp"

namespace agg::dedup {

// Words that stand in each other's place, as a person reads them.
struct Difference {
    std::string a, b;
    WordKind kind = WordKind::plain;  // the gravest on either side
};

struct Evidence {
    // Titles, as sets of words.
    double title_similarity = 0;      // shared / all (Jaccard)
    double title_containment = 0;     // shared / those of the shorter
    bool headlines_conflict = false;  // a figure, numeral, weekday, month or "not" of one title is another in the other
    std::uint32_t equal_headline = 0;  // words of what both titles have as their headline; 0: they differ
    bool name_swapped = false;         // a word of one title is another in the other title, and so it is in the texts

    // Texts.
    double containment = 0;     // of the shorter text's shingles, those that the longer has
    std::uint32_t shorter = 0;  // words
    std::uint32_t longer = 0;
    std::uint32_t matched = 0;           // words of the shorter one within common runs
    std::uint32_t begin_in_shorter = 0;  // where the first common run of some length begins
    std::uint32_t begin_in_longer = 0;
    std::uint32_t lead_run = 0;      // words of the run that begins both texts; 0: they begin otherwise
    bool facts_before = false;       // the shorter text names a figure, weekday or month before begin_in_shorter
    std::uint32_t figures = 0;       // within common runs
    std::uint32_t word_changes = 0;  // plain words substituted
    std::uint32_t figure_changes = 0;
    std::uint32_t date_changes = 0;
    std::uint32_t negation_changes = 0;
    std::vector<Difference> differences;  // the first of them, the gravest first
};

// The first text is `a`'s wherever a side is told.
[[nodiscard]] Evidence compare(const Telling& a, const Telling& b);

// The part of compare() that needs no texts.
[[nodiscard]] Evidence compare_titles(const Telling& a, const Telling& b);

}  // namespace agg::dedup
