// What of an item is read when it is opened, as the table item_body has it. Any thread.
#pragma once

#include "base/item.hpp"
#include "store/packed_text.hpp"

namespace agg::store {

struct Body {
    PackedText summary_html;
    PackedText content_html;
    PackedText details;  // to_details()
};

[[nodiscard]] Body body_of(const Item& item);

}  // namespace agg::store
