#include "fetch/client.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/time.hpp"
#include "fetch/bridge.hpp"
#include "fetch/transfer.hpp"

namespace agg::fetch {
namespace {

using Stopwatch = std::chrono::steady_clock;

// Reads a regular file as if a server had sent it: its inode, size and time are its entity tag. On a pool thread.
Result<Response> read_file(const std::string& path, const Request& request, std::uint64_t max_bytes) {
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
    response.status = request.validators_url == response.url && request.validators.etag == etag ? 304 : 200;
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

// `url` with the user and password of `owner`.
Result<Url> with_credentials_of(const Url& owner, const Url& url) {
    const std::string& text = owner.text();
    const std::size_t start = text.find("://") + 3;
    const std::size_t end = text.rfind('@', text.find_first_of("/?#", start));
    return Url::parse(fmt::format("{}://{}{}", url.scheme(), text.substr(start, end + 1 - start),
                                  url.text().substr(url.text().find("://") + 3)));
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_permanent(int status) { return status == 301 || status == 308; }

std::chrono::milliseconds since(Stopwatch::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Stopwatch::now() - start);
}

}  // namespace

Client::Client(asio::any_io_executor executor, asio::thread_pool& files, ClientSettings settings)
    : bridge_(std::make_unique<Bridge>(std::move(executor))),
      files_(files),
      settings_(std::make_shared<const ClientSettings>(std::move(settings))) {}

Client::~Client() = default;

void Client::stop() { bridge_->stop(); }

void Client::use(ClientSettings settings) { settings_ = std::make_shared<const ClientSettings>(std::move(settings)); }

Task<Result<Response>> Client::get(Request request) {
    const auto settings = settings_;
    const Limits& limits = settings->limits;
    if (bridge_->stopped()) co_return fail(ErrorKind::unavailable, "aggd is stopping");
    if (request.url.is_file()) {
        if (!request.allow_file) co_return fail(ErrorKind::forbidden, "file: addresses may only stand in feeds.conf");
        auto read = [path = request.url.decoded_path(), request, limit = limits.max_body_bytes] {
            return read_file(path, request, limit);
        };
        co_return co_await run_on(files_, std::move(read));
    }

    const auto start = Stopwatch::now();
    std::uint64_t bytes_received = 0;
    const std::string asked = request.url.without_credentials();
    std::string moved_to;
    bool all_permanent = true;  // every redirect so far
    Transfer transfer(*settings, request);
    Url url = request.url;
    for (unsigned redirects = 0;; ++redirects) {
        if (!url.is_http()) {
            co_return fail(ErrorKind::forbidden, "a redirect leads to {}: only http and https are followed",
                           url.shown());
        }
        const auto spent = since(start);
        if (spent >= limits.timeout)
            co_return fail(ErrorKind::timeout, "its redirects took more than {}", to_words(limits.timeout));
        const bool same_place = url.without_credentials() == request.validators_url;
        transfer.prepare(url, same_place ? request.validators : Validators{}, limits.timeout - spent);
        const CURLcode code = co_await bridge_->perform(transfer.handle());
        if (bridge_->stopped()) co_return fail(ErrorKind::unavailable, "aggd is stopping");
        Result<Response> response = transfer.finish(code);
        if (!response) co_return response;
        bytes_received += response->bytes_received;

        const std::string& location = response->headers.get("Location");
        if (!is_redirect(response->status) || location.empty()) {
            response->bytes_received = bytes_received;
            response->duration = since(start);
            if (moved_to != asked) response->moved_to = std::move(moved_to);
            co_return response;
        }
        if (redirects == limits.max_redirects) {
            co_return fail(ErrorKind::network, "more than {} redirects, the last one to {}", limits.max_redirects,
                           shown_url(location));
        }
        auto next = url.resolve(location);
        if (!next) co_return tl::unexpected(next.error());
        // A feed's own user and password go along within its scheme, host and port; a relative redirect has them
        // already.
        const bool own = request.url.has_credentials() && next->same_origin(request.url);
        if (next->has_credentials() && !own)
            co_return fail(ErrorKind::forbidden, "a redirect leads to an address with a password in it");
        if (own && !next->has_credentials()) next = with_credentials_of(request.url, *next);
        if (!next) co_return tl::unexpected(next.error());
        const bool loses_encryption = url.scheme() == "https" && next->scheme() == "http";
        all_permanent = all_permanent && is_permanent(response->status) && !loses_encryption;
        if (all_permanent) moved_to = next->without_credentials();
        url = std::move(*next);
    }
}

}  // namespace agg::fetch
