// Base64 as text constructs of Atom use it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agg::parse {

// The bytes that `text` stands for; white space is skipped. Absent when it is not base64, or empty.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace agg::parse
