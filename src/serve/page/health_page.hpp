// How the feeds and their hosts do, and what needs a person.
#pragma once

#include "serve/routes.hpp"

namespace agg::serve::page {

[[nodiscard]] Task<Response> health_page(Services& services, Request request);

}  // namespace agg::serve::page
