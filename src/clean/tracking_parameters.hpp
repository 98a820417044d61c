// Parameters of a query that follow the reader around and that no site needs to show its page.
#pragma once

#include <string_view>

namespace agg::clean {

// True when the parameter `name` (as written, not decoded) of a page on `host` only tracks. `host` is in lower case.
[[nodiscard]] bool is_tracking_parameter(std::string_view host, std::string_view name);

// True when a fragment ("xtor=RSS-16", "utm_source=rss", "at_medium=RSS") only tracks.
[[nodiscard]] bool is_tracking_fragment(std::string_view fragment);

}  // namespace agg::clean
