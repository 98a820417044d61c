#include "store/search_text.hpp"

#include <algorithm>
#include <array>

#include "base/references.hpp"
#include "base/text.hpp"

namespace agg::store {
namespace {

struct Decoded {
    char32_t code_point;
    std::size_t length;
};

// The character at the start of `text`, which is valid UTF-8 and not empty.
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const unsigned first = byte(0);
    if (first < 0x80) return {first, 1};
    if (first < 0xE0) return {(first & 0x1FU) << 6 | (byte(1) & 0x3FU), 2};
    if (first < 0xF0) return {(first & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU), 3};
    return {(first & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU), 4};
}

// Scripts whose words are not set apart by spaces, or carry their grammar as further syllables (Hangul).
bool stands_alone(char32_t c) {
    struct Range {
        char32_t first, last;
    };
    static constexpr auto k_ranges = std::to_array<Range>({
        {0x0E01, 0x0E3A},    // Thai
        {0x0E40, 0x0E4E},    //
        {0x0E81, 0x0EDF},    // Lao
        {0x1000, 0x109F},    // Myanmar
        {0x1780, 0x17D3},    // Khmer
        {0x3005, 0x3007},    // ideographic iteration mark, closing mark, zero
        {0x3040, 0x30FF},    // kana
        {0x31F0, 0x31FF},    // small katakana
        {0x3400, 0x4DBF},    // Han, extension A
        {0x4E00, 0x9FFF},    // Han
        {0xAC00, 0xD7A3},    // Hangul syllables
        {0xF900, 0xFAFF},    // Han, compatibility
        {0xFF66, 0xFF9F},    // halfwidth katakana
        {0x20000, 0x3FFFF},  // Han, further extensions
    });
    if (c < k_ranges.front().first) return false;
    return std::any_of(k_ranges.begin(), k_ranges.end(),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

// Elements within a word; every other tag parts words.
bool is_inline(std::string_view name) {
    static constexpr auto k_inline =
        std::to_array<std::string_view>({"a", "b", "i", "em", "strong", "span", "small", "u", "s", "sub", "sup", "code",
                                         "font", "mark", "abbr", "wbr"});
    return std::any_of(k_inline.begin(), k_inline.end(), [&](std::string_view each) { return iequals(each, name); });
}

}  // namespace

void append_search_text(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t plain = ascii_prefix(text);
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) return;
        const Decoded next = decode(text);
        if (next.code_point == U'ё')
            out += "е";
        else if (next.code_point == U'Ё')
            out += "Е";
        else if (stands_alone(next.code_point))
            out.append(" ").append(text.substr(0, next.length)).append(" ");
        else
            out += text.substr(0, next.length);
        text.remove_prefix(std::min(next.length, text.size()));
    }
}

void append_search_html(std::string& out, std::string_view html, std::size_t max_bytes) {
    static const References k_references;
    std::string resolved;
    while (!html.empty() && out.size() < max_bytes) {
        const std::size_t tag = std::min(html.find('<'), html.size());
        std::string_view text = truncate_utf8(html.substr(0, tag), max_bytes - out.size());
        if (text.find('&') != std::string_view::npos) {
            resolved = k_references.resolve(text);
            text = resolved;
        }
        append_search_text(out, text);
        html.remove_prefix(tag);
        if (html.empty()) return;
        const std::size_t end = html.find('>');
        if (end == std::string_view::npos) return;
        std::string_view name = html.substr(1, end - 1);
        if (name.starts_with('/')) name.remove_prefix(1);
        if (!is_inline(name.substr(0, name.find_first_of(" /\t\n")))) out += ' ';
        html.remove_prefix(end + 1);
    }
}

}  // namespace agg::store
