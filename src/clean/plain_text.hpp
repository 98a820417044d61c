// Text without markup.
#pragma once

#include <string>
#include <string_view>

#include "base/parsed_feed.hpp"

namespace agg::clean {

// What a person reads in `markup`, on one line: tags, scripts and styles gone, references resolved, white space
// collapsed, blocks set apart by a space. Plain markup is taken literally. Text that is called HTML but contains
// neither a tag nor a reference of HTML is taken literally too ("1 < 2", "vector<int>"): feeds do not say which of the
// two they mean. A text that is but a picture gives the picture's alternative text. At most `max_bytes`; valid UTF-8
// without control characters.
[[nodiscard]] std::string plain_text(const Markup& markup, std::size_t max_bytes = 64 * 1024);

}  // namespace agg::clean
