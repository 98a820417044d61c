// What an item is recognised by. Pure functions of the item.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/item.hpp"
#include "dedup/telling.hpp"

namespace agg::dedup {

// The fingerprints that are stored with an item and find its candidates. 0: it has none.
struct Keys {
    std::uint64_t identity = 0;        // within its feed
    std::uint64_t link_identity = 0;   // within its feed, where an id turns out to be worthless
    std::uint64_t title_identity = 0;  // the same where the link is worthless, too
    std::uint64_t url = 0;             // of its canonical URL, across feeds
    std::uint64_t guid = 0;            // of its id, across feeds
    std::uint64_t page = 0;            // of its page's name on its outlet, across the outlet's addresses
    std::uint64_t content = 0;         // of everything that is shown: another value is a revision
};

// What makes the item itself within its feed: its id, else its link, else its title and date. Never empty. A date of
// our own repair does not count: it would be another one at every poll.
[[nodiscard]] std::string identity(const Item& item);

[[nodiscard]] Keys keys(const Item& item);

// The keys of one document's items, in their order. An id that several different items of the document carry identifies
// none of them: those go by link, else by title and date, so that a feed that repeats one id loses nothing.
[[nodiscard]] std::vector<Keys> document_keys(const std::vector<Item>& items);

// An item with all that recognising it needs: made on the workers, judged by the writer.
struct KeyedItem {
    Item item;
    Keys keys;
    Telling telling;
    Anchors anchors;
};

// The items of one document, in their order.
[[nodiscard]] std::vector<KeyedItem> keyed_items(std::vector<Item> items);

}  // namespace agg::dedup
