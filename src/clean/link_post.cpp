#include "clean/link_post.hpp"

#include "base/references.hpp"

namespace agg::clean {

std::string link_post_target(std::string_view safe_html) {
    constexpr std::string_view href = "href=\"";
    if (safe_html.find("[link]") == std::string_view::npos) return {};  // much quicker than to search from the end
    const std::size_t name = safe_html.rfind(">[link]</a>");
    if (name == std::string_view::npos) return {};
    const std::size_t tag = safe_html.rfind('<', name);
    if (tag == std::string_view::npos) return {};
    const std::string_view link = safe_html.substr(tag, name - tag);
    const std::size_t begin = link.find(href);
    if (begin == std::string_view::npos) return {};
    const std::string_view value = link.substr(begin + href.size());
    return References().resolve(value.substr(0, value.find('"')));
}

}  // namespace agg::clean
