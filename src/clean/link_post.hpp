// Posts that only point at an article somewhere else.
#pragma once

#include <string>
#include <string_view>

namespace agg::clean {

// What a post of Reddit and its kin points at: the target of the link named "[link]" in safe HTML. Empty when there is
// none.
[[nodiscard]] std::string link_post_target(std::string_view safe_html);

}  // namespace agg::clean
