// The handlers of the control API's routes for rules.
#pragma once

#include "serve/router.hpp"

namespace agg::serve {

[[nodiscard]] Task<Response> rules(Services& services, Request request);
[[nodiscard]] Task<Response> try_rule(Services& services, Request request);

}  // namespace agg::serve
