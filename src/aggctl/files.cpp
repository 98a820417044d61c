#include "aggctl/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

#include <fmt/format.h>

#include "aggctl/aggctl.hpp"

namespace agg::aggctl {
namespace {

std::string all_of(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

tl::unexpected<Failure> cannot(const char* what, const std::string& path, int reason) {
    return tl::unexpected(
        Failure{ExitCode::failed, fmt::format("{} cannot be {}: {}", path, what, std::strerror(reason))});
}

}  // namespace

bool is_stream(const std::string& path) { return path.empty() || path == "-"; }

tl::expected<std::string, Failure> read_input(const std::string& path, Surroundings& around) {
    if (is_stream(path)) return all_of(around.in);
    std::ifstream file(path, std::ios::binary);
    if (!file) return cannot("read", path, errno);
    std::string bytes = all_of(file);
    if (file.bad()) return cannot("read", path, errno);
    return bytes;
}

tl::expected<void, Failure> write_output(const std::string& path, const std::string& bytes, Surroundings& around) {
    if (is_stream(path)) {
        around.out << bytes;
        return {};
    }
    auto file = NewFile::make(path, NewFile::Replace::yes);
    if (!file) return tl::unexpected(file.error());
    (void)file->write(bytes);
    return file->finish();
}

NewFile::NewFile(std::string path, std::string temporary, int descriptor, Replace replace)
    : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor), replace_(replace) {}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      replace_(other.replace_),
      problem_(other.problem_) {}

NewFile::~NewFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

tl::expected<NewFile, Failure> NewFile::make(const std::string& path, Replace replace) {
    struct stat there {};
    const bool is_there = ::stat(path.c_str(), &there) == 0;
    if (is_there && !S_ISREG(there.st_mode))
        return tl::unexpected(Failure{ExitCode::failed, path + " is no file that could be replaced; name another one"});
    if (is_there && replace == Replace::no)
        return tl::unexpected(Failure{ExitCode::failed, path + " is there already; name another file, or add --force"});
    std::string temporary = path + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) return cannot("written", path, errno);
    return NewFile(path, std::move(temporary), descriptor, replace);
}

bool NewFile::write(std::string_view bytes) {
    while (!bytes.empty() && problem_ == 0) {
        const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) problem_ = errno;
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return problem_ == 0;
}

tl::expected<void, Failure> NewFile::finish() {
    if (problem_ == 0 && ::fsync(descriptor_) != 0) problem_ = errno;
    if (problem_ == ENOSPC || problem_ == EDQUOT)
        return tl::unexpected(Failure{
            ExitCode::failed, fmt::format("{} cannot be written: there is no room left ({}). Nothing of it is left "
                                          "behind; make room, or name a file elsewhere.",
                                          path_, std::strerror(problem_))});
    if (problem_ == 0 && replace_ == Replace::yes && ::rename(temporary_.c_str(), path_.c_str()) != 0) problem_ = errno;
    // Somebody may have made the file meanwhile.
    if (problem_ == 0 && replace_ == Replace::no &&
        ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) != 0)
        problem_ = errno;
    if (problem_ != 0) return cannot("written", path_, problem_);
    temporary_.clear();
    return {};
}

}  // namespace agg::aggctl
