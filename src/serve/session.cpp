#include "serve/session.hpp"

#include <array>

#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "serve/admission.hpp"

namespace agg::serve {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Parser = http::request_parser<http::buffer_body>;

constexpr std::chrono::seconds k_drain_time{2};
constexpr std::size_t k_drain_bytes = 4 * 1024 * 1024;
constexpr std::size_t k_piece_bytes = 256 * 1024;

TimePoint now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// What is wrong with bytes that the parser refused.
Trouble trouble_of(error_code problem, const Parser& parser) {
    if (problem == http::error::header_limit)
        return parser.get().target().empty() ? Trouble::target_too_long : Trouble::header_too_long;
    if (problem == http::error::body_limit) return Trouble::body_too_long;
    if (problem == http::error::bad_version) return Trouble::unknown_version;
    return Trouble::malformed;
}

// The request without its body, or the response to one that cannot be handed on.
tl::expected<Request, Response> take_request(const Parser& parser, const Peer& peer, const ServerLimits& limits) {
    const auto& message = parser.get();
    Request request;
    request.method = view(message.method_string());
    request.peer = peer;
    for (const auto& field : message) request.headers.emplace_back(view(field.name_string()), view(field.value()));
    return admit(std::move(request), view(message.target()), message.version(), limits);
}

}  // namespace

struct Session::Buffer {
    beast::flat_buffer bytes;
};
struct Session::Incoming {
    Parser parser;
};

Session::Session(std::shared_ptr<Sessions> sessions, Socket socket, const Peer& peer, bool crowded)
    : sessions_(std::move(sessions)),
      socket_(std::move(socket)),
      peer_(peer),
      deadline_(sessions_->io),
      crowded_(crowded) {
    sessions_->open.insert(this);
    ++open_ones();
}

Session::~Session() {
    --open_ones();
    sessions_->open.erase(this);
    if (sessions_->open.empty()) sessions_->grace.cancel();
}

std::size_t& Session::open_ones() const {
    return peer_.kind == Peer::Kind::tcp ? sessions_->counts.tcp_connections : sessions_->counts.unix_connections;
}

std::optional<std::chrono::steady_clock::time_point> Session::idle_since() const {
    return socket_.is_open() ? idle_since_ : std::nullopt;
}

bool Session::is_done() const {
    error_code ignored;
    return has_answered_ && (!buffer_ || buffer_->bytes.size() == 0) && socket_.available(ignored) == 0;
}

void Session::close() {
    error_code ignored;
    socket_.close(ignored);
}

// What waits on the socket ends after `time`, which is counted anew with each call, until the deadline is cancelled.
// The socket stays open, so that a reason can be sent.
void Session::limit_time(std::chrono::milliseconds time) {
    timed_out_ = false;
    deadline_.expires_after(time);
    deadline_.async_wait([weak = weak_from_this()](error_code cancelled) {
        const auto self = weak.lock();
        // It may have been set anew while this was on its way.
        if (cancelled || !self || self->deadline_.expiry() > std::chrono::steady_clock::now()) return;
        self->timed_out_ = true;
        error_code ignored;
        self->socket_.cancel(ignored);
    });
}

// A client that hangs up while a stream has nothing to send is noticed at once, not with the next piece.
void Session::watch_for_the_end() {
    auto ended = [weak = weak_from_this(), watched = std::weak_ptr(streamed_)](error_code problem) {
        const auto self = weak.lock();
        const auto stream = watched.lock();
        if (problem || !self || !stream || self->streamed_ != stream) return;
        if (self->socket_.available(problem) == 0 || problem) stream->abandon();
    };
    socket_.async_wait(Socket::wait_read, std::move(ended));
}

// False when the client stayed silent for too long. A connection that waits holds no buffer.
Task<bool> Session::wait_for_bytes(std::chrono::milliseconds timeout) {
    if (buffer_ && buffer_->bytes.size() > 0) co_return true;
    buffer_.reset();
    error_code problem;
    limit_time(timeout);
    co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, problem));
    deadline_.cancel();
    if (!problem) buffer_ = std::make_unique<Buffer>();
    co_return !problem;
}

// The next piece of the body; empty: that was all. Leave to send it is given here, so that a handler may refuse it
// unseen.
Task<std::string> Session::read_piece(Incoming& incoming, error_code& problem) {
    Parser& parser = incoming.parser;
    if (parser.is_done()) co_return std::string();
    if (iequals(view(parser.get()[http::field::expect]), "100-continue")) {
        parser.get().erase(http::field::expect);
        const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool written = co_await write(go_on, {});
        if (!written) problem = asio::error::broken_pipe;
        if (!written) co_return std::string();
        limit_time(sessions_->limits.read_timeout);
    }
    std::string piece(k_piece_bytes, '\0');
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    sessions_->counts.bytes_received +=
        co_await http::async_read(socket_, buffer_->bytes, parser, asio::redirect_error(asio::use_awaitable, problem));
    if (problem == http::error::need_buffer) problem = {};
    piece.resize(piece.size() - parser.get().body().size);
    co_return piece;
}

Task<Result<std::string>> Session::next_piece(std::shared_ptr<Incoming> incoming) {
    error_code problem;
    limit_time(sessions_->limits.read_timeout);
    std::string piece = co_await read_piece(*incoming, problem);
    deadline_.cancel();
    if (problem) co_return fail(ErrorKind::network, "the client broke off: {}", problem.message());
    co_return piece;
}

// The whole body, or the pieces of one that its handler asks for.
Task<error_code> Session::read_body(std::shared_ptr<Incoming> incoming, Request& request) {
    Parser& parser = incoming->parser;
    error_code problem;
    if (peer_.kind == Peer::Kind::unix_socket && sessions_->takes_pieces && sessions_->takes_pieces(request)) {
        request.pieces = [this, incoming] { return next_piece(incoming); };
        co_return problem;
    }
    const std::size_t limit = body_limit(sessions_->limits, peer_);
    parser.body_limit(limit);
    if (parser.content_length().value_or(0) > limit) co_return http::error::body_limit;
    limit_time(sessions_->limits.read_timeout);
    while (!problem && !parser.is_done()) request.body += co_await read_piece(*incoming, problem);
    deadline_.cancel();
    co_return problem;
}

// False when the client did not take them, or there are no more although there should be.
Task<bool> Session::write_pieces(Pieces pieces) {
    for (;;) {
        Task<Result<std::string>> reading = pieces();
        const Result<std::string> piece = co_await std::move(reading);
        if (!piece) log::error("a response breaks off: {}", piece.error().message);
        if (!piece || piece->empty()) co_return piece.has_value();
        const bool written = co_await write(*piece, {});
        if (!written) co_return false;
    }
}

Task<Response> Session::call_handler(Request request) {
    const std::string line = fmt::format("{} {}", request.method, truncate_utf8(request.path, 200));
    std::string thrown;
    try {
        Task<Response> answering = sessions_->handler(std::move(request));
        Response response = co_await std::move(answering);
        log::debug("{}: {}", line, response.status);
        co_return response;
    } catch (const std::exception& failure) {
        thrown = failure.what();
    }
    if (sessions_->stopping) co_return text_response(503, "aggd is stopping.");  // stop() cancelled it
    log::error("{}: {}", line, thrown);
    co_return text_response(500, "Something in aggd is broken; its log says what.");
}

// False when the client did not take it.
Task<bool> Session::write(const std::string& head, std::string_view body) {
    std::size_t sent = 0;
    const std::size_t total = head.size() + body.size();
    error_code problem;
    while (sent < total && !problem) {
        std::array<asio::const_buffer, 2> parts;
        parts[0] = asio::buffer(head) + sent;
        parts[1] = asio::buffer(body) + (sent > head.size() ? sent - head.size() : 0);
        // Set anew for every piece: a slow client may take its time, a stuck one may not.
        limit_time(sessions_->limits.write_timeout);
        const std::size_t count =
            co_await socket_.async_write_some(parts, asio::redirect_error(asio::use_awaitable, problem));
        sent += count;
        sessions_->counts.bytes_sent += count;
    }
    deadline_.cancel();
    co_return !problem;
}

// False when the client did not take all of it. What the stream throws ends the session.
Task<bool> Session::write_stream(std::string head, std::shared_ptr<BodyStream> stream, bool chunked) {
    streamed_ = stream;
    watch_for_the_end();
    std::string bytes = std::move(head);
    for (bool more = true; more;) {
        const bool written = co_await write(bytes, {});
        if (!written) co_return false;
        Task<std::optional<std::string>> making = stream->next();
        const std::optional<std::string> piece = co_await std::move(making);
        more = piece.has_value();
        if (chunked)
            bytes = more ? fmt::format("{:x}\r\n{}\r\n", piece->size(), *piece) : "0\r\n\r\n";
        else
            bytes = piece.value_or("");
    }
    streamed_.reset();
    co_return co_await write(bytes, {});
}

// Answers what cannot be read on, so the connection ends here.
Task<After> Session::refuse(Response response) {
    ++sessions_->counts.responses[response.status];
    const std::string head = write_head(response, 11, After::close, now());
    const bool written = co_await write(head, *response.body);
    if (written) co_await drain();
    co_return After::close;
}

// Closing a socket with unread bytes resets the connection, and the client may lose the response that was on its way:
// say that there is no more, then read what still comes.
Task<void> Session::drain() {
    error_code problem;
    socket_.shutdown(Socket::shutdown_send, problem);
    limit_time(k_drain_time);
    std::vector<char> scrap(16 * 1024);
    for (std::size_t read = 0; !problem && read < k_drain_bytes;)
        read +=
            co_await socket_.async_read_some(asio::buffer(scrap), asio::redirect_error(asio::use_awaitable, problem));
    deadline_.cancel();
}

Task<After> Session::serve_one() {
    const ServerLimits& limits = sessions_->limits;
    const auto incoming = std::make_shared<Incoming>();
    Parser& parser = incoming->parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(boost::none);
    error_code problem;
    limit_time(limits.read_timeout);
    sessions_->counts.bytes_received += co_await http::async_read_header(
        socket_, buffer_->bytes, parser, asio::redirect_error(asio::use_awaitable, problem));
    deadline_.cancel();
    const auto began = std::chrono::steady_clock::now();
    if (!problem && crowded_) co_return co_await refuse(refusal(Trouble::crowded, limits, peer_));
    tl::expected<Request, Response> request;
    if (!problem) request = take_request(parser, peer_, limits);
    if (!request) co_return co_await refuse(std::move(request.error()));
    if (!problem) problem = co_await read_body(incoming, *request);
    if (problem && timed_out_) co_return co_await refuse(refusal(Trouble::too_slow, limits, peer_));
    if (problem == http::error::partial_message || problem == http::error::end_of_stream) co_return After::close;
    if (problem && problem.category() != http::make_error_code(http::error::bad_method).category())
        co_return After::close;
    if (problem) co_return co_await refuse(refusal(trouble_of(problem, parser), limits, peer_, problem.message()));

    const unsigned version = parser.get().version();
    const bool head_only = parser.get().method() == http::verb::head;
    const bool keep_alive = parser.get().keep_alive();
    Response response = co_await call_handler(std::move(*request));
    ++sessions_->counts.responses[response.status];

    const bool ends_with_connection = response.stream && version < 11;
    const After after = keep_alive && parser.is_done() && !sessions_->stopping && !ends_with_connection
                            ? After::keep_alive
                            : After::close;
    const std::string_view body = response.body ? std::string_view(*response.body) : std::string_view{};
    std::string head = write_head(response, version, after, now());
    const bool bodiless = head_only || response.status == 204 || response.status == 304;
    bool written = false;
    if (response.stream && !bodiless) {
        written = co_await write_stream(std::move(head), response.stream, version >= 11);
    } else {
        written = co_await write(head, bodiless ? std::string_view{} : body);
        if (written && response.pieces && !bodiless) written = co_await write_pieces(std::move(response.pieces));
        sessions_->counts.durations.add(std::chrono::steady_clock::now() - began);
    }
    if (!written) co_return After::close;
    if (after == After::close && (buffer_->bytes.size() > 0 || !parser.is_done() || socket_.available(problem) > 0))
        co_await drain();
    co_return after;
}

Task<void> Session::run(std::shared_ptr<Session> self) {
    auto timeout = self->sessions_->limits.read_timeout;
    for (After after = After::keep_alive;
         after == After::keep_alive && !(self->sessions_->stopping && self->is_done());) {
        if (!self->buffer_ || self->buffer_->bytes.size() == 0) self->idle_since_ = std::chrono::steady_clock::now();
        const bool bytes = co_await self->wait_for_bytes(timeout);
        if (!bytes) break;
        self->idle_since_.reset();
        after = co_await self->serve_one();
        self->has_answered_ = true;
        timeout = self->sessions_->limits.idle_timeout;
    }
    self->close();
}

}  // namespace agg::serve
