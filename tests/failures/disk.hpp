// A disk of a few megabytes that can be filled, and made read-only, while aggd writes to it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "support/temporary_folder.hpp"

namespace agg::test {

// A tmpfs, mounted where nobody but this test program and what it starts sees it.
class Disk {
  public:
    // Null, with a warning that says why, where nothing can be mounted.
    static std::unique_ptr<Disk> mounted(std::size_t bytes = 64 * 1024 * 1024);
    ~Disk();

    [[nodiscard]] std::string path() const { return folder_.path(); }

    // Takes all room that is left, and gives it back.
    void fill() const;
    void make_room() const;

    void make_read_only() const;
    void make_writable() const;

  private:
    Disk() = default;
    TemporaryFolder folder_;
};

}  // namespace agg::test
