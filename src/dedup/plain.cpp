#include "dedup/plain.hpp"

#include <algorithm>
#include <array>

#include "base/references.hpp"
#include "base/text.hpp"

namespace agg::dedup {
namespace {

constexpr std::size_t k_max_bytes = 256 * 1024;

// Elements within a sentence: their tags do not end a word.
constexpr auto k_inline =
    std::to_array<std::string_view>({"a",    "abbr",   "b",      "bdi", "bdo", "cite", "code", "data", "del",  "dfn",
                                     "em",   "font",   "i",      "ins", "kbd", "mark", "q",    "s",    "samp", "small",
                                     "span", "strike", "strong", "sub", "sup", "time", "tt",   "u",    "var",  "wbr"});

std::string name_of(std::string_view tag) {
    if (tag.starts_with('/')) tag.remove_prefix(1);
    std::size_t end = 0;
    while (end < tag.size() && (is_ascii_alpha(tag[end]) || is_ascii_digit(tag[end]))) ++end;
    return ascii_lower(tag.substr(0, end));
}

// Without tags; references as they are.
PlainText without_tags(std::string_view html) {
    PlainText plain;
    plain.text.reserve(html.size());
    bool in_link = false;
    for (std::size_t at = 0; at < html.size();) {
        const std::size_t open = std::min(html.find('<', at), html.size());
        plain.text += html.substr(at, open - at);
        if (in_link) plain.link_bytes += open - at;
        if (open == html.size()) break;
        const char first = open + 1 < html.size() ? html[open + 1] : ' ';
        const std::size_t close = html.find('>', open);
        if (close == std::string_view::npos || !(is_ascii_alpha(first) || first == '/' || first == '!')) {
            plain.text += '<';
            at = open + 1;
            continue;
        }
        const std::string name = name_of(html.substr(open + 1, close - open - 1));
        if (name == "a") {
            in_link = first != '/';
            plain.links += in_link ? 1 : 0;
        }
        if (std::find(k_inline.begin(), k_inline.end(), name) == k_inline.end()) plain.text += '\n';
        at = close + 1;
    }
    return plain;
}

}  // namespace

PlainText plain_text_of(std::string_view html) {
    static const References references;
    PlainText plain = without_tags(truncate_utf8(html, k_max_bytes));
    for (int rounds = 0; rounds < 2 && plain.text.find('&') != std::string::npos; ++rounds) {
        plain.text = references.resolve(plain.text);
        if (plain.text.find('<') == std::string::npos) continue;
        PlainText again = without_tags(plain.text);
        again.links += plain.links;
        again.link_bytes += plain.link_bytes;
        plain = std::move(again);
    }
    return plain;
}

}  // namespace agg::dedup
