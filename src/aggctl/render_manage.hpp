// As render.hpp, for lists, settings and checks.
#pragma once

#include <string>

#include "aggctl/answer.hpp"
#include "aggctl/render.hpp"

namespace agg::aggctl {

// A line for each feed that was not simply added, and the sum.
[[nodiscard]] std::string render_import(const json::object& report, const Look& look);
[[nodiscard]] std::string render_set(const json::object& feed, const Look& look);
[[nodiscard]] std::string render_purged(const json::object& feed);
[[nodiscard]] std::string render_check(const json::object& report, const Look& look);

}  // namespace agg::aggctl
