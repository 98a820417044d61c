// The named character references of HTML.
#pragma once

#include <string_view>

namespace agg {

// What `&name;` stands for, as UTF-8 ("eacute" is "é"); empty when HTML knows no such name. Names are case-sensitive.
[[nodiscard]] std::string_view html_entity(std::string_view name);

}  // namespace agg
