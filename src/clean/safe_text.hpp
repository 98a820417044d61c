// Text on its way into a page or a plain field.
#pragma once

#include <string>
#include <string_view>

namespace agg::clean {

// Appends UTF-8 `text` to `out` with "<", ">" and "&" escaped and without the characters that documents must not
// contain.
void append_escaped_text(std::string& out, std::string_view text);

// The same for the value of a quoted attribute: quotes and the backtick, which Internet Explorer took for one, are
// escaped too.
void append_escaped_attribute(std::string& out, std::string_view value);

// `text` as valid UTF-8 without control characters other than tab and line feed, and without noncharacters.
[[nodiscard]] std::string clean_text(std::string_view text);

// `clean_text` with white space collapsed, at most `max_bytes` of it; direction marks that are opened are also closed,
// so that the text cannot turn what a reader shows after it.
[[nodiscard]] std::string clean_line(std::string_view text, std::size_t max_bytes);

}  // namespace agg::clean
