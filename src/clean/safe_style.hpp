// Style attributes that cannot do harm.
#pragma once

#include <string>
#include <string_view>

namespace agg::clean {

// The declarations of the style attribute `style` that are about type, colour, spacing and size, with plain values:
// words, colours and lengths of sane size. Everything else goes: functions, escapes, comments, negative lengths,
// positions, images.
[[nodiscard]] std::string safe_style(std::string_view style);

// The value of `property` in `style`, trimmed; empty when absent.
[[nodiscard]] std::string_view style_value(std::string_view style, std::string_view property);

}  // namespace agg::clean
