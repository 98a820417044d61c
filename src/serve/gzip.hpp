#pragma once

#include <string>
#include <string_view>

namespace agg::serve {

// `bytes` as one gzip member (RFC 1952). The same bytes give the same result: there is no time in it.
[[nodiscard]] std::string gzip(std::string_view bytes);

}  // namespace agg::serve
