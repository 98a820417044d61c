// The numbered steps that bring a database to this version's shape.
#pragma once

#include <span>

namespace agg::store {

// Each as SQL, the first makes the first tables. Append only: a database in the field has run the ones before.
[[nodiscard]] std::span<const char* const> migrations();

}  // namespace agg::store
