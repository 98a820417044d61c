// One connection of the server: requests in, responses out, in order. All on the io thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"
#include "serve/http.hpp"
#include "serve/server.hpp"

namespace agg::serve {

class Session;

// What the sessions of a server share.
struct Sessions {
    Sessions(asio::io_context& context, Handler answer, ServerLimits limited, TakesPieces takes)
        : io(context), handler(std::move(answer)), takes_pieces(std::move(takes)), limits(limited), grace(context) {}

    asio::io_context& io;
    Handler handler;
    TakesPieces takes_pieces;
    ServerLimits limits;
    ServerCounts counts;
    std::set<Session*> open;
    asio::steady_timer grace;  // cancelled when the last session has ended
    bool stopping = false;
};

class Session : public std::enable_shared_from_this<Session> {
  public:
    using Socket = asio::generic::stream_protocol::socket;

    // `crowded`: it is one too many, and its first request is answered so.
    Session(std::shared_ptr<Sessions> sessions, Socket socket, const Peer& peer, bool crowded);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // The session's whole life, which it is kept alive by.
    [[nodiscard]] static Task<void> run(std::shared_ptr<Session> self);

    [[nodiscard]] const Peer& peer() const { return peer_; }
    // Between requests since then. Absent: at work, or closed.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> idle_since() const;
    // Its last request is answered, and no other one has come: closing it loses none.
    [[nodiscard]] bool is_done() const;
    void close();
    // Ends the handler that is at work.
    asio::cancellation_signal cancel;

  private:
    struct Buffer;    // of bytes that have arrived
    struct Incoming;  // a request that is being read

    void limit_time(std::chrono::milliseconds time);
    void watch_for_the_end();
    [[nodiscard]] std::size_t& open_ones() const;

    [[nodiscard]] Task<bool> wait_for_bytes(std::chrono::milliseconds timeout);
    [[nodiscard]] Task<After> serve_one();
    Task<std::string> read_piece(Incoming& incoming, boost::system::error_code& problem);
    Task<Result<std::string>> next_piece(std::shared_ptr<Incoming> incoming);
    Task<boost::system::error_code> read_body(std::shared_ptr<Incoming> incoming, Request& request);
    Task<bool> write_pieces(Pieces pieces);
    [[nodiscard]] Task<Response> call_handler(serve::Request request);
    [[nodiscard]] Task<bool> write(const std::string& head, std::string_view body);
    [[nodiscard]] Task<bool> write_stream(std::string head, std::shared_ptr<BodyStream> stream, bool chunked);
    [[nodiscard]] Task<After> refuse(Response response);
    [[nodiscard]] Task<void> drain();

    std::shared_ptr<Sessions> sessions_;
    Socket socket_;
    Peer peer_;
    asio::steady_timer deadline_;
    bool timed_out_ = false;
    bool crowded_;
    bool has_answered_ = false;
    std::optional<std::chrono::steady_clock::time_point> idle_since_ = std::chrono::steady_clock::now();
    std::unique_ptr<Buffer> buffer_;        // none while nothing has arrived
    std::shared_ptr<BodyStream> streamed_;  // being sent
};

}  // namespace agg::serve
