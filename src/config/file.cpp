#include "config/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "config/edit.hpp"

namespace agg::config {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

  private:
    int number_;
};

// Removes the temporary file unless it has become the real one.
struct Temporary {
    std::string path;
    ~Temporary() {
        if (!path.empty()) ::unlink(path.c_str());
    }
};

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

tl::unexpected<Error> cannot_write(const std::string& path, const char* step) {
    return fail(ErrorKind::storage, "{} could not be written ({}: {}); it is unchanged", path, step,
                std::strerror(errno));
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        const int reason = errno;
        const ErrorKind kind = reason == ENOENT || reason == ENOTDIR ? ErrorKind::not_found
                               : reason == EACCES || reason == EPERM ? ErrorKind::forbidden
                                                                     : ErrorKind::storage;
        if (kind == ErrorKind::not_found) return fail(kind, "there is no such file");
        if (kind == ErrorKind::forbidden) return fail(kind, "may not be read by this user (permission denied)");
        return fail(kind, "cannot be read: {}", std::strerror(reason));
    }
    std::string text;
    char buffer[65'536];
    for (;;) {
        const ssize_t count = ::read(file.number(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(ErrorKind::storage, "cannot be read: {}", std::strerror(errno));
        if (count == 0) return text;
        text.append(buffer, static_cast<std::size_t>(count));
    }
}

Result<void> replace_file(const std::string& path, std::string_view expected, std::string_view text) {
    std::error_code unresolved;
    const std::filesystem::path target = std::filesystem::canonical(path, unresolved);
    if (unresolved)
        return fail(ErrorKind::storage, "{} could not be written ({}); it is unchanged", path, unresolved.message());
    const std::string folder = target.parent_path().string();

    struct stat before {};
    if (::stat(target.c_str(), &before) != 0) return cannot_write(path, "looking at it");
    // A rename would replace even a file that its owner has made read-only.
    if (::access(target.c_str(), W_OK) != 0) return cannot_write(path, "asking for permission");

    Temporary temporary{(target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string()};
    const Descriptor file(::mkostemp(temporary.path.data(), O_CLOEXEC));
    if (!file.is_open()) {
        temporary.path.clear();
        return cannot_write(path, "making a file beside it");
    }
    struct stat fresh {};
    if (::fstat(file.number(), &fresh) != 0) return cannot_write(path, "looking at the new file");
    const bool other_owner = fresh.st_uid != before.st_uid || fresh.st_gid != before.st_gid;
    if (other_owner && ::fchown(file.number(), before.st_uid, before.st_gid) != 0)
        return cannot_write(path, "keeping its owner");
    if (::fchmod(file.number(), before.st_mode & 07777) != 0) return cannot_write(path, "keeping its mode");
    if (!write_all(file.number(), text)) return cannot_write(path, "writing");
    if (::fsync(file.number()) != 0) return cannot_write(path, "fsync");

    // Asked last, so that next to no time is left for somebody else's edit between the question and the rename.
    const auto current = read_file(target.string());
    if (!current) return fail(ErrorKind::storage, "{} {}; it is unchanged", path, current.error().message);
    if (*current != expected) {
        return fail(ErrorKind::conflict,
                    "{} was changed by somebody else meanwhile and is left as they wrote it; try again", path);
    }
    if (::rename(temporary.path.c_str(), target.c_str()) != 0) return cannot_write(path, "renaming");
    temporary.path.clear();

    const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent.is_open() || ::fsync(parent.number()) != 0)
        return fail(ErrorKind::storage, "{} is written, but may not survive a power cut (fsync of {}: {})", path,
                    folder, std::strerror(errno));
    return {};
}

}  // namespace agg::config
