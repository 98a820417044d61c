// The wire of backups: the manifest that stands in the archive, what a restore tells, what takes room. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "serve/manage.hpp"
#include "store/space.hpp"

namespace agg::serve {

[[nodiscard]] std::string write_manifest(const Manifest& manifest);

// Reads what write_manifest wrote. Fails with `invalid` when something is missing that a restore needs.
[[nodiscard]] Result<Manifest> read_manifest(std::string_view text);

[[nodiscard]] std::string write_restore(const RestoreReport& report);

[[nodiscard]] std::string write_space(const store::Space& space);

}  // namespace agg::serve
