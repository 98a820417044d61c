// The style sheet and the script of the page: page.css and page.js, built in (CMakeLists.txt).
#pragma once

#include <string_view>

namespace agg::serve::page {

extern const std::string_view k_style;
extern const std::string_view k_script;

}  // namespace agg::serve::page
