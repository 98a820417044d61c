#include "dedup/words.hpp"

#include <catch2/catch.hpp>

using namespace agg::dedup;

namespace {

std::vector<std::string> texts(const Words& words) {
    std::vector<std::string> all;
    for (const Word& word : words.all) all.emplace_back(words.text(word));
    return all;
}

std::vector<std::uint64_t> hashes(std::string_view text) {
    std::vector<std::uint64_t> all;
    for (const Word& word : words_of(text, 100).all) all.push_back(word.hash);
    return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("words are folded: no case, no diacritics, compatibility forms as one") {
    CHECK(texts(words_of("The Ｃafé — ÉTÉ, ﬁnally", 100)) == Texts{"the", "cafe", "ete", "finally"});
    CHECK(texts(words_of("Всё ЕЩЁ", 100)) == Texts{"все", "еще"});
}

TEST_CASE("apostrophes, soft hyphens and zero-width characters within words are not seen") {
    CHECK(hashes("don't") == hashes("don’t"));
    CHECK(hashes("об'єкт") == hashes("обʼєкт"));
    CHECK(hashes("news\xC2\xADpaper") == hashes("newspaper"));
    CHECK(hashes("news\xE2\x80\x8Bpaper") == hashes("newspaper"));
}

TEST_CASE("each character of a script without spaces is a word") {
    const Words words = words_of("台風が上陸", 100);
    CHECK(texts(words) == Texts{"台", "風", "か\xE3\x82\x99", "上", "陸"});
    CHECK(words.mostly_syllables());
    CHECK_FALSE(words_of("typhoon makes landfall", 100).mostly_syllables());
}

TEST_CASE("a figure is one word, however it is grouped or in what digits it is written") {
    CHECK(hashes("12,000") == hashes("12 000"));
    CHECK(hashes("12,000") == hashes("12\xC2\xA0"
                                     "000"));
    CHECK(hashes("12,000") == hashes("12000"));
    CHECK(hashes("1,250,000") == hashes("1250000"));
    CHECK(hashes("3.5") == hashes("3,5"));
    CHECK(hashes("４２") == hashes("42"));
    CHECK(hashes("٤٢") == hashes("42"));
    CHECK(texts(words_of("0,125 and v1.2.3", 100)) == Texts{"0_125", "and", "v", "1_2_3"});
}

TEST_CASE("figures that stand side by side are not joined") {
    CHECK(texts(words_of("May 12, 300 people", 100)) == Texts{"may", "12", "300", "people"});
    CHECK(texts(words_of("1, 2, 3", 100)) == Texts{"1", "2", "3"});
    CHECK(texts(words_of("2022 100", 100)) == Texts{"2022", "100"});
}

TEST_CASE("names of one number, weekday or month are one word, in their languages' cases, too") {
    CHECK(hashes("four") == hashes("4"));
    CHECK(hashes("twelve thousand") == hashes("12,000"));
    CHECK(hashes("12 тыс.") == hashes("12000"));
    CHECK(hashes("Jan") == hashes("January"));
    CHECK(hashes("мая") == hashes("май"));
    CHECK(hashes("пяти") == hashes("пять"));
    CHECK(hashes("Tuesday") != hashes("Wednesday"));
}

TEST_CASE("words whose change changes the news have a kind") {
    const auto kind = [](std::string_view word) { return words_of(word, 1).all.at(0).kind; };
    CHECK(kind("42") == WordKind::figure);
    CHECK(kind("seven") == WordKind::number);
    CHECK(kind("среду") == WordKind::weekday);
    CHECK(kind("März") == WordKind::month);
    CHECK(kind("not") == WordKind::negation);
    CHECK(kind("не") == WordKind::negation);
    CHECK(kind("harbour") == WordKind::plain);
}

TEST_CASE("no more words are read than asked for, and a word has an end") {
    CHECK(words_of("a b c d", 2).size() == 2);
    CHECK(words_of(std::string(100'000, 'a'), 10).all.at(0).size <= 128);
    CHECK(words_of("", 10).empty());
    CHECK(words_of("— … !", 10).empty());
}
