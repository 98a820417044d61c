#include "aggd/sockets.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <grp.h>
#include <system_error>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/systemd.hpp"

namespace agg::aggd {
namespace {

// What systemd made is what administrators set in aggd.socket: [serve] adds nothing to it.
Result<std::vector<serve::Listener>> adopt(const std::vector<int>& descriptors, const config::Serve& serve) {
    std::vector<serve::Listener> listeners;
    bool has_tcp = false;
    for (const int descriptor : descriptors) {
        auto listener = serve::adopt_listener(descriptor);
        if (!listener) return tl::unexpected(listener.error());
        has_tcp = has_tcp || listener->family != AF_UNIX;
        listeners.push_back(std::move(*listener));
    }
    if (has_tcp && serve.tcp.empty())
        log::warning(
            "tcp is \"off\" in [serve], but aggd.socket listens on TCP, and that counts: systemctl edit aggd.socket");
    return listeners;
}

// Lets the members of the group connect to a socket that we made.
Result<void> give_to(const std::string& path, const config::Serve& serve, std::uint32_t group) {
    if (::chown(path.c_str(), static_cast<uid_t>(-1), group) == 0) return {};
    return fail(ErrorKind::forbidden,
                "Cannot give the socket {} to group \"{}\" ([serve] group): {}. Only a member of the group can.", path,
                serve.group, std::generic_category().message(errno));
}

}  // namespace

Result<std::optional<std::uint32_t>> changing_group(const config::Serve& serve) {
    if (serve.group.empty()) return std::optional<std::uint32_t>();
    const ::group* found = ::getgrnam(serve.group.c_str());
    if (found == nullptr)
        return fail(
            ErrorKind::invalid,
            "group in [serve] is \"{0}\", which this machine does not know: make it (addgroup --system {0}), or "
            "name another.",
            serve.group);
    return std::optional<std::uint32_t>(found->gr_gid);
}

Result<std::vector<serve::Listener>> open_sockets(const config::Serve& serve) {
    const auto group = changing_group(serve);
    if (!group) return tl::unexpected(group.error());
    if (const std::vector<int> descriptors = systemd::take_sockets(); !descriptors.empty())
        return adopt(descriptors, serve);
    auto unix_listener = serve::listen_unix(serve.unix_socket);
    if (!unix_listener) return tl::unexpected(unix_listener.error());
    std::vector<serve::Listener> listeners = {*unix_listener};
    if (*group) {
        if (auto given = give_to(serve.unix_socket, serve, **group); !given) {
            serve::remove_socket_file(listeners.front());
            return tl::unexpected(given.error());
        }
    }
    if (serve.tcp.empty()) return listeners;
    auto tcp_listener = serve::listen_tcp(serve.tcp);
    if (!tcp_listener) {
        serve::remove_socket_file(listeners.front());
        return tl::unexpected(tcp_listener.error());
    }
    listeners.push_back(std::move(*tcp_listener));
    return listeners;
}

}  // namespace agg::aggd
