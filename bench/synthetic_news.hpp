// News that nobody wrote: the same numbers give the same items, on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"

namespace agg::bench {

// Texts of made-up words, some rarer than others as in a language, one in five Cyrillic, about 900 bytes an item; one
// item in five tells what another feed told a little earlier, with a headline of its own.
class SyntheticNews {
  public:
    // Items spread evenly over `span`, the last one at `end`.
    SyntheticNews(std::uint64_t items, TimePoint end, std::chrono::hours span)
        : items_(items), end_(end), span_(span) {}

    [[nodiscard]] Item item(std::uint64_t number) const;

    // The word of that rank, the most frequent first; for searches that find something.
    [[nodiscard]] static std::string word(std::uint32_t rank, bool cyrillic = false);

    static constexpr std::uint32_t k_words = 40'000;

  private:
    [[nodiscard]] std::string sentence(std::uint64_t seed, std::size_t words, bool cyrillic) const;

    std::uint64_t items_;
    TimePoint end_;
    std::chrono::hours span_;
};

// `count` feeds in twenty tags, none of which exists.
[[nodiscard]] std::vector<Feed> synthetic_feeds(std::size_t count);

}  // namespace agg::bench
