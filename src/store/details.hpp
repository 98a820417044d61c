// The parts of an item that are only shown, never searched by: one JSON object in item_body.details, readable with
// sqlite3's json functions.
#pragma once

#include <string>
#include <string_view>

#include "base/item.hpp"

namespace agg::store {

// authors, categories, enclosures, image, comments, language, duration, source, published_text. Empty members are left
// out.
[[nodiscard]] std::string to_details(const Item& item);

// Fills these members of `item`. Throws std::runtime_error when `details` is not what to_details wrote: the database is
// damaged.
void from_details(std::string_view details, Item& item);

}  // namespace agg::store
