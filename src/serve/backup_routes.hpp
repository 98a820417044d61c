// Handlers of the route table: the archive out and in, and how far such things are.
#pragma once

#include "serve/http.hpp"

namespace agg::serve {

struct Services;

[[nodiscard]] Task<Response> work(Services& services, Request request);
[[nodiscard]] Task<Response> space(Services& services, Request request);
[[nodiscard]] Task<Response> backup(Services& services, Request request);
[[nodiscard]] Task<Response> restore(Services& services, Request request);

}  // namespace agg::serve
