// As render.hpp, for rules.
#pragma once

#include <string>
#include <string_view>

#include "aggctl/answer.hpp"
#include "aggctl/render.hpp"

namespace agg::aggctl {

[[nodiscard]] std::string render_rules(const json::object& report, const Look& look);
[[nodiscard]] std::string render_trial(const json::object& outcome, const Look& look);

// A message that begins with "column N: " with a caret under that column of `expression`; any other as it is.
[[nodiscard]] std::string render_misread(std::string_view message, std::string_view expression);

}  // namespace agg::aggctl
