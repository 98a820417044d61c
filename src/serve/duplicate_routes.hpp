// The control API on how items were recognised: rows of the route table.
#pragma once

#include "serve/router.hpp"

namespace agg::serve {

[[nodiscard]] Task<Response> item_origin(Services& services, Request request);   // GET /v1/items/{item}/why
[[nodiscard]] Task<Response> item_changes(Services& services, Request request);  // GET /v1/items/{item}/changes
[[nodiscard]] Task<Response> split_item(Services& services, Request request);    // POST /v1/items/{item}/split
[[nodiscard]] Task<Response> merge_items(Services& services, Request request);   // POST /v1/merges
[[nodiscard]] Task<Response> undo_heal(Services& services, Request request);     // POST /v1/feeds/{name}/undo-heal
[[nodiscard]] Task<Response> dedup_stats(Services& services, Request request);   // GET /v1/dedup

}  // namespace agg::serve
