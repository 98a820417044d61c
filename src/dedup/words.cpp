#include "dedup/words.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dedup/fingerprint.hpp"
#include "dedup/fold.hpp"
#include "dedup/word_kinds.hpp"

namespace agg::dedup {
namespace {

constexpr std::size_t k_max_word_bytes = 128;

class WordReader {
  public:
    WordReader(std::string_view text, std::size_t max_words) : text_(text), max_words_(max_words) {
        words_.folded.reserve(std::min(text.size(), max_words * 8));
        words_.all.reserve(std::min(text.size() / 6 + 1, max_words));
    }

    Words read() {
        while (at_ < text_.size() && words_.size() < max_words_) {
            const char c = text_[at_];
            if (is_ascii_alpha(c)) {
                if (in_ != Glyph::letter) begin_word(Glyph::letter);
                words_.folded += ascii_lower(c);
                ++at_;
            } else if (is_ascii_digit(c)) {
                read_figure();
            } else if (static_cast<unsigned char>(c) < 0x80) {
                if (c != '\'' && c != '`') end_word();
                ++at_;
            } else {
                read_character_at(read_character(text_.substr(at_)));
            }
        }
        end_word();
        if (words_.size() > max_words_) words_.all.resize(max_words_);
        return std::move(words_);
    }

  private:
    void begin_word(Glyph glyph) {
        end_word();
        in_ = glyph;
        begin_ = words_.folded.size();
    }

    void end_word() {
        if (in_ == Glyph::separator) return;
        const bool figure = in_ == Glyph::digit;
        const bool syllable = in_ == Glyph::syllable;
        in_ = Glyph::separator;
        if (words_.folded.size() - begin_ > k_max_word_bytes)
            words_.folded.resize(
                begin_ + truncate_utf8(std::string_view(words_.folded).substr(begin_), k_max_word_bytes).size());
        const std::string_view word = std::string_view(words_.folded).substr(begin_);
        if (word.empty()) return;
        Meaning meaning{fingerprint(word), WordKind::figure, word};
        if (!figure) meaning = meaning_of_word(meaning.hash);
        if (meaning.kind == WordKind::number && meaning.name == "thousand" && multiply_last_by_thousand()) return;
        last_number_ = meaning.kind == WordKind::figure || meaning.kind == WordKind::number ? std::string(meaning.name)
                                                                                            : std::string();
        words_.all.push_back({.hash = meaning.hash,
                              .begin = static_cast<std::uint32_t>(begin_),
                              .size = static_cast<std::uint16_t>(word.size()),
                              .kind = meaning.kind,
                              .syllable = syllable,
                              .glued = figure && glued_});
    }

    // "12 thousand", "twelve thousand", "12 тыс." are 12000.
    bool multiply_last_by_thousand() {
        if (last_number_.empty() || !std::all_of(last_number_.begin(), last_number_.end(), is_ascii_digit))
            return false;
        Word& last = words_.all.back();
        words_.folded.resize(last.begin);
        words_.folded += last_number_ + "000";
        last.size = static_cast<std::uint16_t>(last_number_.size() + 3);
        last.hash = fingerprint(words_.text(last));
        last.kind = WordKind::figure;
        last_number_.clear();
        return true;
    }

    void read_character_at(const Character& character) {
        switch (character.glyph) {
            case Glyph::separator: end_word(); break;
            case Glyph::ignored: break;
            case Glyph::digit: read_figure(); return;
            case Glyph::letter:
                if (in_ != Glyph::letter) begin_word(Glyph::letter);
                words_.folded += character.folded;
                break;
            case Glyph::syllable:
                begin_word(Glyph::syllable);
                words_.folded += character.folded;
                end_word();
                break;
        }
        at_ += character.size;
    }

    [[nodiscard]] Character next() const {
        return at_ < text_.size() ? read_character(text_.substr(at_)) : Character{};
    }

    // Appends the run of digits at the position; returns how many.
    std::size_t take_digits() {
        std::size_t count = 0;
        for (Character digit = next(); digit.glyph == Glyph::digit; digit = next()) {
            words_.folded += digit.folded;
            at_ += digit.size;
            ++count;
        }
        return count;
    }

    // What follows the digits so far, if a digit follows it: "," "." "'" or a space of any width.
    [[nodiscard]] std::string_view mark_between_digits() const {
        const std::string_view rest = text_.substr(at_);
        for (const std::string_view mark : {",", ".", " ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89",
                                            "\xE2\x80\x99", "\xEF\xBC\x8C", "\xEF\xBC\x8E", "\xD9\xAB", "\xD9\xAC"})
            if (rest.starts_with(mark) && rest.size() > mark.size() &&
                read_character(rest.substr(mark.size())).glyph == Glyph::digit)
                return mark;
        return {};
    }

    [[nodiscard]] std::size_t digits_after(std::string_view mark) const {
        std::size_t at = at_ + mark.size();
        std::size_t count = 0;
        while (at < text_.size() && count < 4) {
            const Character digit = read_character(text_.substr(at));
            if (digit.glyph != Glyph::digit) break;
            at += digit.size;
            ++count;
        }
        return count;
    }

    void read_figure() {
        glued_ = in_ == Glyph::letter;
        begin_word(Glyph::digit);
        std::size_t digits = take_digits();
        bool thousands = digits <= 3 && words_.folded[begin_] != '0';
        std::string_view last_mark;
        while (words_.folded.size() - begin_ < k_max_word_bytes) {
            const std::string_view mark = mark_between_digits();
            if (mark.empty()) break;
            const bool point = mark == "." || mark == "\xEF\xBC\x8E" || mark == "\xD9\xAB";
            const bool comma = mark == "," || mark == "\xEF\xBC\x8C";
            if (!point && thousands && (last_mark.empty() || last_mark == mark) && digits_after(mark) == 3) {
                at_ += mark.size();
                take_digits();
            } else if (point || comma) {
                words_.folded += '_';
                at_ += mark.size();
                take_digits();
                thousands = false;
            } else {
                break;
            }
            last_mark = mark;
        }
        end_word();
    }

    std::string_view text_;
    std::size_t max_words_;
    std::size_t at_ = 0;
    Glyph in_ = Glyph::separator;
    std::size_t begin_ = 0;
    bool glued_ = false;
    std::string last_number_;  // what the last word says, if that is a number
    Words words_;
};

}  // namespace

bool Words::mostly_syllables() const {
    const auto syllables = std::count_if(all.begin(), all.end(), [](const Word& word) { return word.syllable; });
    return static_cast<std::size_t>(syllables) * 2 > all.size();
}

Words words_of(std::string_view text, std::size_t max_words) { return WordReader(text, max_words).read(); }

}  // namespace agg::dedup
