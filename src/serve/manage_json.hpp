// The wire of serve/manage.hpp, by the rules of control_json.hpp. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "serve/manage.hpp"

namespace agg::serve {

[[nodiscard]] std::string write_import(const ImportReport& report);
[[nodiscard]] std::string write_check(const CheckReport& report);
[[nodiscard]] std::string write_work(const std::vector<Work>& work);  // {"work":[...]}

// An object whose members are settings: strings as people type them, numbers, true and false; null and "" are the
// default. Fails with `invalid` when it is another thing or empty.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> read_settings(std::string_view body);

}  // namespace agg::serve
