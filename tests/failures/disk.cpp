#include "disk.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sched.h>

#include <catch2/catch.hpp>

namespace agg::test {
namespace {

// Why nothing can be mounted; empty: it can.
std::string own_mounts() {
    static const std::string problem = [] {
        if (::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0)
            return std::string();
        return std::string("mounting takes root: ") + std::strerror(errno);
    }();
    return problem;
}

}  // namespace

std::unique_ptr<Disk> Disk::mounted(std::size_t bytes) {
    std::string problem = own_mounts();
    std::unique_ptr<Disk> disk(new Disk);
    const std::string options = "mode=700,size=" + std::to_string(bytes);
    if (problem.empty() && ::mount("none", disk->path().c_str(), "tmpfs", 0, options.c_str()) != 0)
        problem = std::string("no tmpfs can be mounted: ") + std::strerror(errno);
    if (problem.empty()) return disk;
    WARN("skipped: " << problem);
    return nullptr;
}

Disk::~Disk() { ::umount2(path().c_str(), MNT_DETACH); }

void Disk::fill() const {
    const int file = ::open((folder_ / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const std::string zeros(64 * 1024, '\0');
    while (::write(file, zeros.data(), zeros.size()) > 0) continue;
    ::close(file);
}

void Disk::make_room() const { ::unlink((folder_ / "filler").c_str()); }

void Disk::make_read_only() const {
    if (::mount("none", path().c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0)
        throw std::runtime_error(std::strerror(errno));
}

void Disk::make_writable() const {
    if (::mount("none", path().c_str(), nullptr, MS_REMOUNT | MS_BIND, nullptr) != 0)
        throw std::runtime_error(std::strerror(errno));
}

}  // namespace agg::test
