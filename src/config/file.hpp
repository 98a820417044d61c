// Whole files, read in one go. The careful way of writing one is replace_file in edit.hpp.
#pragma once

#include <string>

#include "base/result.hpp"

namespace agg::config {

// The bytes of `path`. Fails with `not_found`, `forbidden` or `storage`; the message does not repeat the path.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

}  // namespace agg::config
