// Addresses that only lead to another address.
#pragma once

#include <optional>
#include <string>

#include "base/url.hpp"

namespace agg::clean {

// Where `url` leads when it is a redirector that carries its target in itself (a share or click counter, an AMP cache,
// an old Google News address). Absent when it is no redirector; "" when it is one whose target only its server knows
// (feedproxy, t.co).
[[nodiscard]] std::optional<std::string> redirect_target(const Url& url);

}  // namespace agg::clean
