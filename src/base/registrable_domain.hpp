// Who owns a host name, by the public suffix list. The only room that knows libpsl.
#pragma once

#include <string>

namespace agg {

// The part of `host` (lower case) under which its owner makes names: "bbc.co.uk" of feeds.bbc.co.uk, but all of
// "someone.github.io". `host` itself where the list knows none: addresses, "localhost", a public suffix.
[[nodiscard]] std::string registrable_domain(const std::string& host);

}  // namespace agg
