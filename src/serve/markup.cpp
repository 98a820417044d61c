#include "serve/markup.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace agg::serve {

std::string scrub(std::string_view text) {
    if (!is_utf8(text)) return scrub(to_valid_utf8(text));
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte == '\r') {
            if (at + 1 == text.size() || text[at + 1] != '\n') out += '\n';
        } else if (byte < 0x20 ? byte == '\t' || byte == '\n' : byte != 0x7F) {
            if (byte == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0)
                ++at;  // U+0080 to U+009F
            else if (byte == 0xEF && text.substr(at + 1, 1) == "\xBF" &&
                     static_cast<unsigned char>(text[at + 2]) >= 0xBE)
                at += 2;
            else
                out += text[at];
        }
    }
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
        out_ += escape_markup(scrub(value));
        out_ += '"';
    }
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
    out_ += fmt::format("</{}>\n", name);
}

void XmlWriter::element(const char* name, std::string_view text, Attributes attributes) {
    start(name, attributes);
    out_ += '>';
    out_ += escape_markup(scrub(text));
    out_ += fmt::format("</{}>\n", name);
}

void XmlWriter::empty_element(const char* name, Attributes attributes) {
    start(name, attributes);
    out_ += "/>\n";
}

}  // namespace agg::serve
