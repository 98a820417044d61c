#include "base/text.hpp"
#include "base/url_reference.hpp"
#include "parse/html_tags.hpp"
#include "parse/markup.hpp"

namespace agg::parse {
namespace {

bool is_tiny(std::string_view attributes) {
    for (const std::string_view side : {"width", "height"}) {
        const std::string value = html_attribute(attributes, side);
        if (value == "0" || value == "1") return true;
    }
    return false;
}

}  // namespace

std::string first_image(const Markup& markup) {
    if (markup.type != MarkupType::html) return {};
    constexpr std::size_t k_most = 8;  // pictures looked at
    std::size_t at = 0;
    std::size_t count = 0;
    for (std::size_t tag = 0; (tag = markup.text.find('<', at)) != std::string::npos && count < k_most;) {
        at = tag + 1;
        if (!istarts_with(std::string_view(markup.text).substr(tag, 5), "<img")) continue;
        ++count;
        const std::size_t end = std::min(markup.text.find('>', tag), markup.text.size());
        const std::string_view attributes = std::string_view(markup.text).substr(tag + 4, end - tag - 4);
        at = end;
        const std::string source = html_attribute(attributes, "src");
        if (trim(source).empty() || is_tiny(attributes)) continue;
        std::string url = resolve_reference(markup.base, source);
        if (istarts_with(url, "http://") || istarts_with(url, "https://")) return url;
    }
    return {};
}

}  // namespace agg::parse
