// As render.hpp, for archives and the room that things take.
#pragma once

#include <string>

#include "aggctl/answer.hpp"
#include "aggctl/render.hpp"

namespace agg::aggctl {

// What the archive holds, what is here, and what a restore changes or has changed.
[[nodiscard]] std::string render_restore(const json::object& report, const Look& look);

[[nodiscard]] std::string render_space(const json::object& space, const Look& look);

}  // namespace agg::aggctl
