// Evidence as text in a column.
#pragma once

#include <string>
#include <string_view>

#include "dedup/evidence.hpp"

namespace agg::store {

[[nodiscard]] std::string to_column(const dedup::Evidence& evidence);

[[nodiscard]] dedup::Evidence evidence_from(std::string_view column);

}  // namespace agg::store
