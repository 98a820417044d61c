#include "parse/base64.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace agg::parse {
namespace {

int value_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    text = trim(text);
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    for (const char c : text) {
        if (is_ascii_space(c)) continue;
        const int value = value_of(c);
        if (value < 0) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>(static_cast<unsigned char>((bits >> count) & 0xFF));
    }
    if (out.empty()) return std::nullopt;
    return out;
}

}  // namespace agg::parse
