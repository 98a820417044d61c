// What becomes of a request before a handler sees it: handed on, or refused with the reason. Pure.
#pragma once

#include <string_view>

#include <tl/expected.hpp>

#include "serve/http.hpp"
#include "serve/server_limits.hpp"

namespace agg::serve {

// Why the bytes of a client are not read on.
enum class Trouble {
    malformed,
    unknown_version,
    target_too_long,
    header_too_long,
    body_too_long,
    too_slow,  // began a request and did not finish it in time
    crowded,   // there are too many connections
};
[[nodiscard]] Response refusal(Trouble trouble, const ServerLimits& limits, const Peer& peer,
                               std::string_view detail = {});

[[nodiscard]] std::size_t body_limit(const ServerLimits& limits, const Peer& peer);

// Completes a well-formed `request`, whose method, headers, body and peer are filled in, from its target; or the
// response to one that is not handed on.
[[nodiscard]] tl::expected<Request, Response> admit(Request request, std::string_view target, unsigned version,
                                                    const ServerLimits& limits);

}  // namespace agg::serve
