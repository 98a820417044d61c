#include "aggd/staging.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace agg::aggd {

Result<Staging> Staging::make(const std::string& database) {
    std::error_code failure;
    const std::string all = std::filesystem::weakly_canonical(database, failure).string() + ".staging";
    if (!failure) std::filesystem::create_directory(all, failure);
    std::string folder = all + "/XXXXXX";
    if (failure || ::mkdtemp(folder.data()) == nullptr)
        return fail(ErrorKind::storage, "the folder {} cannot be made: {}", folder,
                    failure ? failure.message() : std::strerror(errno));
    return Staging(std::move(folder));
}

void Staging::sweep(const std::string& database) {
    std::error_code absent;
    std::filesystem::remove_all(std::filesystem::weakly_canonical(database, absent).string() + ".staging", absent);
}

Staging::Staging(Staging&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}

Staging& Staging::operator=(Staging&& other) noexcept {
    std::swap(folder_, other.folder_);
    return *this;
}

Staging::~Staging() {
    if (folder_.empty()) return;
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    ::rmdir(std::filesystem::path(folder_).parent_path().c_str());  // unless another one is at work
}

}  // namespace agg::aggd
