// Two texts as one, with what left and what came.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agg::store {

struct Passage {
    enum class Of { both, older, newer };
    Of of = Of::both;
    std::string words;  // with one space between two; long passages of both are cut down to what surrounds a change:
                        // "..."

    friend bool operator==(const Passage&, const Passage&) = default;
};

// The words of both texts in their order; empty when the words are the same.
[[nodiscard]] std::vector<Passage> word_difference(std::string_view older, std::string_view newer);

// "the ferry [-sank-] {+burned+} off Aktau"
[[nodiscard]] std::string to_text(const std::vector<Passage>& difference);

}  // namespace agg::store
