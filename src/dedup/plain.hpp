// Safe HTML as plain text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace agg::dedup {

struct PlainText {
    std::string text;            // blocks set apart by a line break
    std::size_t link_bytes = 0;  // of these, within links
    std::size_t links = 0;
};

// The text of `html`, which clean/ has made safe. Text that was escaped twice is read twice. Reads at most 256 kB.
[[nodiscard]] PlainText plain_text_of(std::string_view html);

}  // namespace agg::dedup
