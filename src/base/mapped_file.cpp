#include "base/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace agg {
namespace {

void* address_of(std::span<const std::byte> bytes) { return const_cast<std::byte*>(bytes.data()); }

}  // namespace

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(address_of(bytes_), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

std::optional<MappedFile> MappedFile::open(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return std::nullopt;
    struct stat status {};
    void* address = MAP_FAILED;
    if (::fstat(file, &status) == 0 && status.st_size > 0)
        address = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (address == MAP_FAILED) return std::nullopt;
    return MappedFile({static_cast<const std::byte*>(address), static_cast<std::size_t>(status.st_size)});
}

void MappedFile::rest() const {
    if (!bytes_.empty()) ::madvise(address_of(bytes_), bytes_.size(), MADV_DONTNEED);
}

}  // namespace agg
