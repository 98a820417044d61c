#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace agg {
namespace {

constexpr std::uint64_t k_high_bits = 0x8080808080808080U;  // what no ASCII has

// The length of the well-formed UTF-8 sequence at the start of `text`, or 0; `bad` is then the length of the maximal subpart.
struct Sequence {
    std::size_t good = 0;
    std::size_t bad = 1;
};

Sequence sequence_at(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {1, 0};
    std::size_t length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    } else {
        return {0, 1};
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (i >= text.size() || byte(i) < low || byte(i) > high) return {0, i};
        low = 0x80;
        high = 0xBF;
    }
    return {length, 0};
}

constexpr bool is_graphic_ascii(char c) { return c > ' ' && c < '\x7F'; }

// The length of the white space character at the start of `text`; 0 when there is none.
std::size_t space_at(std::string_view text) {
    if (is_ascii_space(text[0])) return 1;
    if (text.starts_with("\xC2\xA0") || text.starts_with("\xC2\x85")) return 2;
    if (text.size() < 3 || (text[0] != '\xE2' && text[0] != '\xE3')) return 0;
    if (text.starts_with("\xE3\x80\x80") || text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9") ||
        text.starts_with("\xE2\x80\xAF"))
        return 3;
    return text.starts_with("\xE2\x80") && static_cast<unsigned char>(text[2]) <= 0x8A ? 3 : 0;
}

}  // namespace

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
    return text;
}

std::string ascii_lower(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return ascii_lower(c); });
    return lower;
}

std::size_t ifind(std::string_view text, std::string_view needle, std::size_t from) {
    for (std::size_t at = from; at + needle.size() <= text.size(); ++at)
        if (ascii_lower(text[at]) == ascii_lower(needle[0]) && iequals(text.substr(at, needle.size()), needle)) return at;
    return std::string_view::npos;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find(separator, begin)) != std::string_view::npos; begin = end + 1)
        parts.push_back(text.substr(begin, end - begin));
    parts.push_back(text.substr(begin));
    return parts;
}

std::string collapse_space(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool space_due = false;
    for (std::size_t at = 0; at < text.size();) {
        if (const std::size_t space = space_at(text.substr(at)); space > 0) {
            space_due = !out.empty();
            at += space;
            continue;
        }
        if (space_due) out += ' ';
        space_due = false;
        std::size_t end = at + 1;
        while (end < text.size() && (is_graphic_ascii(text[end]) || space_at(text.substr(end)) == 0)) ++end;
        out += text.substr(at, end - at);
        at = end;
    }
    return out;
}

std::size_t ascii_prefix(std::string_view text) {
    // Thirty-two bytes at a time, then eight: feeds are mostly markup.
    std::size_t at = 0;
    std::array<std::uint64_t, 4> blocks{};
    for (; at + sizeof blocks <= text.size(); at += sizeof blocks) {
        std::memcpy(blocks.data(), text.data() + at, sizeof blocks);
        if (((blocks[0] | blocks[1] | blocks[2] | blocks[3]) & k_high_bits) != 0) break;
    }
    for (std::uint64_t block = 0; at + sizeof block <= text.size(); at += sizeof block) {
        std::memcpy(&block, text.data() + at, sizeof block);
        if ((block & k_high_bits) != 0) break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
    return at;
}

std::size_t utf8_prefix(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        at += ascii_prefix(text.substr(at));
        while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
            // The letters of most alphabets, without a call for each.
            const auto lead = static_cast<unsigned char>(text[at]);
            if (lead >= 0xC2 && lead <= 0xDF && at + 1 < text.size() && (static_cast<unsigned char>(text[at + 1]) & 0xC0) == 0x80) {
                at += 2;
                continue;
            }
            const std::size_t good = sequence_at(text.substr(at)).good;
            if (good == 0) return at;
            at += good;
        }
    }
    return at;
}

std::size_t utf8_bad_length(std::string_view text) {
    const Sequence sequence = sequence_at(text);
    return sequence.good > 0 ? 0 : sequence.bad;
}

bool is_utf8(std::string_view text) { return utf8_prefix(text) == text.size(); }

std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Sequence sequence = sequence_at(text);
        if (sequence.good > 0) {
            out += text.substr(0, sequence.good);
            text.remove_prefix(sequence.good);
        } else {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(sequence.bad);
        }
    }
    return out;
}

void append_utf8(std::string& out, char32_t code_point) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = 0xFFFD;
    const auto add = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code_point < 0x80) {
        add(code_point);
    } else if (code_point < 0x800) {
        add(0xC0 | (code_point >> 6));
        add(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        add(0xE0 | (code_point >> 12));
        add(0x80 | ((code_point >> 6) & 0x3F));
        add(0x80 | (code_point & 0x3F));
    } else {
        add(0xF0 | (code_point >> 18));
        add(0x80 | ((code_point >> 12) & 0x3F));
        add(0x80 | ((code_point >> 6) & 0x3F));
        add(0x80 | (code_point & 0x3F));
    }
}

std::string_view truncate_utf8(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    std::size_t end = max_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
}

std::string escape_markup(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_previous(b.size() + 1);
    std::vector<std::size_t> previous(b.size() + 1);
    std::vector<std::size_t> current(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) current[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(before_previous, previous);
        std::swap(previous, current);
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                current[j] = std::min(current[j], before_previous[j - 2] + 1);
        }
    }
    return current[b.size()];
}

}  // namespace agg
