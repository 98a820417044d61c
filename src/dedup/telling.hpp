// What an item tells, made ready for comparing: its title and its text as words, without what its outlet adds to every
// item. A pure function of the item; made on the workers.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/item.hpp"
#include "dedup/words.hpp"

namespace agg::dedup {

struct Telling {
    Words title;
    std::uint32_t title_begin = 0;  // the headline proper within `title`: without "Exclusive:" before
    std::uint32_t title_end = 0;    // and " - The Outlet" behind
    Words text;                     // the longer of body and summary; empty when that says nothing ("Comments")

    [[nodiscard]] std::size_t headline_size() const { return title_end - title_begin; }
};

[[nodiscard]] Telling telling_of(const Item& item);

// What may be the headline: the whole title, without what stands behind it, without what stands before it, too. Begin
// and end of each in the title, the longest first.
[[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> headlines_of(const Telling& telling);

// What finds the tellings that may tell the same: fingerprints of short runs of words (winnowing: two texts that share
// a long run share one of its anchors) and of the title.
struct Anchors {
    std::vector<std::uint32_t> text;   // distinct, at most 48
    std::vector<std::uint32_t> title;  // of all that may be its headline, where that is long enough
};

[[nodiscard]] Anchors anchors_of(const Telling& telling);

// Words in a shingle: a run long enough to be somebody's phrase.
[[nodiscard]] std::size_t shingle_size(const Words& words);

// Fingerprints of all runs of `size` words, in their order; empty when there are fewer words.
[[nodiscard]] std::vector<std::uint64_t> shingles_of(const Words& words, std::size_t size);

}  // namespace agg::dedup
