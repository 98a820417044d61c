#include "support/safe_markup_check.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace agg::test {
namespace {

constexpr auto k_void = std::to_array<std::string_view>({"area", "br", "col", "hr", "img", "source", "track", "wbr"});

// What must never appear, whatever the cleaner's tables say.
constexpr auto k_forbidden = std::to_array<std::string_view>({
    "annotation",
    "annotation-xml",
    "animate",
    "animatemotion",
    "animatetransform",
    "applet",
    "base",
    "basefont",
    "bgsound",
    "body",
    "button",
    "desc",
    "embed",
    "foreignobject",
    "form",
    "frame",
    "frameset",
    "head",
    "html",
    "iframe",
    "ilayer",
    "image",
    "input",
    "isindex",
    "keygen",
    "layer",
    "link",
    "listing",
    "maction",
    "malignmark",
    "meta",
    "mglyph",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "param",
    "plaintext",
    "script",
    "select",
    "set",
    "style",
    "template",
    "textarea",
    "title",
    "use",
    "xml",
    "xmp",
});
constexpr auto k_address_attributes = std::to_array<std::string_view>({
    "action", "background", "cite", "classid", "codebase", "data", "dynsrc", "formaction", "href", "icon", "longdesc",
    "lowsrc", "manifest",   "ping", "poster",  "profile",  "src",  "usemap", "xlink:href",
});
constexpr auto k_bad_schemes =
    std::to_array<std::string_view>({"about", "blob", "data", "feed", "file", "filesystem", "jar", "javascript",
                                     "livescript", "mocha", "vbscript", "view-source"});
constexpr auto k_references = std::to_array<std::string_view>({"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#96;"});

template <typename Table>
bool contains(const Table& table, std::string_view text) {
    return std::find(table.begin(), table.end(), text) != table.end();
}

std::string resolved(std::string_view text) {
    constexpr std::string_view k_characters = "&<>\"'`";
    std::string out;
    while (!text.empty()) {
        std::size_t length = 1;
        char c = text[0];
        for (std::size_t i = 0; i < k_references.size(); ++i) {
            if (!text.starts_with(k_references[i])) continue;
            length = k_references[i].size();
            c = k_characters[i];
        }
        out += c;
        text.remove_prefix(length);
    }
    return out;
}

bool only_known_references(std::string_view text) {
    for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1))
        if (std::none_of(k_references.begin(), k_references.end(),
                         [&](std::string_view known) { return text.substr(at).starts_with(known); }))
            return false;
    return true;
}

bool is_bad_address(std::string_view element, std::string address) {
    std::erase_if(address, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
    const std::string lower = ascii_lower(address);
    const std::size_t colon = lower.find(':');
    if (colon == std::string::npos || !contains(k_bad_schemes, std::string_view(lower).substr(0, colon))) return false;
    return !(element == "img" && lower.starts_with("data:image/") && !lower.starts_with("data:image/svg"));
}

std::string fault_in_attribute(std::string_view element, std::string_view name, std::string_view raw) {
    const std::string at = std::string(element) + "/" + std::string(name);
    if (raw.find_first_of("<>\"'`") != std::string_view::npos || !only_known_references(raw))
        return at + " is not escaped";
    const std::string value = resolved(raw);
    if (name.starts_with("on") || name == "srcdoc" || name == "formaction" || name.starts_with("data-"))
        return at + " acts";
    if (contains(k_address_attributes, name) &&
        (is_bad_address(element, value) || is_bad_address(element, resolved(value))))
        return at + " runs: " + value;
    const std::string lower = ascii_lower(value);
    // RFC 3986, 3.1: behind any other character a colon ends no scheme.
    const std::string scheme = lower.substr(0, lower.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-."));
    if (name == "srcset" && scheme.ends_with("script") && lower.substr(scheme.size()).starts_with(":"))
        return at + " runs: " + value;
    if (name == "style")
        for (const std::string_view bad :
             {"url(", "expression(", "behavior:", "binding:", "position:", "@", "\\", "/*", "javascript:"})
            if (lower.find(bad) != std::string::npos) return at + " acts: " + value;
    if ((name == "fill" || name == "stroke") && lower.find("url") != std::string::npos && !lower.starts_with("url(#"))
        return at + " loads: " + value;
    return {};
}

class Checker {
  public:
    explicit Checker(std::string_view html) : rest_(html) {}

    std::string run() {
        if (!is_utf8(rest_)) return "no UTF-8";
        for (const char c : rest_)
            if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
                return "a control character";
        while (!rest_.empty()) {
            const std::size_t tag = std::min(rest_.find('<'), rest_.size());
            const std::string_view text = rest_.substr(0, tag);
            if (text.find('>') != std::string_view::npos || !only_known_references(text)) return "text is not escaped";
            rest_.remove_prefix(tag);
            if (rest_.empty()) break;
            if (const std::string fault = rest_.starts_with("</") ? end_tag() : start_tag(); !fault.empty())
                return fault;
        }
        return open_.empty() ? "" : open_.back() + " is not closed";
    }

  private:
    std::string_view take_name() {
        std::size_t length = 0;
        while (length < rest_.size() && (is_ascii_alpha(rest_[length]) || is_ascii_digit(rest_[length]) ||
                                         rest_[length] == '-' || rest_[length] == ':'))
            ++length;
        const std::string_view name = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return name;
    }

    bool take(std::string_view expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }

    std::string end_tag() {
        take("</");
        const std::string name(take_name());
        if (!take(">")) return "an end tag is odd";
        if (open_.empty() || open_.back() != name) return name + " is not balanced";
        open_.pop_back();
        return {};
    }

    std::string start_tag() {
        take("<");
        const std::string name(take_name());
        if (name.empty() || ascii_lower(name) != name || contains(k_forbidden, name))
            return "the element <" + name + ">";
        std::vector<std::string> seen;
        while (take(" ")) {
            const std::string attribute(take_name());
            if (attribute.empty() || !take("=\"") || contains(seen, attribute))
                return "an attribute of " + name + " is odd";
            seen.push_back(attribute);
            const std::size_t end = rest_.find('"');
            if (end == std::string_view::npos) return "an attribute of " + name + " does not end";
            if (const std::string fault = fault_in_attribute(name, attribute, rest_.substr(0, end)); !fault.empty())
                return fault;
            rest_.remove_prefix(end + 1);
        }
        const bool is_void = contains(k_void, name);
        if (!take(is_void ? "/>" : ">")) return name + " is odd";
        if (!is_void) open_.push_back(name);
        return {};
    }

    std::string_view rest_;
    std::vector<std::string> open_;
};

}  // namespace

std::string fault_in(std::string_view html) { return Checker(html).run(); }

}  // namespace agg::test
