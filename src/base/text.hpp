// Small questions about text, the smallest of them inline: every element of a feed asks them. All text inside is UTF-8; sizes are in bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agg {

[[nodiscard]] constexpr bool is_ascii_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
[[nodiscard]] constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_ascii_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
[[nodiscard]] constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Without ASCII white space at both ends. The view points into `text`.
[[nodiscard]] std::string_view trim(std::string_view text);

// ASCII letters in lower case, every other byte as it is.
[[nodiscard]] std::string ascii_lower(std::string_view text);

// Equal when ASCII case is ignored.
[[nodiscard]] constexpr bool iequals(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t at = 0; at < a.size(); ++at)
        if (ascii_lower(a[at]) != ascii_lower(b[at])) return false;
    return true;
}
[[nodiscard]] constexpr bool istarts_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

// Position of `needle` in `text` at or after `from`, ASCII case ignored; npos when absent. `needle` is not empty.
[[nodiscard]] std::size_t ifind(std::string_view text, std::string_view needle, std::size_t from = 0);

// The parts between `separator`s, empty ones included; views into `text`. An empty text is one empty part.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

// Every run of white space (ASCII, U+00A0, U+0085, U+2000..200A, U+2028, U+2029, U+202F, U+3000) as one space, none at the ends.
[[nodiscard]] std::string collapse_space(std::string_view text);

// The length of the ASCII at the start of `text`.
[[nodiscard]] std::size_t ascii_prefix(std::string_view text);

// True when `text` is well-formed UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);

// The length of the well-formed UTF-8 at the start of `text`.
[[nodiscard]] std::size_t utf8_prefix(std::string_view text);

// The length of the ill-formed sequence (maximal subpart) at the start of `text`, which is not empty; 0 when it is well-formed.
[[nodiscard]] std::size_t utf8_bad_length(std::string_view text);

// Every ill-formed sequence replaced by U+FFFD, one per maximal subpart (Unicode 15, 3.9, as the WHATWG decoder does).
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

// Appends one code point as UTF-8; what is no scalar value becomes U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

// At most `max_bytes` of `text`, cut between characters.
[[nodiscard]] std::string_view truncate_utf8(std::string_view text, std::size_t max_bytes);

// `text` escaped for HTML and XML, attribute values included: & < > " '
[[nodiscard]] std::string escape_markup(std::string_view text);

// Number of optimal string alignment edits (insert, delete, substitute, swap) between two short words, bytewise.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace agg
