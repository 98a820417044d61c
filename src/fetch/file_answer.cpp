#include "fetch/file_answer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace agg::fetch {

Result<Response> file_answer(const Request& request, std::uint64_t max_bytes) {
    const std::string path = request.url.decoded_path();
    const auto broken = [&](const char* what) {
        return fail(ErrorKind::network, "{} {}: {}", what, path, std::strerror(errno));
    };
    // O_NONBLOCK: a FIFO would hang here, and is refused below.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return broken("cannot open");
    const std::shared_ptr<void> closer(nullptr, [descriptor](void*) { ::close(descriptor); });
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return broken("cannot look at");
    if (!S_ISREG(status.st_mode)) return fail(ErrorKind::invalid, "{} is not a regular file", path);
    const std::string etag = fmt::format("\"{:x}-{:x}-{:x}.{:x}\"", status.st_ino, status.st_size,
                                         status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    Response response;
    response.url = request.url.text();
    response.headers.add("ETag", etag);
    response.conditional = request.validators_url == response.url && !request.validators.empty();
    response.status = response.conditional && request.validators.etag == etag ? 304 : 200;
    if (response.status == 304) return response;
    if (static_cast<std::uint64_t>(status.st_size) > max_bytes)
        return fail(ErrorKind::too_large, "{} is larger than {} bytes", path, max_bytes);
    response.body.resize(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < response.body.size()) {
        const ssize_t got = ::read(descriptor, response.body.data() + filled, response.body.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return broken("cannot read");
        if (got == 0) return fail(ErrorKind::network, "{} became shorter while it was read", path);
        filled += static_cast<std::size_t>(got);
    }
    response.bytes_received = filled;
    return response;
}

}  // namespace agg::fetch
