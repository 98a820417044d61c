#include "parse/markup.hpp"

#include "base/text.hpp"
#include "parse/base64.hpp"

namespace agg::parse {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_tag_at(std::string_view text) {
    std::size_t at = 1;
    if (at < text.size() && text[at] == '/') ++at;
    if (text.starts_with("<!--")) return true;
    if (at >= text.size() || !is_ascii_alpha(text[at])) return false;
    while (at < text.size() && (is_ascii_alpha(text[at]) || is_ascii_digit(text[at]) || text[at] == ':' || text[at] == '-')) ++at;
    if (at >= text.size() || !(is_ascii_space(text[at]) || text[at] == '>' || text[at] == '/')) return false;
    return text.find('>', at) != npos;
}

bool is_reference_at(std::string_view text) {
    std::size_t at = 1;
    if (at < text.size() && text[at] == '#') ++at;
    const std::size_t begin = at;
    while (at < text.size() && at < 34 && (is_ascii_alpha(text[at]) || is_ascii_digit(text[at]))) ++at;
    return at > begin && at < text.size() && text[at] == ';';
}

bool is_xhtml_type(std::string_view type) {
    return type == "xhtml" || type == "application/xhtml+xml" || type == "application/xml" || type == "text/xml" || type == "xml" ||
           type == "image/svg+xml";
}

bool is_html_type(std::string_view type) { return type == "html" || type == "text/html"; }

// The content of an xhtml construct: without the one div that Atom asks for.
Markup xhtml(const Element& element) {
    const Element only = element.first();
    if (only && iequals(only.name().local, "div") && !only.next() && trim(element.text()).empty())
        return {.text = only.inner_html(), .type = MarkupType::html, .base = only.base()};
    return {.text = element.inner_html(), .type = MarkupType::html, .base = element.base()};
}

Markup of_type(std::string text, std::string_view type, const Element& element) {
    const bool html = is_html_type(type) || is_xhtml_type(type);
    return {.text = std::move(text), .type = html ? MarkupType::html : MarkupType::plain, .base = element.base()};
}

}  // namespace

bool looks_like_html(std::string_view text) {
    for (std::size_t at = text.find_first_of("<&"); at != npos; at = text.find_first_of("<&", at + 1))
        if (text[at] == '<' ? is_tag_at(text.substr(at)) : is_reference_at(text.substr(at))) return true;
    return false;
}

Markup html_body(const Element& element) {
    if (element.has_elements()) return xhtml(element);
    return {.text = element.text(), .type = MarkupType::html, .base = element.base()};
}

Markup short_text(std::string text, const std::string& base) {
    const MarkupType type = looks_like_html(text) ? MarkupType::html : MarkupType::plain;
    return {.text = std::move(text), .type = type, .base = base};
}

Markup short_text(const Element& element) {
    if (element.has_elements()) return {.text = element.inner_html(), .type = MarkupType::html, .base = element.base()};
    return short_text(element.text(), element.base());
}

Markup atom_text(const Element& element) {
    const std::string type = ascii_lower(trim(element.attribute("type")));
    const std::string mode = ascii_lower(trim(element.attribute("mode")));
    if (mode == "base64") {
        const auto decoded = decode_base64(element.text());
        return of_type(decoded ? to_valid_utf8(*decoded) : element.text(), type, element);
    }
    if (element.has_elements()) return xhtml(element);
    if (mode == "escaped") return of_type(element.text(), type, element);
    if (is_xhtml_type(type)) return {.text = element.inner_html(), .type = MarkupType::html, .base = element.base()};
    const bool is_text = type.empty() || type == "text" || type.starts_with("text/") || is_html_type(type);
    if (is_text || type.find('/') == std::string::npos) return of_type(element.text(), type, element);
    // Any other media type is base64 by RFC 4287, 4.1.3.3; only text can be shown.
    if (const auto decoded = decode_base64(element.text()); decoded && is_utf8(*decoded)) return of_type(*decoded, type, element);
    return of_type(element.text(), type, element);
}

}  // namespace agg::parse
