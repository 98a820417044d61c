// The composition root's clock: everything below it is given the time.
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace agg::aggd {

[[nodiscard]] inline TimePoint now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace agg::aggd
