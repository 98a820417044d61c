// Two texts as one, with what left and what came.
#pragma once

#include <string>
#include <string_view>

namespace agg::store {

// "the ferry [-sank-] {+burned+} off Aktau": words that only `older` has in [- -], those that only `newer` has in {+
// +}. Long passages that are the same are cut down to "...". Empty when the words are the same.
[[nodiscard]] std::string word_difference(std::string_view older, std::string_view newer);

}  // namespace agg::store
