#include "serve/server.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <set>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace agg::serve {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;
using Stream = beast::basic_stream<Protocol>;
using Parser = http::request_parser<http::string_body>;

// Connections beyond the limit that are told so; those beyond these are closed without a word.
constexpr std::size_t k_refusals = 64;
constexpr std::chrono::seconds k_drain_time{2};
constexpr std::size_t k_drain_bytes = 4 * 1024 * 1024;

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

TimePoint now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

std::size_t body_limit(const ServerLimits& limits, const Peer& peer) {
    return peer.kind == Peer::Kind::unix_socket ? limits.unix_body_bytes : limits.body_bytes;
}

// What is wrong with bytes that the parser refused.
Response refusal_of(error_code problem, const Parser& parser, const ServerLimits& limits, const Peer& peer) {
    if (problem == http::error::header_limit && parser.get().target().empty())
        return text_response(414, fmt::format("The request target is longer than {} bytes.", limits.target_bytes));
    if (problem == http::error::header_limit)
        return text_response(431, fmt::format("The request header is longer than {} bytes.", limits.header_bytes));
    if (problem == http::error::body_limit)
        return text_response(413, fmt::format("The request body is longer than {} bytes.", body_limit(limits, peer)));
    if (problem == http::error::bad_version) return text_response(505, "aggd speaks HTTP/1.0 and HTTP/1.1.");
    return text_response(400, fmt::format("This is not a well-formed HTTP request: {}.", problem.message()));
}

// The request, or the response to one that cannot be handed on.
tl::expected<Request, Response> take_request(Parser& parser, const Peer& peer, const ServerLimits& limits) {
    auto& message = parser.get();
    if (message.target().size() > limits.target_bytes)
        return tl::unexpected(
            text_response(414, fmt::format("The request target is longer than {} bytes.", limits.target_bytes)));
    auto target = parse_target(view(message.target()));
    if (!target) return tl::unexpected(text_response(400, target.error().message));
    Request request;
    request.method = view(message.method_string());
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    request.peer = peer;
    for (const auto& field : message) request.headers.emplace_back(view(field.name_string()), view(field.value()));
    const auto hosts = message.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && message.version() >= 11))
        return tl::unexpected(text_response(400, "An HTTP/1.1 request needs exactly one Host field (RFC 9112, 3.2)."));
    std::string authority = request.header("Host").value_or("");
    if (!target->authority.empty()) authority = target->authority;
    if (peer.kind == Peer::Kind::tcp && !is_local_authority(authority))
        return tl::unexpected(text_response(
            421,
            fmt::format(
                "aggd answers on this machine's own names only (localhost, 127.0.0.1, [::1]), not as \"{}\": a web "
                "page could otherwise read your feeds by pointing its own name here (DNS rebinding).",
                truncate_utf8(authority, 200))));
    request.body = std::move(message.body());
    return request;
}

}  // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
    struct Session;
    struct Door {
        Acceptor acceptor;
        Listener listener;
    };

    State(asio::io_context& context, Handler answer, ServerLimits limited)
        : io(context), handler(std::move(answer)), limits(limited), grace(context) {}

    asio::io_context& io;
    Handler handler;
    ServerLimits limits;
    std::vector<std::shared_ptr<Door>> doors;
    std::set<Session*> sessions;
    asio::steady_timer grace;
    bool stopping = false;

    static Task<void> accept(std::shared_ptr<State> state, std::shared_ptr<Door> door);
    void open_session(Protocol::socket socket, int family);
};

// One connection. Lives as long as its coroutine.
struct Server::State::Session {
    Session(std::shared_ptr<State> server, Protocol::socket socket, int family)
        : state(std::move(server)),
          peer(peer_of(socket.native_handle(), family)),
          stream(std::move(socket)),
          crowded(state->sessions.size() >= state->limits.connections) {
        state->sessions.insert(this);
    }
    ~Session() {
        state->sessions.erase(this);
        if (state->sessions.empty()) state->grace.cancel();
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    std::shared_ptr<State> state;
    Peer peer;
    Stream stream;
    bool crowded;      // one too many: its first request gets 503
    bool idle = true;  // between requests: nothing is lost when it is closed
    beast::flat_buffer buffer;
    asio::cancellation_signal cancel;

    static Task<void> run(std::shared_ptr<Session> self);
    Task<bool> wait_for_bytes(std::chrono::milliseconds timeout);
    Task<After> serve_one();
    Task<error_code> read_body(Parser& parser);
    Task<Response> call_handler(Request request);
    Task<bool> write(const std::string& head, std::string_view body);
    Task<After> refuse(Response response);
    Task<void> drain();
};

// False when the client went away or stayed silent for too long.
Task<bool> Server::State::Session::wait_for_bytes(std::chrono::milliseconds timeout) {
    if (buffer.size() > 0) co_return true;
    // A thousand idle connections should hold little memory.
    buffer.shrink_to_fit();
    error_code problem;
    stream.expires_after(timeout);
    const std::size_t count =
        co_await stream.async_read_some(buffer.prepare(1024), asio::redirect_error(asio::use_awaitable, problem));
    buffer.commit(count);
    co_return !problem && count > 0;
}

Task<error_code> Server::State::Session::read_body(Parser& parser) {
    error_code problem;
    if (parser.is_done()) co_return problem;
    if (iequals(view(parser.get()[http::field::expect]), "100-continue")) {
        const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool written = co_await write(go_on, {});
        if (!written) co_return asio::error::broken_pipe;
    }
    stream.expires_after(state->limits.read_timeout);
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, problem));
    co_return problem;
}

Task<Response> Server::State::Session::call_handler(Request request) {
    const std::string line = fmt::format("{} {}", request.method, truncate_utf8(request.path, 200));
    std::string thrown;
    try {
        Task<Response> answering = state->handler(std::move(request));
        Response response = co_await std::move(answering);
        log::debug("{}: {}", line, response.status);
        co_return response;
    } catch (const std::exception& failure) {
        thrown = failure.what();
    }
    if (state->stopping) co_return text_response(503, "aggd is stopping.");  // stop() cancelled it
    log::error("{}: {}", line, thrown);
    co_return text_response(500, "Something in aggd is broken; its log says what.");
}

// False when the client did not take it.
Task<bool> Server::State::Session::write(const std::string& head, std::string_view body) {
    std::size_t sent = 0;
    const std::size_t total = head.size() + body.size();
    while (sent < total) {
        std::array<asio::const_buffer, 2> parts;
        parts[0] = asio::buffer(head) + sent;
        parts[1] = asio::buffer(body) + (sent > head.size() ? sent - head.size() : 0);
        error_code problem;
        // Set anew for every piece: a slow client may take its time, a stuck one may not.
        stream.expires_after(state->limits.write_timeout);
        sent += co_await stream.async_write_some(parts, asio::redirect_error(asio::use_awaitable, problem));
        if (problem) co_return false;
    }
    co_return true;
}

// Answers what cannot be read on, so the connection ends here.
Task<After> Server::State::Session::refuse(Response response) {
    const std::string head = write_head(response, 11, After::close, now());
    const bool written = co_await write(head, *response.body);
    if (written) co_await drain();
    co_return After::close;
}

// Closing a socket with unread bytes resets the connection, and the client may lose the response that was on its way:
// say that there is no more, then read what still comes.
Task<void> Server::State::Session::drain() {
    error_code problem;
    stream.socket().shutdown(Protocol::socket::shutdown_send, problem);
    stream.expires_after(k_drain_time);
    std::vector<char> scrap(16 * 1024);
    for (std::size_t read = 0; !problem && read < k_drain_bytes;)
        read +=
            co_await stream.async_read_some(asio::buffer(scrap), asio::redirect_error(asio::use_awaitable, problem));
}

Task<After> Server::State::Session::serve_one() {
    const ServerLimits& limits = state->limits;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(body_limit(limits, peer));
    error_code problem;
    stream.expires_after(limits.read_timeout);
    co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, problem));
    if (!problem && crowded) {
        Response busy = text_response(
            503, fmt::format("aggd has {} connections open, which is its limit. Try again.", limits.connections));
        busy.headers.emplace_back("Retry-After", "5");
        co_return co_await refuse(std::move(busy));
    }
    if (!problem) problem = co_await read_body(parser);
    if (problem == http::error::partial_message || problem == http::error::end_of_stream) co_return After::close;
    if (problem && problem.category() != http::make_error_code(http::error::bad_method).category())
        co_return After::close;
    if (problem) co_return co_await refuse(refusal_of(problem, parser, limits, peer));

    const unsigned version = parser.get().version();
    const bool head_only = parser.get().method() == http::verb::head;
    const bool keep_alive = parser.get().keep_alive();
    auto request = take_request(parser, peer, limits);
    if (!request) co_return co_await refuse(std::move(request.error()));
    const Response response = co_await call_handler(std::move(*request));

    const After after = keep_alive && !state->stopping ? After::keep_alive : After::close;
    const std::string_view body = response.body ? std::string_view(*response.body) : std::string_view{};
    const std::string head = write_head(response, version, after, now());
    const bool bodiless = head_only || response.status == 204 || response.status == 304;
    const bool written = co_await write(head, bodiless ? std::string_view{} : body);
    if (!written) co_return After::close;
    if (after == After::close && (buffer.size() > 0 || stream.socket().available(problem) > 0)) co_await drain();
    co_return after;
}

Task<void> Server::State::Session::run(std::shared_ptr<Session> self) {
    auto timeout = self->state->limits.read_timeout;
    for (After after = After::keep_alive; after == After::keep_alive && !self->state->stopping;) {
        self->idle = self->buffer.size() == 0;
        const bool bytes = co_await self->wait_for_bytes(timeout);
        if (!bytes) break;
        self->idle = false;
        after = co_await self->serve_one();
        timeout = self->state->limits.idle_timeout;
    }
    self->stream.close();
}

void Server::State::open_session(Protocol::socket socket, int family) {
    if (sessions.size() >= limits.connections + k_refusals) return;  // closes it
    auto session = std::make_shared<Session>(shared_from_this(), std::move(socket), family);
    Task<void> running = Session::run(session);
    auto done = [session](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const boost::system::system_error& failure) {
            if (failure.code() != asio::error::operation_aborted) log::error("an HTTP session: {}", failure.what());
        } catch (const std::exception& failure) {
            log::error("an HTTP session: {}", failure.what());
        }
    };
    asio::co_spawn(io, std::move(running), asio::bind_cancellation_slot(session->cancel.slot(), std::move(done)));
}

Task<void> Server::State::accept(std::shared_ptr<State> state, std::shared_ptr<Door> door) {
    asio::steady_timer pause(state->io);
    while (!state->stopping) {
        error_code problem;
        Protocol::socket socket =
            co_await door->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, problem));
        if (state->stopping) break;
        if (!problem) {
            state->open_session(std::move(socket), door->listener.family);
        } else if (problem != asio::error::connection_aborted) {
            // Out of descriptors, most likely: asking again at once would spin.
            log::warning("{} cannot take a connection: {}", door->listener.description, problem.message());
            pause.expires_after(std::chrono::seconds(1));
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, problem));
        }
    }
}

Server::Server(asio::io_context& io, Handler handler, ServerLimits limits)
    : state_(std::make_shared<State>(io, std::move(handler), limits)) {}

Server::~Server() { stop(); }

void Server::serve(Listener listener) {
    Acceptor acceptor(state_->io);
    acceptor.assign(Protocol(listener.family, 0), listener.descriptor);
    auto door = std::make_shared<State::Door>(State::Door{std::move(acceptor), std::move(listener)});
    state_->doors.push_back(door);
    spawn(state_->io.get_executor(), door->listener.description, State::accept(state_, door));
}

std::vector<std::string> Server::listening() const {
    std::vector<std::string> descriptions;
    for (const auto& door : state_->doors) descriptions.push_back(door->listener.description);
    return descriptions;
}

void Server::stop() {
    if (std::exchange(state_->stopping, true)) return;
    error_code ignored;
    for (const auto& door : state_->doors) {
        remove_socket_file(door->listener);
        door->acceptor.close(ignored);
    }
    for (State::Session* session : state_->sessions)
        if (session->idle) session->stream.close();
    if (state_->sessions.empty()) return;
    state_->grace.expires_after(state_->limits.stop_grace);
    state_->grace.async_wait([state = state_](error_code problem) {
        if (problem) return;
        // A cancelled handler may end its session at once, and with it the set's element.
        const std::vector<State::Session*> rest(state->sessions.begin(), state->sessions.end());
        for (State::Session* session : rest) {
            if (!state->sessions.contains(session)) continue;
            session->stream.close();
            session->cancel.emit(asio::cancellation_type::terminal);
        }
    });
}

}  // namespace agg::serve
