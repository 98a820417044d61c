#include "parse/markup.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "parse/base64.hpp"
#include "parse/html_tags.hpp"

namespace agg::parse {
namespace {

constexpr auto npos = std::string_view::npos;

// A start tag of HTML, or a comment. "<T>" and "</example>" are what an author wrote about, not markup.
bool is_tag_at(std::string_view text) {
    if (text.starts_with("<!--")) return true;
    std::size_t end = 1;
    while (end < text.size() && (is_ascii_alpha(text[end]) || is_ascii_digit(text[end]))) ++end;
    if (end >= text.size() || !(is_ascii_space(text[end]) || text[end] == '>' || text[end] == '/')) return false;
    constexpr std::size_t k_longest_tag = 2048;
    return is_html_element(text.substr(1, end - 1)) && text.substr(end, k_longest_tag).find('>') != npos;
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
    if (only && iequals(only.name().local, "div") && !only.next() && !element.has_text())
        return {.text = only.inner_html(), .type = MarkupType::html, .base = only.base()};
    return {.text = element.inner_html(), .type = MarkupType::html, .base = element.base()};
}

// Without the damage of a second encoding: "Ã", "Â" or "â" and a character that no language puts there.
std::string mended(std::string text) {
    bool suspect = false;
    for (std::size_t at = 0; !suspect && (at = text.find('\xC3', at)) != npos; ++at)
        suspect = at + 1 < text.size() && (text[at + 1] == '\x82' || text[at + 1] == '\x83' || text[at + 1] == '\xA2');
    if (suspect)
        if (auto better = undo_double_encoding(text)) return std::move(*better);
    return text;
}

Markup of_type(std::string text, std::string_view type, const Element& element) {
    const bool html = is_html_type(type) || is_xhtml_type(type);
    return {.text = std::move(text), .type = html ? MarkupType::html : MarkupType::plain, .base = element.base()};
}

}  // namespace

bool looks_like_html(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at)
        if ((text[at] == '<' && is_tag_at(text.substr(at))) || (text[at] == '&' && is_reference_at(text.substr(at)))) return true;
    return false;
}

Markup html_body(const Element& element) {
    if (element.has_elements()) return xhtml(element);
    return {.text = mended(element.text()), .type = MarkupType::html, .base = element.base()};
}

Markup short_text(std::string text, const std::string& base) {
    text = mended(std::move(text));
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
    // Typepad wrote escaped HTML into a div: type="html" with an element around the text.
    if (element.has_elements() && is_html_type(type) && mode.empty())
        return {.text = element.inner_html(Escaping::undone), .type = MarkupType::html, .base = element.base()};
    if (element.has_elements()) return xhtml(element);
    // In Atom 0.3 escaped text/plain is HTML as often as not.
    if (mode == "escaped" && !is_html_type(type)) return short_text(element);
    if (mode == "escaped") return of_type(element.text(), type, element);
    if (is_xhtml_type(type)) return {.text = element.inner_html(), .type = MarkupType::html, .base = element.base()};
    const bool is_text = type.empty() || type == "text" || type.starts_with("text/") || is_html_type(type);
    if (is_text || type.find('/') == std::string::npos) return of_type(element.text(), type, element);
    // Any other media type is base64 by RFC 4287, 4.1.3.3; only text can be shown.
    if (const auto decoded = decode_base64(element.text()); decoded && is_utf8(*decoded)) return of_type(*decoded, "html", element);
    return of_type(element.text(), type, element);
}

}  // namespace agg::parse
