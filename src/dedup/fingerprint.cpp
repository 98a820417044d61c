#include "dedup/fingerprint.hpp"

#include <algorithm>

#include <xxhash.h>

namespace agg::dedup {
namespace {

constexpr std::string_view k_urn = "urn:uuid:";
constexpr std::string_view k_digits = "0123456789abcdef";

}  // namespace

std::uint64_t fingerprint(std::string_view text) {
    const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
    return hash != 0 ? hash : 1;
}

Uuid uuid_of(std::string_view text, const std::optional<TimePoint>& at) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    std::uint64_t high = hash.high64, low = hash.low64;
    if (at) high = static_cast<std::uint64_t>(std::max<std::int64_t>(to_unix_ms(*at), 0)) << 16 | (high & 0xFFFF);
    high = (high & ~0xF000ULL) | 0x8000ULL;            // version 8
    low = (low & ~(0xC0ULL << 56)) | (0x80ULL << 56);  // variant 10
    Uuid uuid{};
    for (std::size_t i = 0; i < 8; ++i) {
        uuid[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
        uuid[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
    }
    return uuid;
}

std::string to_urn(const Uuid& uuid) {
    std::string urn(k_urn);
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) urn += '-';
        urn += k_digits[uuid[i] >> 4];
        urn += k_digits[uuid[i] & 0xF];
    }
    return urn;
}

std::optional<Uuid> uuid_from_urn(std::string_view urn) {
    if (!urn.starts_with(k_urn)) return std::nullopt;
    Uuid uuid{};
    std::size_t digits = 0;
    for (const char c : urn.substr(k_urn.size())) {
        const std::size_t digit = k_digits.find(c);
        if (digit != std::string_view::npos && digits < 32) {
            uuid[digits / 2] = static_cast<std::uint8_t>(uuid[digits / 2] << 4 | digit);
            ++digits;
        }
    }
    return to_urn(uuid) == urn ? std::optional{uuid} : std::nullopt;
}

}  // namespace agg::dedup
