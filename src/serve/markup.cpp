#include "serve/markup.hpp"

#include <array>

#include "base/text.hpp"

namespace agg::serve {

namespace {

// Bytes at which a text may have something to replace: markup, controls, and the lead bytes of what XML forbids.
constexpr auto k_special = [] {
    std::array<bool, 256> special{};
    for (std::size_t byte = 0; byte < 0x20; ++byte) special[byte] = byte != '\t' && byte != '\n';
    for (const std::size_t byte : {0x26, 0x3C, 0x3E, 0x22, 0x27, 0x7F, 0xC2, 0xEF}) special[byte] = true;
    return special;
}();

struct Replacement {
    std::size_t length = 0;  // of what is replaced; 0: nothing is
    std::string_view by;
};

Replacement replacement_at(std::string_view text, bool escapes) {
    switch (static_cast<unsigned char>(text[0])) {
        case '&': return {escapes ? 1U : 0U, "&amp;"};
        case '<': return {escapes ? 1U : 0U, "&lt;"};
        case '>': return {escapes ? 1U : 0U, "&gt;"};
        case '"': return {escapes ? 1U : 0U, "&quot;"};
        case '\'': return {escapes ? 1U : 0U, "&#39;"};
        case '\r': return {1, text.substr(1, 1) == "\n" ? "" : "\n"};
        case 0xC2: return {static_cast<unsigned char>(text[1]) < 0xA0 ? 2U : 0U, ""};  // U+0080 to U+009F
        case 0xEF:
            return {text.substr(1).starts_with("\xBF\xBE") || text.substr(1).starts_with("\xBF\xBF") ? 3U : 0U, ""};
        default: return {1, ""};
    }
}

void append_scrubbed(std::string& out, std::string_view text, bool escapes) {
    if (!is_utf8(text)) return append_scrubbed(out, to_valid_utf8(text), escapes);
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (!k_special[static_cast<unsigned char>(text[at])]) {
            ++at;
            continue;
        }
        const Replacement replacement = replacement_at(text.substr(at), escapes);
        if (replacement.length == 0) {
            ++at;
            continue;
        }
        out.append(text, done, at - done).append(replacement.by);
        at += replacement.length;
        done = at;
    }
    out.append(text, done);
}

}  // namespace

std::string scrub(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    append_scrubbed(out, text, false);
    return out;
}

void XmlWriter::start(const char* name, Attributes attributes) {
    out_.append(open_.size(), ' ');
    out_ += '<';
    out_ += name;
    for (const auto& [key, value] : attributes) {
        if (value.empty()) continue;
        out_ += ' ';
        out_ += key;
        out_ += "=\"";
        append_scrubbed(out_, value, true);
        out_ += '"';
    }
}

void XmlWriter::end(const char* name) {
    out_ += "</";
    out_ += name;
    out_ += ">\n";
}

void XmlWriter::open(const char* name, Attributes attributes) {
    start(name, attributes);
    out_ += ">\n";
    open_.push_back(name);
}

void XmlWriter::close() {
    const char* name = open_.back();
    open_.pop_back();
    out_.append(open_.size(), ' ');
    end(name);
}

void XmlWriter::element(const char* name, std::string_view text, Attributes attributes) {
    start(name, attributes);
    out_ += '>';
    append_scrubbed(out_, text, true);
    end(name);
}

void XmlWriter::empty_element(const char* name, Attributes attributes) {
    start(name, attributes);
    out_ += "/>\n";
}

}  // namespace agg::serve
