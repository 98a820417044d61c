// The first of migrations(), apart because files stay short.
#pragma once

namespace agg::store {

extern const char* const k_first_shape;
extern const char* const k_hosts_moves_health;
extern const char* const k_views_and_marks;

}  // namespace agg::store
