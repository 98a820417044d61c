// 64-bit and 128-bit fingerprints (XXH3). They find candidates; where another feed could profit from a collision, the
// text itself is compared before anything is decided.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace agg::dedup {

// Never 0, so that 0 can mean "none". Stable for ever: it is stored.
[[nodiscard]] std::uint64_t fingerprint(std::string_view text);

// Fields joined so that no two different lists of fields give the same text.
class Joined {
  public:
    Joined& operator<<(std::string_view field) {
        text_.append(std::to_string(field.size())).append(":").append(field);
        return *this;
    }
    Joined& operator<<(std::int64_t number) { return *this << std::string_view(std::to_string(number)); }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
};

// A UUID, the most significant byte first.
using Uuid = std::array<std::uint8_t, 16>;

// A name (version 8, RFC 9562) made from `text` and `at` alone. Names sort by `at`, milliseconds since 1970, so that an
// index of them grows at its end; those without it stand anywhere.
[[nodiscard]] Uuid uuid_of(std::string_view text, const std::optional<TimePoint>& at);

// "urn:uuid:..." and back; absent when `urn` is anything else.
[[nodiscard]] std::string to_urn(const Uuid& uuid);
[[nodiscard]] std::optional<Uuid> uuid_from_urn(std::string_view urn);

}  // namespace agg::dedup
