#include "dedup/fold.hpp"

#include <array>
#include <vector>

#include <utf8proc.h>

#include "base/text.hpp"

namespace agg::dedup {
namespace {

constexpr char32_t k_table_size = 0x10000;

constexpr bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// Diacritics and vowel points that writers leave out at will. Other marks (kana voicing, Indic vowels) tell words
// apart.
constexpr bool is_dropped_mark(char32_t c) {
    return within(c, 0x300, 0x36F) || within(c, 0x591, 0x5C7) || within(c, 0x610, 0x61A) || within(c, 0x64B, 0x65F) ||
           c == 0x640 || c == 0x670 || within(c, 0x6D6, 0x6ED);
}

constexpr bool is_written_without_spaces(char32_t c) {
    return within(c, 0x0E00, 0x0EFF) || within(c, 0x1000, 0x109F) || within(c, 0x1780, 0x17FF) ||
           within(c, 0x3005, 0x3007) || within(c, 0x3040, 0x30FF) || within(c, 0x3105, 0x312F) ||
           within(c, 0x31F0, 0x31FF) || within(c, 0x3400, 0x4DBF) || within(c, 0x4E00, 0x9FFF) ||
           within(c, 0xF900, 0xFAFF) || within(c, 0x20000, 0x323AF);
}

constexpr bool is_apostrophe(char32_t c) {
    return c == '\'' || c == '`' || c == 0xB4 || within(c, 0x2B9, 0x2BC) || c == 0x2018 || c == 0x2019 || c == 0x201B ||
           c == 0x2032 || c == 0xFF07;
}

// Digits of scripts that compatibility does not map to ASCII: each begins with its zero.
char32_t ascii_digit_of(char32_t c) {
    constexpr auto zeros = std::to_array<char32_t>({0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6,
                                                    0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0xF20, 0x1040, 0x17E0, 0x1810});
    for (const char32_t zero : zeros)
        if (within(c, zero, zero + 9)) return '0' + (c - zero);
    return c;
}

Glyph glyph_of(char32_t c) {
    if (is_apostrophe(c) || is_dropped_mark(c)) return Glyph::ignored;
    if (within(c, '0', '9')) return Glyph::digit;
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    const bool written = (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME) ||
                         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
    if (written) return is_written_without_spaces(c) ? Glyph::syllable : Glyph::letter;
    return category == UTF8PROC_CATEGORY_CF ? Glyph::ignored : Glyph::separator;
}

struct Folding {
    Glyph glyph = Glyph::separator;
    std::string text;
};

Folding folding_of(char32_t c) {
    if (is_apostrophe(c)) return {Glyph::ignored, {}};
    std::array<utf8proc_int32_t, 32> parts{};
    int boundary = 0;
    const auto options =
        static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(),
                                               static_cast<utf8proc_ssize_t>(parts.size()), options, &boundary);
    if (count == 0) return {Glyph::ignored, {}};
    if (count < 0 || count > static_cast<utf8proc_ssize_t>(parts.size())) return {};
    Folding folding{Glyph::ignored, {}};
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const char32_t part = ascii_digit_of(static_cast<char32_t>(parts.at(i)));
        const Glyph glyph = glyph_of(part);
        if (glyph == Glyph::ignored) continue;
        if (folding.text.empty()) folding.glyph = glyph;
        if (glyph != Glyph::separator) append_utf8(folding.text, part);
    }
    if (folding.glyph == Glyph::separator) folding.text.clear();
    return folding;
}

// Every character of the basic plane, made once: folding anew costs more than the rest of reading a text.
class Table {
  public:
    Table() : entries_(k_table_size) {
        for (char32_t c = 0; c < k_table_size; ++c) {
            Folding folding = folding_of(c);
            entries_[c] = {folding.glyph, static_cast<unsigned char>(folding.text.size()),
                           static_cast<std::uint32_t>(pool_.size())};
            pool_ += folding.text;
        }
    }
    [[nodiscard]] Glyph glyph(char32_t c) const { return entries_[c].glyph; }
    [[nodiscard]] std::string_view text(char32_t c) const {
        return std::string_view(pool_).substr(entries_[c].begin, entries_[c].size);
    }

  private:
    struct Entry {
        Glyph glyph;
        unsigned char size;
        std::uint32_t begin;
    };
    std::vector<Entry> entries_;
    std::string pool_;
};

const Table& table() {
    static const Table made;
    return made;
}

}  // namespace

Character read_character(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0x80);
    };
    const unsigned char lead = byte(0);
    const auto tail = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3F); };
    char32_t c = lead;
    std::size_t size = 1;
    if (lead >= 0xF0) {
        c = static_cast<char32_t>(lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3);
        size = 4;
    } else if (lead >= 0xE0) {
        c = static_cast<char32_t>(lead & 0x0F) << 12 | tail(1) << 6 | tail(2);
        size = 3;
    } else if (lead >= 0xC0) {
        c = static_cast<char32_t>(lead & 0x1F) << 6 | tail(1);
        size = 2;
    }
    size = std::min(size, text.size());
    if (c < k_table_size) return {table().glyph(c), table().text(c), size};
    // Above the basic plane there is little but Han, which folds to itself, and emoji.
    const Glyph glyph = glyph_of(c);
    const bool seen = glyph != Glyph::separator && glyph != Glyph::ignored;
    return {glyph, seen ? text.substr(0, size) : std::string_view(), size};
}

std::string folded(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const Character character = read_character(text);
        out += character.folded;
        text.remove_prefix(character.size);
    }
    return out;
}

}  // namespace agg::dedup
