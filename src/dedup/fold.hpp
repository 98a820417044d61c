// What a character counts as when texts are compared: NFKD without case and diacritics (Unicode 15), so that two
// spellings of a word are one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace agg::dedup {

enum class Glyph : unsigned char {
    separator,  // ends a word: white space, punctuation, symbols, emoji
    ignored,    // stands within words and is not seen: apostrophes, soft hyphens, zero-width characters, marks
    letter,
    digit,
    syllable,  // a word of its own: scripts that are written without spaces (Han, kana, Thai, Khmer, ...)
};

// One character of a text.
struct Character {
    Glyph glyph = Glyph::separator;
    std::string_view folded;  // UTF-8; digits of every script are ASCII digits; empty for what is ignored or separates
    std::size_t size = 1;     // bytes that it takes in the text
};

// The character at the start of `text`, valid UTF-8 and not empty. The view points into `text` or into a table that
// lives as long as the program.
[[nodiscard]] Character read_character(std::string_view text);

// All characters of valid UTF-8 `text` folded, what separates or is ignored left out.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace agg::dedup
