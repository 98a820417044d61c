#include "dedup/fingerprint.hpp"

#include <fmt/format.h>
#include <xxhash.h>

namespace agg::dedup {

std::uint64_t fingerprint(std::string_view text) {
    const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
    return hash != 0 ? hash : 1;
}

std::string uuid_of(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    const std::uint64_t high = (hash.high64 & ~0xF000ULL) | 0x8000ULL;            // version 8
    const std::uint64_t low = (hash.low64 & ~(0xC0ULL << 56)) | (0x80ULL << 56);  // variant 10
    return fmt::format("urn:uuid:{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF,
                       low >> 48, low & 0xFFFF'FFFF'FFFF);
}

}  // namespace agg::dedup
