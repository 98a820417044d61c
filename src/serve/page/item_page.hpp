// One story in full: its body, who told it, why it is one story, and how it changed.
#pragma once

#include "serve/routes.hpp"

namespace agg::serve::page {

// GET /item/ID; ID is an item's number, as aggctl shows it.
[[nodiscard]] Task<Response> item_page(Services& services, Request request);

}  // namespace agg::serve::page
