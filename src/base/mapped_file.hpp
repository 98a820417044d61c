// A file whose bytes are looked at where they are: the kernel brings them when they are needed, and takes them back.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace agg {

class MappedFile {
  public:
    MappedFile() = default;  // nothing
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    // Absent when it cannot be read, or is empty. It may be deleted or replaced by another one meanwhile: the bytes
    // stay. It must not be written to or shortened.
    [[nodiscard]] static std::optional<MappedFile> open(const std::string& path);

    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

    // The process holds none of it in memory until it is looked at again.
    void rest() const;

  private:
    explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::span<const std::byte> bytes_;
};

}  // namespace agg
