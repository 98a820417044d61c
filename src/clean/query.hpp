// The query of a URL, taken apart and put together: name=value pairs joined with "&".
#pragma once

#include <string>
#include <string_view>

namespace agg::clean {

// "%41" to "A"; "+" stays, and so does what is no escape.
[[nodiscard]] std::string percent_decoded(std::string_view text);

// The value of the first parameter `name` in `query`, decoded ("+" is a space); empty when absent.
[[nodiscard]] std::string query_value(std::string_view query, std::string_view name);

}  // namespace agg::clean
