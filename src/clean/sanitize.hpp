// HTML that any reader can show.
#pragma once

#include <string>
#include <string_view>

namespace agg::clean {

// `html` as a fragment that is safe wherever HTML or XHTML is shown:
// - only the elements and attributes of clean/allowed_markup.hpp; no scripts, styles that act, forms, frames, objects;
// known video
//   players become links, pictures that only count readers go;
// - balanced, every attribute quoted, no NUL or control characters, "<", ">" and "&" always escaped. There is no
// element in it whose
//   content parsers read differently (raw text, foreign content), so that all of them see the same elements;
// - addresses absolute where `base` (the absolute address of the page; may be empty) is known, with safe schemes only,
// links without
//   tracking parameters.
// safe_html(safe_html(x)) is safe_html(x). Linear in the size of `html`; at most k_max_html_bytes come out, cut between
// elements.
[[nodiscard]] std::string safe_html(std::string_view html, std::string_view base);

inline constexpr std::size_t k_max_html_bytes = 4 * 1024 * 1024;

// Elements nested deeper than this lose their tags.
inline constexpr std::size_t k_max_html_depth = 200;

}  // namespace agg::clean
