// A publisher that changes its software gives all its items new ids. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dedup/identity.hpp"

namespace agg::dedup {

// A stored item of the feed, as far as it is needed to know it again.
struct Known {
    ItemId item{};
    std::uint64_t identity = 0;
    std::string link;
    std::string canonical_url;
    std::string title;
    TimePoint published{};
};

// The item at `index` of the document is the stored `item` under a new id.
struct Rewrite {
    std::size_t index = 0;
    ItemId item{};
};

// What the feed gave new ids: empty unless most of the document's ids are new, and most of the new ones stand on items
// that are stored, one each, by address, by link, or by title and date, and that the document does not carry under
// their old ids any more. `unchanged` are the identities of further items of the document, which are stored as they
// are; `known` holds the feed's newest items.
[[nodiscard]] std::vector<Rewrite> find_rewrites(const std::vector<KeyedItem>& document,
                                                 const std::vector<std::uint64_t>& unchanged,
                                                 const std::vector<Known>& known);

}  // namespace agg::dedup
