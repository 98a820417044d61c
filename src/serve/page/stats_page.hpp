// Pictures of the last 30 days, and their numbers.
#pragma once

#include "serve/routes.hpp"

namespace agg::serve::page {

[[nodiscard]] Task<Response> stats_page(Services& services, Request request);

// The same numbers as JSON.
[[nodiscard]] Task<Response> stats_json(Services& services, Request request);

}  // namespace agg::serve::page
