// Listening sockets as plain descriptors. POSIX only; the server adopts what is made here.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "serve/http.hpp"

namespace agg::serve {

// A listening descriptor and what must be known to take it down again. Closing it is the owner's duty.
struct Listener {
    int descriptor = -1;
    int family = 0;            // AF_UNIX, AF_INET, AF_INET6
    std::string description;   // "unix:/run/aggd.sock", "http://127.0.0.1:8137/"
    std::uint16_t port = 0;    // as bound; 0 for a Unix socket
    std::string path;          // of a Unix socket file that we made; else empty
    std::uint64_t device = 0;  // of that file, to know it again
    std::uint64_t inode = 0;
};

// Makes the Unix socket `path`, mode 0660. A socket file that nobody listens on any more is replaced. Fails with
// `unavailable` when another instance answers there, `conflict` when something that is no socket is in the way,
// `invalid` when the path is too long, `storage` when the folder does not let us.
[[nodiscard]] Result<Listener> listen_unix(const std::string& path);

// Listens on `address`: "127.0.0.1:8137", "[::1]:8137", "localhost:8137"; port 0 takes a free one. Fails with
// `forbidden` when the address is not a loopback address, `unavailable` when the port is taken.
[[nodiscard]] Result<Listener> listen_tcp(const std::string& address);

// Takes over a descriptor that listens already (systemd's socket activation). Fails with `invalid` when it is something
// else.
[[nodiscard]] Result<Listener> adopt_listener(int descriptor);

// Who is at the other end of a connection that a listener of that family took.
[[nodiscard]] Peer peer_of(int descriptor, int family);

// The same socket once more, whose file is not this one's to remove. Throws when there are no descriptors left.
[[nodiscard]] Listener another(const Listener& listener);

// Stops listening and removes the socket files, as remove_socket_file does; none are left in `listeners`.
void close_listeners(std::vector<Listener>& listeners);

// Removes the socket file if it is still the one we made: a later instance may have replaced it.
void remove_socket_file(const Listener& listener);

}  // namespace agg::serve
