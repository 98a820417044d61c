// Character references of HTML (WHATWG HTML, 13.2.5.72 to 13.2.5.80).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace agg::clean {

// Where a reference stands: in an attribute, "&copy=2" is part of a query and no copyright sign.
enum class ReferencePlace { text, attribute };

// Reads the reference at the start of `text`, which begins with "&". Appends what it stands for to `out` and returns
// the number of bytes it takes; 0, and nothing appended, when "&" begins no reference.
[[nodiscard]] std::size_t read_reference(std::string_view text, ReferencePlace place, std::string& out);

// True when `text` contains at least one reference that read_reference would resolve in text.
[[nodiscard]] bool has_reference(std::string_view text);

}  // namespace agg::clean
