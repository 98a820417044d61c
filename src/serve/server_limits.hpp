// What clients of the server may take.
#pragma once

#include <chrono>
#include <cstddef>

namespace agg::serve {

// Tests shorten the times.
struct ServerLimits {
    // More are made room for: the one that has been idle longest is closed. When all of them are busy, 503.
    std::size_t connections = 1100;
    // Of these, so that whatever knocks on the TCP port leaves room for aggctl. All of TCP is this machine: a limit for
    // each address would say nothing.
    std::size_t tcp_connections = 1000;
    std::size_t header_bytes = 16 * 1024;
    std::size_t header_fields = 100;
    std::size_t target_bytes = 8 * 1024;
    std::size_t body_bytes = 1024 * 1024;
    std::size_t unix_body_bytes = 32 * 1024 * 1024;   // over the Unix socket: whole lists of feeds
    std::chrono::milliseconds read_timeout{30'000};   // for a whole header, and again for a whole body
    std::chrono::milliseconds idle_timeout{60'000};   // between requests of one connection
    std::chrono::milliseconds write_timeout{30'000};  // without progress
    std::chrono::milliseconds stop_grace{1'000};      // for responses that are under way when the server stops
};

}  // namespace agg::serve
