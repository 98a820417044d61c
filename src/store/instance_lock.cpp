#include "store/instance_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.hpp"

namespace agg::store {

Result<InstanceLock> InstanceLock::take(const std::string& path) {
    const std::string lock_path = path + ".lock";
    const int descriptor = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return fail(ErrorKind::storage, "cannot make {}: {}. aggd needs a folder that it may write for its database.",
                    lock_path, std::strerror(errno));
    }
    InstanceLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 32> holder{};
        const ssize_t size = ::pread(descriptor, holder.data(), holder.size() - 1, 0);
        return fail(ErrorKind::unavailable,
                    "the database {} is in use by another aggd (process {}). Stop that one first, or set another "
                    "[store] path in feeds.conf.",
                    path, size > 0 ? trim(holder.data()) : "unknown");
    }
    const std::string own = std::to_string(::getpid()) + "\n";
    // The number only helps the next one's message: without it the lock holds all the same.
    if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, own.data(), own.size(), 0) < 0) errno = 0;
    return lock;
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

InstanceLock& InstanceLock::operator=(InstanceLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

InstanceLock::~InstanceLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace agg::store
