// The table behind encoding_of_label.
#pragma once

#include <span>
#include <string_view>

namespace agg {

struct EncodingLabels {
    std::string_view iconv;   // what iconv calls it
    std::string_view labels;  // in lower case, separated by spaces
};

[[nodiscard]] std::span<const EncodingLabels> encoding_labels();

}  // namespace agg
