// The HTTP/1.1 server: any number of Unix sockets and loopback TCP ports, one handler behind them all.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/result.hpp"
#include "serve/http.hpp"
#include "serve/listener.hpp"

namespace agg::serve {

// What one client may take. Tests shorten the times.
struct ServerLimits {
    std::size_t connections = 1100;  // more get 503
    std::size_t header_bytes = 16 * 1024;
    std::size_t target_bytes = 8 * 1024;
    std::size_t body_bytes = 1024 * 1024;
    std::size_t unix_body_bytes = 32 * 1024 * 1024;   // over the Unix socket: whole lists of feeds
    std::chrono::milliseconds read_timeout{30'000};   // for a whole header, and again for a whole body
    std::chrono::milliseconds idle_timeout{60'000};   // between requests of one connection
    std::chrono::milliseconds write_timeout{30'000};  // without progress
    std::chrono::milliseconds stop_grace{1'000};      // for responses that are under way when the server stops
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

    // Stops listening and removes the socket files at once, closes idle connections, lets running responses finish for
    // `stop_grace`, then cancels their handlers and closes. `io` runs out of work then. Further calls do nothing.
    void stop();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace agg::serve
