// What encoding bytes are in when nobody says, or somebody lies.
#pragma once

#include <string>
#include <string_view>

namespace agg {

// The likeliest encoding of `bytes`, which are not well-formed UTF-8, by iconv's name; windows-1252 when nothing speaks for another.
[[nodiscard]] std::string guess_encoding(std::string_view bytes);

}  // namespace agg
