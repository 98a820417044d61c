// A text as the sequence of its words: what shingles, anchors and comparisons are made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agg::dedup {

// What a word says. A change of any kind but `plain` changes the news.
enum class WordKind : std::uint8_t {
    plain,
    figure,  // has digits: "12000" for "12,000" and "12 000", "3_5" for "3.5" and "3,5"
    number,  // a numeral in letters: "seven", "third", "пяти"
    weekday,
    month,
    negation,  // "not", "без", "不"
};

struct Word {
    std::uint64_t hash = 0;  // equal for equal folded words, and for names of one number, weekday or month
    std::uint32_t begin = 0;
    std::uint16_t size = 0;
    WordKind kind = WordKind::plain;
    bool syllable : 1 = false;  // one character of a script that is written without spaces
    bool glued : 1 = false;     // a figure right behind a letter: "COVID19", a name more often than a fact
};

struct Words {
    std::string folded;  // the words, each behind the one before it
    std::vector<Word> all;

    [[nodiscard]] std::string_view text(const Word& word) const {
        return std::string_view(folded).substr(word.begin, word.size);
    }
    [[nodiscard]] std::size_t size() const { return all.size(); }
    [[nodiscard]] bool empty() const { return all.empty(); }

    // More syllables than words: shingles must be longer to say as much.
    [[nodiscard]] bool mostly_syllables() const;
};

// At most `max_words` words of plain `text`, valid UTF-8. Linear in what is read.
[[nodiscard]] Words words_of(std::string_view text, std::size_t max_words);

}  // namespace agg::dedup
