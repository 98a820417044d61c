#include "store/word_difference.hpp"

#include <catch2/catch.hpp>

using agg::store::Passage;
using agg::store::to_text;

namespace {

std::string word_difference(const std::string& older, const std::string& newer) {
    return to_text(agg::store::word_difference(older, newer));
}

}  // namespace

TEST_CASE("words that left and words that came are told apart") {
    CHECK(word_difference("the ferry sank off Aktau", "the ferry burned off Aktau") ==
          "the ferry [-sank-] {+burned+} off Aktau");
    CHECK(word_difference("ten missing", "ten missing, two dead") == "ten [-missing-] {+missing, two dead+}");
    CHECK(word_difference("", "all new") == "{+all new+}");
    CHECK(word_difference("all gone", "") == "[-all gone-]");
}

TEST_CASE("the same words in other white space are no difference") {
    CHECK(word_difference("the  ferry\nsank", "the ferry sank").empty());
}

TEST_CASE("long passages that stay are cut to what stands around a change") {
    CHECK(word_difference("a b c d e f g h i j k l m n o 1", "a b c d e f g h i j k l m n o 2") ==
          "... j k l m n o [-1-] {+2+}");
}

TEST_CASE("texts too long for a table are one change") {
    std::string older, newer;
    for (int i = 0; i < 3000; ++i) {
        older += "o" + std::to_string(i) + " ";
        newer += "n" + std::to_string(i) + " ";
    }
    const std::string difference = word_difference(older, newer);
    CHECK(difference.starts_with("[-o0 o1"));
    CHECK(difference.ends_with("n2999+}"));
}

TEST_CASE("a text that has the marks of a difference in it is told apart from one") {
    CHECK(agg::store::word_difference("a [-b-] c", "a [-b-] d") ==
          std::vector<Passage>{{Passage::Of::both, "a [-b-]"}, {Passage::Of::older, "c"}, {Passage::Of::newer, "d"}});
}
