#include "base/references.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "base/html_entities.hpp"
#include "base/text.hpp"

namespace agg {
namespace {

constexpr std::size_t k_longest_name = 40;          // HTML's longest is 31
constexpr std::size_t k_longest_expansion = 16384;  // one entity of the document's own
constexpr std::size_t k_most_entities = 1024;
constexpr auto npos = std::string_view::npos;

// The code point of "&#NNN" or "&#xHHH" without "&#", 0 when it is none. `length` becomes the number of bytes read.
char32_t read_number(std::string_view digits, std::size_t& length) {
    const bool hex = !digits.empty() && (digits[0] == 'x' || digits[0] == 'X');
    const char* begin = digits.data() + (hex ? 1 : 0);
    const char* end = digits.data() + std::min<std::size_t>(digits.size(), 12);
    std::uint32_t value = 0;
    const auto [stop, error] = std::from_chars(begin, end, value, hex ? 16 : 10);
    if (stop == begin) return 0;
    length = static_cast<std::size_t>(stop - digits.data());
    return error == std::errc{} ? char32_t{value} : U'\uFFFD';
}

// What browsers make of &#128; to &#159;: the numbers of windows-1252 (HTML, 13.2.5.80).
constexpr std::array<char16_t, 32> k_windows_1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

void append_number(std::string& out, char32_t number) {
    if (number >= 0x80 && number < 0xA0) number = k_windows_1252[number - 0x80];
    const bool forbidden = number == 0 || number == 0xFFFE || number == 0xFFFF;
    if (number < 0x20 && number != '\t' && number != '\n' && number != '\r' && number != 0) return;  // no character of XML
    append_utf8(out, forbidden ? 0xFFFD : number);
}

// Where the document type begins; npos when there is none. It stands before the first element.
std::size_t document_type(std::string_view document) {
    for (std::size_t at = document.find('<'); at != npos && at + 1 < document.size(); at = document.find('<', at + 1)) {
        const std::string_view rest = document.substr(at);
        if (rest.starts_with("<!DOCTYPE")) return at;
        if (rest.starts_with("<!--")) at = std::min(document.find("-->", at), document.size() - 1);
        else if (is_ascii_alpha(rest[1])) return npos;
    }
    return npos;
}

bool is_name_char(char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || c == '_' || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

// Copies `from` up to its first "&", or all of it, to `to`, which has room for all of it; returns how much that was. Looking and
// copying are one pass: the next "&" is too near for the calls that memchr and memcpy would be.
std::size_t copy_to_reference(char* to, std::string_view from) {
    std::size_t at = 0;
    for (std::uint64_t block = 0; at + sizeof block <= from.size(); at += sizeof block) {
        std::memcpy(&block, from.data() + at, sizeof block);
        std::memcpy(to + at, &block, sizeof block);
        const std::uint64_t differs = block ^ 0x2626262626262626U;  // a zero byte for each "&"
        const std::uint64_t found = (differs - 0x0101010101010101U) & ~differs & 0x8080808080808080U;
        if (found == 0) continue;
        if constexpr (std::endian::native == std::endian::big) break;  // only the lowest bit of `found` can be trusted
        else return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
    for (; at < from.size() && from[at] != '&'; ++at) to[at] = from[at];
    return at;
}

struct Plain {
    std::size_t length = 0;
    char meant = '\0';
};

// The references that escaped markup is made of. Length 0 when `text` starts with none of them.
Plain plain_reference(std::string_view text) {
    // memcmp with a constant length is one comparison, std::string_view's is a call.
    const auto starts_with = [&](const auto& name) {
        return text.size() >= sizeof name - 1 && std::memcmp(text.data(), name, sizeof name - 1) == 0;
    };
    if (starts_with("&lt;")) return {4, '<'};
    if (starts_with("&gt;")) return {4, '>'};
    if (starts_with("&amp;")) return {5, '&'};
    if (starts_with("&quot;")) return {6, '"'};
    return {};
}

}  // namespace

References::References(std::string_view document) {
    const std::size_t type = document_type(document);
    if (type == npos) return;
    // A "]" that is followed by ">" ends the subset; values stand in quotes.
    std::size_t at = type;
    std::size_t expanded = 0;
    while (entities_.size() < k_most_entities) {
        const std::size_t entity = document.find("<!ENTITY", at);
        if (entity == npos) return;
        const std::string_view between = document.substr(at, entity - at);
        const std::size_t bracket = between.find(']');
        if (bracket != npos && trim(between.substr(bracket + 1)).starts_with(">")) return;
        std::string_view rest = document.substr(entity + 8);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
        const std::size_t name_end = std::min(rest.find_first_of(" \t\r\n>"), rest.size());
        const std::string_view name = rest.substr(0, name_end);
        rest.remove_prefix(name_end);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
        const bool has_value = !rest.empty() && (rest[0] == '"' || rest[0] == '\'') && name != "%";
        std::size_t end = has_value ? rest.find(rest[0], 1) : npos;
        if (end != npos) {
            std::string value;
            // Values may name earlier entities; their expansions are already bounded, and so is the sum.
            append(value, rest.substr(1, end - 1));
            expanded += value.size();
            if (value.size() <= k_longest_expansion && expanded <= 4 * k_longest_expansion)
                entities_.emplace(std::string(name), std::move(value));
        } else {
            entities_.emplace(std::string(name), std::string{});
            end = std::min(rest.find('>'), rest.size() - 1);
        }
        at = static_cast<std::size_t>(rest.data() - document.data()) + end + 1;
    }
}

// Resolves the reference that `raw` starts with ("&") and returns its length; 0 when there is none.
std::size_t References::append_one(std::string& out, std::string_view raw) const {
    if (raw.size() < 3) return 0;
    if (raw[1] == '#') {
        std::size_t length = 0;
        const char32_t number = read_number(raw.substr(2), length);
        if (length == 0) return 0;
        append_number(out, number);
        const std::size_t end = 2 + length;
        return end + (end < raw.size() && raw[end] == ';' ? 1 : 0);
    }
    std::size_t end = 1;
    while (end < raw.size() && end <= k_longest_name && is_name_char(raw[end])) ++end;
    if (end >= raw.size() || raw[end] != ';') return 0;  // "&copy=2" in a query string is no reference
    const std::string_view name = raw.substr(1, end - 1);
    if (const auto own = entities_.find(name); own != entities_.end()) {
        out += own->second;
        return end + 1;
    }
    std::string_view replacement;
    if (name == "amp") replacement = "&";
    else if (name == "lt") replacement = "<";
    else if (name == "gt") replacement = ">";
    else if (name == "quot") replacement = "\"";
    else if (name == "apos") replacement = "'";
    else replacement = html_entity(name);
    out += replacement;
    return replacement.empty() ? 0 : end + 1;
}

void References::append(std::string& out, std::string_view raw) const {
    // Escaped markup has a reference every few bytes. Nearly all of them mean less than they measure, so the room is made once
    // and written to directly; what means more makes its own.
    std::size_t to = out.size();
    out.resize(to + raw.size());
    std::string other;
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t copied = copy_to_reference(out.data() + to, raw.substr(at));
        to += copied;
        at += copied;
        if (at == raw.size()) break;
        const std::string_view rest = raw.substr(at);
        if (const auto [length, meant] = entities_.empty() ? plain_reference(rest) : Plain{}; length > 0) {
            out[to++] = meant;
            at += length;
            continue;
        }
        other.clear();
        std::size_t length = append_one(other, rest);
        if (length == 0) {
            other.push_back('&');
            length = 1;
        }
        if (other.size() > length) out.resize(out.size() + other.size() - length);
        other.copy(out.data() + to, other.size());
        to += other.size();
        at += length;
    }
    out.resize(to);
}

std::string References::resolve(std::string_view raw) const {
    if (raw.find('&') == npos) return std::string(raw);
    std::string out;
    append(out, raw);
    return out;
}

}  // namespace agg
