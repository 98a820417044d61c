// The HTTP/1.1 server: any number of Unix sockets and loopback TCP ports, one handler behind them all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/histogram.hpp"
#include "base/result.hpp"
#include "serve/http.hpp"
#include "serve/listener.hpp"
#include "serve/server_limits.hpp"

namespace agg::serve {

// What has happened since the start, and what is open now.
struct ServerCounts {
    std::map<int, std::uint64_t> responses;  // by status
    Histogram durations;                     // from the header to the last byte that was sent; without streams
    std::uint64_t bytes_received = 0, bytes_sent = 0;
    std::size_t unix_connections = 0, tcp_connections = 0;  // open now
    std::uint64_t closed_for_room = 0;                      // idle connections
};

// True for a request, known up to its body, whose handler asks for the body in pieces: it may be of any length then.
using TakesPieces = std::function<bool(const Request&)>;

// Everything happens on the thread that runs `io`; call it from there as well. The handler is called for one request of
// a connection at a time, and answers to pipelined requests keep their order. What it throws becomes a 500 and one line
// in the log. HEAD is the handler's business only as far as it wants: the server never sends a body for it. A TCP
// request whose Host is not this machine gets 421 before the handler sees it.
class Server {
  public:
    Server(boost::asio::io_context& io, Handler handler, ServerLimits limits = {}, TakesPieces takes_pieces = {});
    // Stops; connections that are still open are closed when `io` is destroyed.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Serves on what listen_unix, listen_tcp or adopt_listener made, and owns it from here on.
    void serve(Listener listener);

    // "unix:/run/aggd.sock", "http://127.0.0.1:8137/", in the order of serve().
    [[nodiscard]] std::vector<std::string> listening() const;

    [[nodiscard]] const ServerCounts& counts() const;

    // Stops listening and removes the socket files at once, closes idle connections, lets running responses finish for
    // `stop_grace`, then cancels their handlers and closes. `io` runs out of work then. Further calls do nothing.
    void stop();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace agg::serve
