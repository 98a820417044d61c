// One aggd per database: a lock that the kernel releases however the process ends.
#pragma once

#include <string>

#include "base/result.hpp"

namespace agg::store {

class InstanceLock {
  public:
    // Locks "PATH.lock" (made when absent, never removed: removing it would race). Fails with `unavailable`, naming the
    // process that holds it, or `storage` when the file cannot be made.
    [[nodiscard]] static Result<InstanceLock> take(const std::string& path);

    InstanceLock(InstanceLock&& other) noexcept;
    InstanceLock& operator=(InstanceLock&& other) noexcept;
    ~InstanceLock();

  private:
    explicit InstanceLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace agg::store
