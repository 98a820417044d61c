#pragma once

#include <string>
#include <string_view>

#include "serve/negotiation.hpp"

namespace agg::serve {

// How often the result is sent decides how much time it is worth.
enum class Effort { once, often };

// `bytes` in a coding: gzip (one member, RFC 1952), brotli (RFC 7932) or as they are. The same bytes give the same
// result: there is no time in it.
[[nodiscard]] std::string compress(std::string_view bytes, Coding coding, Effort effort = Effort::often);

}  // namespace agg::serve
