#include "serve/listener.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace agg::serve {
namespace {

// Linux fails a connect to a Unix socket at once when the backlog is full, so it must be larger than any burst of
// readers.
constexpr int k_backlog = 1024;

class Descriptor {
  public:
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
    ~Descriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }
    int release() { return std::exchange(descriptor_, -1); }

  private:
    int descriptor_;
};

// The sockets API takes every address as a sockaddr.
template <typename Address>
sockaddr* generic(Address& address) {
    return reinterpret_cast<sockaddr*>(&address);
}

std::string words(int error) { return std::generic_category().message(error); }

Result<sockaddr_un> unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path))
        return fail(ErrorKind::invalid, "The socket path \"{}\" is {}; Linux allows 1 to {} bytes.", path,
                    path.empty() ? "empty" : fmt::format("{} bytes long", path.size()), sizeof(address.sun_path) - 1);
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

// Clears the way for a socket at `path`.
Result<void> remove_stale(const std::string& path, sockaddr_un& address) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) {
        if (errno == ENOENT) return {};
        return fail(ErrorKind::storage, "Cannot look at {}: {}.", path, words(errno));
    }
    if (!S_ISSOCK(found.st_mode))
        return fail(ErrorKind::conflict, "{} is in the way: it is not a socket. Remove it or choose another path.",
                    path);
    const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (::connect(probe.get(), generic(address), sizeof(address)) == 0 || errno == EAGAIN)
        return fail(ErrorKind::unavailable, "Another aggd is running: {} is answered already.", path);
    if (errno == ENOENT) return {};
    if (errno != ECONNREFUSED)
        return fail(ErrorKind::unavailable, "Cannot tell whether {} is in use: {}.", path, words(errno));
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return fail(ErrorKind::storage, "Cannot remove the stale socket {}: {}.", path, words(errno));
    return {};
}

// A loopback address and port out of "127.0.0.1:8137", "[::1]:8137" or "localhost:8137".
struct TcpAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

Result<TcpAddress> tcp_address(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const char* const digits = colon == std::string::npos ? end : text.data() + colon + 1;
    const auto read = std::from_chars(digits, end, port);
    if (digits == end || read.ec != std::errc{} || read.ptr != end)
        return fail(ErrorKind::invalid, "\"{}\" is not an address with a port; write it as 127.0.0.1:8137.", text);
    std::string host = text.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    TcpAddress made;
    auto& v4 = reinterpret_cast<sockaddr_in&>(made.storage);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(made.storage);
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        made.size = sizeof(v4);
        if (ntohl(v4.sin_addr.s_addr) >> 24 == 127) return made;
    } else if (host.starts_with('[') && host.ends_with(']') &&
               ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        made.size = sizeof(v6);
        if (std::memcmp(&v6.sin6_addr, &in6addr_loopback, sizeof(in6_addr)) == 0) return made;
    } else {
        return fail(ErrorKind::invalid, "\"{}\" is not an IP address with a port; write it as 127.0.0.1:8137.", text);
    }
    return fail(ErrorKind::forbidden,
                "{} is not a loopback address. aggd serves this machine only; put a web server with TLS and a password "
                "in front "
                "of 127.0.0.1 to reach it from elsewhere.",
                text);
}

}  // namespace

Result<Listener> listen_unix(const std::string& path) {
    auto address = unix_address(path);
    if (!address) return tl::unexpected(address.error());
    const std::string folder = std::filesystem::path(path).parent_path().string();
    // Two starts at once could each take the other's new socket for a stale one: only one at a time looks and binds.
    const Descriptor folder_lock(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder_lock.get() < 0)
        return fail(ErrorKind::storage, "Cannot make the socket {}: {}: {}.", path, folder, words(errno));
    ::flock(folder_lock.get(), LOCK_EX);
    if (auto clear = remove_stale(path, *address); !clear) return tl::unexpected(clear.error());

    Descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // bind() gives the file the mode of the descriptor, less the umask; so it is never open wider than this. chmod()
    // restores the group's bits that a umask of 022 took.
    ::fchmod(made.get(), 0660);
    struct stat file {};
    if (::bind(made.get(), generic(*address), sizeof(*address)) != 0 || ::chmod(path.c_str(), 0660) != 0 ||
        ::listen(made.get(), k_backlog) != 0 || ::lstat(path.c_str(), &file) != 0)
        return fail(ErrorKind::storage, "Cannot make the socket {}: {}.", path, words(errno));
    Listener listener;
    listener.descriptor = made.release();
    listener.family = AF_UNIX;
    listener.description = "unix:" + path;
    listener.path = path;
    listener.device = file.st_dev;
    listener.inode = file.st_ino;
    return listener;
}

Result<Listener> listen_tcp(const std::string& text) {
    auto address = tcp_address(text);
    if (!address) return tl::unexpected(address.error());
    Descriptor made(::socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    // Without it a restart fails for a minute while old connections are in TIME_WAIT.
    ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (::bind(made.get(), generic(address->storage), address->size) != 0 || ::listen(made.get(), k_backlog) != 0)
        return fail(errno == EACCES ? ErrorKind::forbidden : ErrorKind::unavailable, "Cannot listen on {}: {}.{}", text,
                    words(errno),
                    errno == EADDRINUSE ? " Another program has the port; choose another in feeds.conf." : "");
    auto listener = adopt_listener(made.get());
    if (listener) made.release();
    return listener;
}

Peer peer_of(int descriptor, int family) {
    Peer peer;
    if (family != AF_UNIX) return peer;
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    // Without credentials the peer stays what may do least: a TCP client.
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return peer;
    peer = {Peer::Kind::unix_socket, credentials.uid, credentials.gid, credentials.pid, {}};
    socklen_t bytes = 0;
    // Asked without room, the kernel says how much there must be.
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, nullptr, &bytes) != 0 && errno == ERANGE) {
        peer.groups.resize(bytes / sizeof(gid_t));
        if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, peer.groups.data(), &bytes) != 0) peer.groups.clear();
    }
    return peer;
}

Result<Listener> adopt_listener(int descriptor) {
    sockaddr_storage storage{};
    socklen_t size = sizeof(storage);
    int listening = 0;
    socklen_t listening_size = sizeof(listening);
    if (::getsockname(descriptor, generic(storage), &size) != 0 ||
        ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_size) != 0 || listening == 0)
        return fail(ErrorKind::invalid, "Descriptor {} is not a listening stream socket.", descriptor);
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    Listener listener;
    listener.descriptor = descriptor;
    listener.family = storage.ss_family;
    if (storage.ss_family == AF_UNIX) {
        const auto& local = reinterpret_cast<const sockaddr_un&>(storage);
        listener.description = fmt::format("unix:{}", local.sun_path);
    } else if (storage.ss_family == AF_INET) {
        const auto& local = reinterpret_cast<const sockaddr_in&>(storage);
        char name[INET_ADDRSTRLEN] = "";
        ::inet_ntop(AF_INET, &local.sin_addr, name, sizeof(name));
        listener.port = ntohs(local.sin_port);
        listener.description = fmt::format("http://{}:{}/", name, listener.port);
    } else if (storage.ss_family == AF_INET6) {
        const auto& local = reinterpret_cast<const sockaddr_in6&>(storage);
        char name[INET6_ADDRSTRLEN] = "";
        ::inet_ntop(AF_INET6, &local.sin6_addr, name, sizeof(name));
        listener.port = ntohs(local.sin6_port);
        listener.description = fmt::format("http://[{}]:{}/", name, listener.port);
    } else {
        return fail(ErrorKind::invalid, "Descriptor {} is neither a Unix nor a TCP socket.", descriptor);
    }
    return listener;
}

void remove_socket_file(const Listener& listener) {
    if (listener.path.empty()) return;
    struct stat file {};
    if (::lstat(listener.path.c_str(), &file) == 0 && file.st_dev == listener.device && file.st_ino == listener.inode)
        ::unlink(listener.path.c_str());
}

Listener another(const Listener& listener) {
    Listener same = listener;
    same.descriptor = ::fcntl(listener.descriptor, F_DUPFD_CLOEXEC, 0);
    if (same.descriptor < 0) throw std::system_error(errno, std::generic_category(), listener.description);
    same.path.clear();
    return same;
}

void close_listeners(std::vector<Listener>& listeners) {
    for (const Listener& listener : std::exchange(listeners, {})) {
        remove_socket_file(listener);
        ::close(listener.descriptor);
    }
}

}  // namespace agg::serve
