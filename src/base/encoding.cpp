#include "base/encoding.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <unordered_map>

#include <iconv.h>

#include "base/encoding_guess.hpp"
#include "base/encoding_labels.hpp"
#include "base/text.hpp"

namespace agg {
namespace {

class Converter {
  public:
    explicit Converter(const std::string& from) : handle_(iconv_open("UTF-8", from.c_str())) {}
    ~Converter() {
        if (is_open()) iconv_close(handle_);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    [[nodiscard]] bool is_open() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }
    [[nodiscard]] iconv_t get() const { return handle_; }

  private:
    iconv_t handle_;
};

bool iconv_knows(const std::string& name) {
    // iconv_open treats "/" and "//" as options ("//TRANSLIT") and "" as the locale's encoding.
    if (name.empty() || name.size() > 40 || name.find('/') != std::string::npos) return false;
    return Converter(name).is_open();
}

const std::unordered_map<std::string_view, std::string_view>& known_labels() {
    static const auto table = [] {
        std::unordered_map<std::string_view, std::string_view> labels;
        for (const EncodingLabels& row : encoding_labels())
            for (const std::string_view label : split(row.labels, ' ')) labels.emplace(label, row.iconv);
        return labels;
    }();
    return table;
}

// One byte per character, ASCII below 0x80: what iconv calls undefined in them is a C1 control in the Encoding Standard.
bool is_single_byte(std::string_view encoding) {
    return encoding.starts_with("CP125") || encoding.starts_with("ISO-8859") || encoding.starts_with("KOI8");
}

bool is_wide(std::string_view encoding) { return encoding.starts_with("UTF-16") || encoding.starts_with("UTF-32"); }

std::size_t count_high(std::string_view bytes) {
    return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
}

bool is_ascii_letter_or_digit(std::string_view text, std::size_t at) {
    return at < text.size() && (is_ascii_alpha(text[at]) || is_ascii_digit(text[at]));
}

// What bytes 0x80 to 0x9F of windows-1252 mean; above, it agrees with Unicode.
constexpr std::array<char16_t, 32> k_windows_1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

void append_windows_1252(std::string& out, unsigned char byte) {
    append_utf8(out, byte >= 0x80 && byte < 0xA0 ? k_windows_1252[byte - 0x80U] : byte);
}

// The byte of a character that is not ASCII, -1 when windows-1252 has none.
int windows_1252_byte(char32_t c) {
    if (c >= 0xA0 && c <= 0xFF) return static_cast<int>(c);
    if (c >= 0x80 && c < 0xA0) return static_cast<int>(c);  // already a byte to whoever did not convert it
    const auto found = std::find(k_windows_1252.begin(), k_windows_1252.end(), c);
    return found == k_windows_1252.end() ? -1 : static_cast<int>(found - k_windows_1252.begin()) + 0x80;
}

// UTF-8 with foreign bytes in it. A page that pastes windows-1252 into UTF-8 has single high bytes next to ASCII letters; a text
// that was cut by bytes ends in the middle of a character. The first is read as what it is, the second becomes U+FFFD.
Decoded decode_utf8(std::string_view bytes) {
    Decoded decoded{.text = {}, .encoding = "UTF-8"};
    if (is_utf8(bytes)) {
        decoded.text = std::string(bytes);
        return decoded;
    }
    decoded.text.reserve(bytes.size() + bytes.size() / 16);
    std::size_t at = 0;
    while (at < bytes.size()) {
        const std::size_t good = utf8_prefix(bytes.substr(at));
        decoded.text += bytes.substr(at, good);
        at += good;
        if (at == bytes.size()) break;
        const std::size_t bad = utf8_bad_length(bytes.substr(at));
        ++decoded.replaced;
        const auto byte = static_cast<unsigned char>(bytes[at]);
        const bool before = at > 0 && is_ascii_letter_or_digit(bytes, at - 1);
        const bool after = is_ascii_letter_or_digit(bytes, at + 1);
        const bool pasted = bad == 1 && (after || (before && byte != 0xC2 && byte != 0xC3));
        if (pasted) append_windows_1252(decoded.text, byte);
        else append_utf8(decoded.text, 0xFFFD);
        at += bad;
    }
    return decoded;
}

// What most documents in a single-byte encoding are in. iconv would load a library for each of them.
Decoded decode_windows_1252(std::string_view bytes) {
    Decoded decoded{.text = {}, .encoding = "CP1252"};
    decoded.text.reserve(bytes.size() + bytes.size() / 8);
    while (!bytes.empty()) {
        const std::size_t ascii = ascii_prefix(bytes);
        decoded.text += bytes.substr(0, ascii);
        bytes.remove_prefix(ascii);
        for (; !bytes.empty() && static_cast<unsigned char>(bytes[0]) >= 0x80; bytes.remove_prefix(1))
            append_windows_1252(decoded.text, static_cast<unsigned char>(bytes[0]));
    }
    return decoded;
}

}  // namespace

std::optional<std::string> encoding_of_label(std::string_view label) {
    const std::string lower = ascii_lower(trim(label));
    const auto& labels = known_labels();
    if (const auto found = labels.find(lower); found != labels.end()) return std::string(found->second);
    std::string dashed = lower;
    for (char& c : dashed)
        if (c == '_') c = '-';
    if (const auto found = labels.find(dashed); found != labels.end()) return std::string(found->second);
    for (const std::string& name : {lower, dashed, "cp" + lower})
        if (iconv_knows(name)) return name;
    return std::nullopt;
}

Decoded decode_as(std::string_view bytes, const std::string& encoding) {
    if (encoding == "UTF-8") return decode_utf8(bytes);
    if (encoding == "CP1252") return decode_windows_1252(bytes);
    Decoded decoded{.text = {}, .encoding = encoding};
    const Converter converter(encoding);
    if (!converter.is_open()) return decode_utf8(bytes);
    decoded.text.reserve(bytes.size() + bytes.size() / 2);
    std::array<char, 16384> buffer;
    // iconv's interface is older than const; it does not write to its input.
    char* in = const_cast<char*>(bytes.data());
    std::size_t in_left = bytes.size();
    const std::size_t unit = encoding.starts_with("UTF-16") ? 2 : encoding.starts_with("UTF-32") ? 4 : 1;
    while (in_left > 0) {
        char* out = buffer.data();
        std::size_t out_left = buffer.size();
        const std::size_t result = iconv(converter.get(), &in, &in_left, &out, &out_left);
        const int why = errno;
        decoded.text.append(buffer.data(), buffer.size() - out_left);
        if (result != static_cast<std::size_t>(-1) || why == E2BIG) continue;
        if (is_single_byte(encoding)) {
            append_utf8(decoded.text, static_cast<unsigned char>(*in));
        } else {
            append_utf8(decoded.text, 0xFFFD);
            ++decoded.replaced;
        }
        const std::size_t skipped = std::min(unit, in_left);
        in += skipped;
        in_left -= skipped;
    }
    return decoded;
}

std::optional<std::string> undo_double_encoding(std::string_view utf8) {
    std::string bytes;
    bool any = false;
    for (std::size_t at = 0; at < utf8.size(); ++at) {
        const auto lead = static_cast<unsigned char>(utf8[at]);
        if (lead < 0x80) {
            bytes += utf8[at];
            continue;
        }
        const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (length > 3 || at + length > utf8.size()) return std::nullopt;
        char32_t c = lead & (length == 2 ? 0x1FU : 0x0FU);
        for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (static_cast<unsigned char>(utf8[at + i]) & 0x3FU);
        const int byte = windows_1252_byte(c);
        if (byte < 0) return std::nullopt;
        bytes += static_cast<char>(static_cast<unsigned char>(byte));
        at += length - 1;
        any = true;
    }
    if (!any || !is_utf8(bytes)) return std::nullopt;
    return bytes;
}

std::string_view charset_of(std::string_view content_type) {
    for (std::size_t at = 0; (at = ifind(content_type, "charset", at)) != std::string_view::npos; at += 7) {
        std::string_view rest = trim(content_type.substr(at + 7));
        if (rest.empty() || rest[0] != '=') continue;
        rest = trim(rest.substr(1));
        rest = rest.substr(0, rest.find(';'));
        rest = trim(rest);
        while (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) rest.remove_prefix(1);
        const std::size_t end = rest.find_first_of("\"' \t,");
        return rest.substr(0, end);
    }
    return {};
}

std::string_view declared_encoding(std::string_view bytes) {
    constexpr std::size_t k_searched = 4096;  // the standard looks at 1024 bytes; real documents put comments first
    const std::string_view head = bytes.substr(0, k_searched);
    const auto value_at = [](std::string_view rest) -> std::string_view {
        rest = trim(rest);
        if (rest.empty() || rest[0] != '=') return {};
        rest = trim(rest.substr(1));
        if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) rest.remove_prefix(1);
        return rest.substr(0, rest.find_first_of("\"' \t\r\n?>;/"));
    };
    if (const std::size_t declaration = head.find("<?xml"); declaration != std::string_view::npos) {
        const std::string_view whole = head.substr(declaration, head.find('>', declaration) - declaration);
        if (const std::size_t name = whole.find("encoding"); name != std::string_view::npos) return value_at(whole.substr(name + 8));
        return {};
    }
    for (std::size_t at = 0; (at = ifind(head, "<meta", at)) != std::string_view::npos; at += 5) {
        const std::string_view tag = head.substr(at, head.find('>', at) - at);
        if (const std::size_t name = ifind(tag, "charset"); name != std::string_view::npos) {
            if (const auto value = value_at(tag.substr(name + 7)); !value.empty()) return value;
        }
    }
    return {};
}

namespace {

struct Mark {
    std::string_view bytes;
    const char* encoding;
};
constexpr std::array<Mark, 5> k_marks = {{{{"\xFF\xFE\0\0", 4}, "UTF-32LE"},
                                          {{"\0\0\xFE\xFF", 4}, "UTF-32BE"},
                                          {{"\xEF\xBB\xBF", 3}, "UTF-8"},
                                          {{"\xFE\xFF", 2}, "UTF-16BE"},
                                          {{"\xFF\xFE", 2}, "UTF-16LE"}}};
// What "<?", "<r", "{ " and the like look like without a mark: XML 1.0, appendix F.
constexpr std::array<Mark, 5> k_patterns = {{{{"<\0\0\0", 4}, "UTF-32LE"},
                                             {{"\0\0\0<", 4}, "UTF-32BE"},
                                             {{"<\0", 2}, "UTF-16LE"},
                                             {{"\0<", 2}, "UTF-16BE"},
                                             {{"\x4C\x6F\xA7\x94", 4}, "IBM037"}}};

// The EBCDIC code page that an XML declaration in EBCDIC names: its letters are the same in all of them.
std::string ebcdic_page(std::string_view bytes) {
    const Decoded head = decode_as(bytes.substr(0, 256), "IBM037");
    return encoding_of_label(declared_encoding(head.text)).value_or("IBM037");
}

}  // namespace

Decoded decode_document(std::string_view bytes, std::string_view content_type) {
    for (const Mark& mark : k_marks)
        if (bytes.starts_with(mark.bytes)) return decode_as(bytes.substr(mark.bytes.size()), mark.encoding);
    for (const Mark& pattern : k_patterns) {
        if (!bytes.starts_with(pattern.bytes)) continue;
        const std::string name = pattern.encoding;
        return decode_as(bytes, name == "IBM037" ? ebcdic_page(bytes) : name);
    }
    const bool valid = is_utf8(bytes);
    const auto from_http = encoding_of_label(charset_of(content_type));
    const auto from_document = encoding_of_label(declared_encoding(bytes));
    // Bytes that start with "<" or white space are not wide, whatever is declared.
    const auto usable = [](const std::optional<std::string>& name) { return name && !is_wide(*name); };
    const auto declared = usable(from_http) ? from_http : usable(from_document) ? from_document : std::nullopt;
    if (valid) {
        const bool overruled = declared && *declared != "UTF-8";
        // A chance sequence in a multi-byte encoding can be well-formed UTF-8; in a single-byte one only nonsense is.
        if (!overruled || is_single_byte(*declared)) {
            Decoded decoded = {.text = std::string(bytes), .encoding = "UTF-8"};
            decoded.contradicted = overruled && count_high(bytes) > 0;
            return decoded;
        }
    }
    std::optional<Decoded> best;
    for (const auto& name : {from_http, from_document}) {
        if (!usable(name)) continue;
        Decoded decoded = decode_as(bytes, *name);
        if (decoded.replaced == 0) return decoded;
        if (!best || decoded.replaced < best->replaced) best = std::move(decoded);
    }
    // A few bad bytes are damage, many are a wrong label.
    const std::size_t high = count_high(bytes);
    if (best && best->replaced * 50 <= high) return std::move(*best);
    // UTF-8 does not come about by chance: what has more good sequences than bad ones is damaged UTF-8, declared or not.
    if (Decoded damaged = decode_utf8(bytes); damaged.replaced * 3 < high) {
        damaged.contradicted = best && best->encoding != "UTF-8";
        return damaged;
    }
    Decoded guessed = decode_as(bytes, guess_encoding(bytes));
    guessed.contradicted = best.has_value();
    return guessed;
}

}  // namespace agg
