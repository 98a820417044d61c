#include "store/body.hpp"

#include "store/details.hpp"

namespace agg::store {

Body body_of(const Item& item) {
    return {.summary_html = pack(item.summary_html),
            .content_html = pack(item.content_html),
            .details = pack(to_details(item))};
}

}  // namespace agg::store
