// 64-bit and 128-bit fingerprints (XXH3). They find candidates; where another feed could profit from a collision, the
// text itself is compared before anything is decided.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace agg::dedup {

// Never 0, so that 0 can mean "none". Stable for ever: it is stored.
[[nodiscard]] std::uint64_t fingerprint(std::string_view text);

// "urn:uuid:..." (version 8, RFC 9562) made from `text` alone: the same text always gives the same name.
[[nodiscard]] std::string uuid_of(std::string_view text);

}  // namespace agg::dedup
