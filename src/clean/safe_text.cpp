#include "clean/safe_text.hpp"

#include <array>

#include "base/text.hpp"

namespace agg::clean {
namespace {

enum class Place { text, attribute, plain };

// The bytes at which copying stops for a closer look.
template <Place place>
constexpr std::array<bool, 256> stops() {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c) table[c] = c != '\t' && c != '\n';
    table[0x7F] = true;
    table[0xC2] = true;  // leads U+0080 to U+009F
    table[0xEF] = true;  // leads U+FDD0 to U+FDEF, U+FFFE and U+FFFF
    table[0xF0] = table[0xF1] = table[0xF2] = table[0xF3] = table[0xF4] = true;  // lead U+1FFFE and its kin
    if (place != Place::plain) table['<'] = table['>'] = table['&'] = true;
    if (place == Place::attribute) table['"'] = table['\''] = table['`'] = true;
    return table;
}

// The length of the character at the start of `text` when no document may contain it, else 0. U+0000 to U+001F, U+007F
// to U+009F and the noncharacters (Unicode 15, 23.1 and 23.7).
std::size_t unwanted_at(std::string_view text) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
    if (byte(0) == 0xC2) return byte(1) < 0xA0 ? 2 : 0;
    if (byte(0) == 0xEF) {
        if (byte(1) == 0xBF && byte(2) >= 0xBE) return 3;
        return byte(1) == 0xB7 && byte(2) >= 0x90 && byte(2) <= 0xAF ? 3 : 0;
    }
    if (byte(0) >= 0xF0) return (byte(1) & 0x0F) == 0x0F && byte(2) == 0xBF && byte(3) >= 0xBE ? 4 : 0;
    return 0;
}

template <Place place>
void append(std::string& out, std::string_view text) {
    static constexpr std::array<bool, 256> k_stops = stops<place>();
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (!k_stops[static_cast<unsigned char>(text[at])]) {
            ++at;
            continue;
        }
        std::string_view replacement;
        std::size_t length = 1;
        switch (text[at]) {
            case '<': replacement = "&lt;"; break;
            case '>': replacement = "&gt;"; break;
            case '&': replacement = "&amp;"; break;
            case '"': replacement = "&quot;"; break;
            case '\'': replacement = "&#39;"; break;
            case '`': replacement = "&#96;"; break;
            default: length = unwanted_at(text.substr(at));
        }
        if (length == 0) {
            ++at;
            continue;
        }
        out.append(text.substr(begin, at - begin)).append(replacement);
        at += length;
        begin = at;
    }
    out.append(text.substr(begin));
}

// What ends the embeddings, overrides and isolates that `text` leaves open (UAX 9): U+202A to U+202E by U+202C, U+2066
// to U+2068 by U+2069.
std::string missing_ends(std::string_view text) {
    constexpr std::size_t k_deepest = 125;  // UAX 9, BD2
    std::string ends;                       // one letter each, innermost last
    for (std::size_t at = text.find("\xE2\x80"); at != std::string_view::npos; at = text.find("\xE2\x80", at + 2)) {
        const auto last = at + 2 < text.size() ? static_cast<unsigned char>(text[at + 2]) : 0U;
        if (last == 0xAC && !ends.empty())
            ends.pop_back();
        else if (last >= 0xAA && last <= 0xAE && last != 0xAC && ends.size() < k_deepest)
            ends += 'e';
    }
    std::size_t isolates = 0;
    for (std::size_t at = text.find("\xE2\x81"); at != std::string_view::npos; at = text.find("\xE2\x81", at + 2)) {
        const auto last = at + 2 < text.size() ? static_cast<unsigned char>(text[at + 2]) : 0U;
        if (last == 0xA9 && isolates > 0)
            --isolates;
        else if (last >= 0xA6 && last <= 0xA8 && isolates < k_deepest)
            ++isolates;
    }
    std::string out;
    for (std::size_t i = 0; i < ends.size(); ++i) out += "\xE2\x80\xAC";
    for (std::size_t i = 0; i < isolates; ++i) out += "\xE2\x81\xA9";
    return out;
}

}  // namespace

void append_escaped_text(std::string& out, std::string_view text) { append<Place::text>(out, text); }

void append_escaped_attribute(std::string& out, std::string_view value) { append<Place::attribute>(out, value); }

std::string clean_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    if (is_utf8(text))
        append<Place::plain>(out, text);
    else
        append<Place::plain>(out, to_valid_utf8(text));
    return out;
}

std::string clean_line(std::string_view text, std::size_t max_bytes) {
    // Line breaks of all kinds are white space here, so they must not vanish as controls first.
    const std::string whole =
        collapse_space(clean_text(collapse_space(text)));  // again: a control between two spaces may be gone
    std::string line(trim(truncate_utf8(whole, max_bytes)));
    line += missing_ends(line);
    return line;
}

}  // namespace agg::clean
