#include "parse/html_tags.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/references.hpp"

namespace agg::parse {
namespace {

constexpr auto npos = std::string_view::npos;

}  // namespace

std::optional<Tag> TagWalker::next() {
    while (true) {
        const std::size_t open = html_.find('<', at_);
        if (open == npos || open + 1 >= html_.size()) return std::nullopt;
        if (html_.substr(open).starts_with("<!--")) {
            const std::size_t end = html_.find("-->", open + 4);
            if (end == npos) return std::nullopt;
            at_ = end + 3;
            continue;
        }
        std::size_t name_end = open + 1;
        if (html_[name_end] == '/') ++name_end;
        while (name_end < html_.size() && (is_ascii_alpha(html_[name_end]) || is_ascii_digit(html_[name_end]))) ++name_end;
        const std::size_t close = end_of_tag(name_end);
        if (close == npos) return std::nullopt;
        at_ = close + 1;
        if (name_end == open + 1) continue;
        Tag tag{html_.substr(open + 1, name_end - open - 1), html_.substr(name_end, close - name_end), at_};
        for (const std::string_view raw : {"script", "style"})
            if (iequals(tag.name, raw)) skip_to_end_of(raw);
        return tag;
    }
}

std::size_t TagWalker::end_of_tag(std::size_t from) const {
    char quote = '\0';
    for (std::size_t at = from; at < html_.size(); ++at) {
        const char c = html_[at];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if ((c == '"' || c == '\'') && html_[at - 1] == '=') {
            quote = c;
        } else if (c == '>') {
            return at;
        }
    }
    return npos;
}

void TagWalker::skip_to_end_of(std::string_view name) {
    const std::size_t end = ifind(html_, "</" + std::string(name), at_);
    at_ = end == npos ? html_.size() : end;
}

std::string html_attribute(std::string_view attributes, std::string_view wanted) {
    static const References references;
    std::size_t at = 0;
    const auto skip_space = [&] {
        while (at < attributes.size() && (is_ascii_space(attributes[at]) || attributes[at] == '/')) ++at;
    };
    while (skip_space(), at < attributes.size()) {
        const std::size_t name_begin = at;
        while (at < attributes.size() && attributes[at] != '=' && !is_ascii_space(attributes[at]) && attributes[at] != '/') ++at;
        const std::string_view name = attributes.substr(name_begin, at - name_begin);
        while (at < attributes.size() && is_ascii_space(attributes[at])) ++at;
        std::string_view value;
        if (at < attributes.size() && attributes[at] == '=') {
            ++at;
            while (at < attributes.size() && is_ascii_space(attributes[at])) ++at;
            const bool quoted = at < attributes.size() && (attributes[at] == '"' || attributes[at] == '\'');
            const std::size_t begin = quoted ? at + 1 : at;
            std::size_t end = quoted ? attributes.find(attributes[at], begin) : attributes.find_first_of(" \t\r\n", begin);
            end = std::min(end, attributes.size());
            value = attributes.substr(begin, end - begin);
            at = std::min(end + (quoted ? 1 : 0), attributes.size());
        } else if (name.empty()) {
            ++at;
        }
        if (iequals(name, wanted)) return references.resolve(value);
    }
    return {};
}

bool is_html_element(std::string_view name) {
    constexpr auto k_elements = std::to_array<std::string_view>({
        "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo", "big",
        "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data",
        "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure",
        "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i",
        "iframe", "img", "input", "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "marquee", "math", "meta",
        "nav", "nobr", "noscript", "object", "ol", "option", "p", "param", "picture", "pre", "q", "rp", "rt", "ruby", "s", "samp",
        "script", "section", "select", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg",
        "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul",
        "var", "video", "wbr"});
    return std::binary_search(k_elements.begin(), k_elements.end(), std::string_view(ascii_lower(name)));
}

}  // namespace agg::parse
