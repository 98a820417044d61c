// How items were recognised, on the control API's wire. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/duplicates.hpp"

namespace agg::serve {

[[nodiscard]] std::string write_origin(const store::Origin& origin);
[[nodiscard]] std::string write_changes(const std::vector<store::Change>& changes);  // {"changes":[...]}
[[nodiscard]] std::string write_dedup_stats(const store::DedupStats& stats);
[[nodiscard]] std::string write_undone(const std::uint64_t& items);  // {"items":N}

// {"items":["...","..."]}: two of them. Fails with `invalid`.
[[nodiscard]] Result<std::vector<std::string>> read_merge_request(std::string_view body);

}  // namespace agg::serve
