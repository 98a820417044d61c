#include "clean/character_references.hpp"

#include <algorithm>
#include <array>

#include "base/html_entities.hpp"
#include "base/text.hpp"

namespace agg::clean {
namespace {

// Longest name: CounterClockwiseContourIntegral. Longest of those below: Aacute and its kin.
constexpr std::size_t k_longest_name = 31;
constexpr std::size_t k_longest_legacy_name = 6;

// The names that old pages write without a semicolon (WHATWG HTML, 13.5). In byte order.
constexpr auto k_legacy_names = std::to_array<std::string_view>({
    "AElig",  "AMP",    "Aacute", "Acirc",  "Agrave", "Aring",  "Atilde", "Auml",   "COPY",   "Ccedil", "ETH",
    "Eacute", "Ecirc",  "Egrave", "Euml",   "GT",     "Iacute", "Icirc",  "Igrave", "Iuml",   "LT",     "Ntilde",
    "Oacute", "Ocirc",  "Ograve", "Oslash", "Otilde", "Ouml",   "QUOT",   "REG",    "THORN",  "Uacute", "Ucirc",
    "Ugrave", "Uuml",   "Yacute", "aacute", "acirc",  "acute",  "aelig",  "agrave", "amp",    "aring",  "atilde",
    "auml",   "brvbar", "ccedil", "cedil",  "cent",   "copy",   "curren", "deg",    "divide", "eacute", "ecirc",
    "egrave", "eth",    "euml",   "frac12", "frac14", "frac34", "gt",     "iacute", "icirc",  "iexcl",  "igrave",
    "iquest", "iuml",   "laquo",  "lt",     "macr",   "micro",  "middot", "nbsp",   "not",    "ntilde", "oacute",
    "ocirc",  "ograve", "ordf",   "ordm",   "oslash", "otilde", "ouml",   "para",   "plusmn", "pound",  "quot",
    "raquo",  "reg",    "sect",   "shy",    "sup1",   "sup2",   "sup3",   "szlig",  "thorn",  "times",  "uacute",
    "ucirc",  "ugrave", "uml",    "uuml",   "yacute", "yen",    "yuml",
});
static_assert(std::is_sorted(k_legacy_names.begin(), k_legacy_names.end()));

// What old pages mean by &#128; to &#159;: the characters of windows-1252 (WHATWG HTML, 13.2.5.80). 0 stands for
// itself.
constexpr std::array<char16_t, 32> k_windows_1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                     0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

int digit_value(char c, int base) {
    if (is_ascii_digit(c)) return c - '0';
    const char lower = ascii_lower(c);
    return base == 16 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::size_t read_numeric(std::string_view text, std::string& out) {
    std::size_t at = 2;
    int base = 10;
    if (at < text.size() && (text[at] == 'x' || text[at] == 'X')) {
        base = 16;
        ++at;
    }
    const std::size_t first_digit = at;
    char32_t code_point = 0;
    for (int digit; at < text.size() && (digit = digit_value(text[at], base)) >= 0; ++at)
        code_point =
            std::min<char32_t>(code_point * static_cast<char32_t>(base) + static_cast<char32_t>(digit), 0x110000);
    if (at == first_digit) return 0;
    if (at < text.size() && text[at] == ';') ++at;
    if (code_point >= 0x80 && code_point <= 0x9F && k_windows_1252[code_point - 0x80] != 0)
        code_point = k_windows_1252[code_point - 0x80];
    append_utf8(out, code_point == 0 ? 0xFFFD : code_point);
    return at;
}

bool is_name_character(char c) { return is_ascii_alpha(c) || is_ascii_digit(c); }

std::size_t read_named(std::string_view text, ReferencePlace place, std::string& out) {
    std::size_t end = 1;
    while (end < text.size() && end <= k_longest_name + 1 && is_name_character(text[end])) ++end;
    const std::string_view run = text.substr(1, end - 1);
    if (end < text.size() && text[end] == ';') {
        if (const std::string_view replacement = html_entity(run); !replacement.empty()) {
            out += replacement;
            return end + 1;
        }
    }
    for (std::size_t length = std::min(run.size(), k_longest_legacy_name); length >= 2; --length) {
        const std::string_view name = run.substr(0, length);
        if (!std::binary_search(k_legacy_names.begin(), k_legacy_names.end(), name)) continue;
        const std::size_t next = 1 + length;
        if (place == ReferencePlace::attribute && next < text.size() &&
            (text[next] == '=' || is_name_character(text[next])))
            return 0;
        out += html_entity(name);
        return next;
    }
    return 0;
}

}  // namespace

std::size_t read_reference(std::string_view text, ReferencePlace place, std::string& out) {
    if (text.size() < 2) return 0;
    if (text[1] == '#') return read_numeric(text, out);
    if (!is_name_character(text[1])) return 0;
    if (text.starts_with("&amp;")) {  // more frequent than all others together
        out += '&';
        return 5;
    }
    return read_named(text, place, out);
}

bool has_reference(std::string_view text) {
    std::string ignored;
    for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1))
        if (read_reference(text.substr(at), ReferencePlace::text, ignored) > 0) return true;
    return false;
}

}  // namespace agg::clean
