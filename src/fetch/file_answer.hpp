// A file:// feed.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

// Reads the regular file that `request` names as if a server had sent it: its inode, size and time are its entity tag.
// Fails with `network` when it cannot be read, `invalid` when it is no regular file, `too_large` beyond `max_bytes`.
// Blocks.
[[nodiscard]] Result<Response> file_answer(const Request& request, std::uint64_t max_bytes);

}  // namespace agg::fetch
