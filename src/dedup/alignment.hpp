// What two texts share and what differs where they tell the same. Pure; linear in the texts, but for short gaps.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dedup/words.hpp"

namespace agg::dedup {

// A run of equal words.
struct Run {
    std::uint32_t a = 0, b = 0;  // where it begins in either text
    std::uint32_t size = 0;
};

// Words of one text that stand where the other has different ones, between equal words before and behind.
struct Substitution {
    std::uint32_t a = 0, a_size = 0;
    std::uint32_t b = 0, b_size = 0;
};

struct Alignment {
    std::vector<Run> runs;  // in the order of `a`; in `b` paragraphs may stand in another order
    std::vector<Substitution> substitutions;
    std::uint32_t matched = 0;  // words in runs
    std::uint32_t a_end = 0;    // where the last run ends in `a`
};

// Whole texts: runs begin with a shingle of three words (syllables: five).
[[nodiscard]] Alignment align_texts(const Words& a, const Words& b);

// Short passages, word by word (longest common subsequence), both ends included. At most a few dozen words each.
[[nodiscard]] Alignment align_passages(std::span<const Word> a, std::span<const Word> b);

}  // namespace agg::dedup
