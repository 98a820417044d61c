// Whether a feed's ids name its items. Some feeds give one id to all of them, now and then or always. Pure.
#pragma once

#include <algorithm>
#include <cstddef>

namespace agg::dedup {

struct IdTrust {
    int distrust = 0;         // grows with every document whose ids clash, shrinks with every one whose ids do not
    bool distrusted = false;  // items go by link, else by title, before they go by id

    friend bool operator==(const IdTrust&, const IdTrust&) = default;
};

inline constexpr int k_distrusted_from = 8;
inline constexpr int k_most_distrust = 12;

// After a document of `items` items with ids, `clashes` of which stood on another item, too. Two documents that are
// mostly clashes turn the ids off; they are trusted again only after a dozen good ones, so that a feed at the edge does
// not go to and fro.
[[nodiscard]] constexpr IdTrust after_document(IdTrust trust, std::size_t items, std::size_t clashes) {
    if (clashes * 2 >= items && clashes > 0)
        trust.distrust += 4;
    else if (clashes > 0)
        trust.distrust += 1;
    else if (items > 1)
        trust.distrust -= 1;
    trust.distrust = std::clamp(trust.distrust, 0, k_most_distrust);
    if (trust.distrust >= k_distrusted_from) trust.distrusted = true;
    if (trust.distrust == 0) trust.distrusted = false;
    return trust;
}

}  // namespace agg::dedup
