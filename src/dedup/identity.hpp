// What an item is recognised by. Pure functions of the item.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/item.hpp"

namespace agg::dedup {

// The fingerprints that are stored with an item and find its candidates.
struct Keys {
    std::uint64_t identity = 0;  // within its feed
    std::uint64_t url = 0;       // of its canonical URL, across feeds; 0: its link identifies no article
    std::uint64_t content = 0;   // of everything that is shown: another value is a revision
};

// What makes the item itself within its feed: its id, else its link, else its title and date. Never empty. A date of
// our own repair does not count: it would be another one at every poll.
[[nodiscard]] std::string identity(const Item& item);

[[nodiscard]] Keys keys(const Item& item);

// The keys of one document's items, in their order. An id that several different items of the document carry identifies
// none of them: those go by link, else by title and date, so that a feed that repeats one id loses nothing.
[[nodiscard]] std::vector<Keys> document_keys(const std::vector<Item>& items);

}  // namespace agg::dedup
