#include "serve/page/html.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "serve/markup.hpp"

namespace agg::serve::page {
namespace {

bool is_safe_address(std::string_view url) {
    if (istarts_with(url, "https://") || istarts_with(url, "http://")) return true;
    // "//name" and, for browsers, "/\name" lead to another machine.
    return url.starts_with('#') || (url.starts_with('/') && url.substr(1, 1) != "/" && url.substr(1, 1) != "\\");
}

}  // namespace

void Html::start(const char* name, Attributes attributes) {
    out_ += '<';
    out_ += name;
    for (const auto& [key, value] : attributes) {
        if (value.data() == nullptr) continue;
        out_ += fmt::format(" {}=\"{}\"", key, escape_markup(scrub(value)));
    }
    out_ += '>';
}

Html& Html::open(const char* name, Attributes attributes) {
    start(name, attributes);
    open_.push_back(name);
    return *this;
}

Html& Html::close() {
    out_ += fmt::format("</{}>", open_.back());
    open_.pop_back();
    if (open_.size() < 3) out_ += '\n';
    return *this;
}

Html& Html::text(std::string_view text) {
    out_ += escape_markup(scrub(text));
    return *this;
}

Html& Html::element(const char* name, std::string_view text, Attributes attributes) {
    start(name, attributes);
    this->text(text);
    out_ += fmt::format("</{}>", name);
    return *this;
}

Html& Html::empty_element(const char* name, Attributes attributes) {
    start(name, attributes);
    return *this;
}

Html& Html::link(std::string_view url, std::string_view text, Attributes attributes) {
    if (!is_safe_address(url)) return element("span", text, attributes);
    start("a", attributes);
    out_.pop_back();
    out_ += fmt::format(" href=\"{}\">", escape_markup(scrub(url)));
    this->text(text);
    out_ += "</a>";
    return *this;
}

Html& Html::safe_html(std::string_view html) {
    out_ += scrub(html);
    return *this;
}

}  // namespace agg::serve::page
