// Text constructs of the dialects become Markup.
#pragma once

#include <string>
#include <string_view>

#include "base/parsed_feed.hpp"
#include "parse/xml.hpp"

namespace agg::parse {

// A body in RSS (description, content:encoded): HTML, escaped or, against the rules, written as elements.
[[nodiscard]] Markup html_body(const Element& element);

// A title in RSS: plain text by custom, HTML when it contains a tag or a character reference after decoding
// ("AT&amp;amp;T" is "AT&T", "1 &lt; 2" is "1 < 2").
[[nodiscard]] Markup short_text(const Element& element);
[[nodiscard]] Markup short_text(std::string text, const std::string& base);

// A text construct or content of Atom 1.0 (type="text", "html", "xhtml") or 0.3 (mode="xml", "escaped", "base64").
// Empty when it is something else than text.
[[nodiscard]] Markup atom_text(const Element& element);

// The address of the first picture in a body, absolute; "" when it has none. Pixels that only count readers are none.
[[nodiscard]] std::string first_image(const Markup& markup);

// True when text that was decoded once contains a tag, a comment or a character reference.
[[nodiscard]] bool looks_like_html(std::string_view text);

}  // namespace agg::parse
