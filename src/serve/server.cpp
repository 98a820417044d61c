#include "serve/server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/log.hpp"
#include "serve/session.hpp"

namespace agg::serve {
namespace {

using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;

// Connections beyond the limit that are told so; those beyond these are closed without a word.
constexpr std::size_t k_refusals = 64;
constexpr std::chrono::minutes k_between_warnings{1};

bool is_full(const Sessions& sessions, Peer::Kind kind) {
    return sessions.open.size() >= sessions.limits.connections ||
           (kind == Peer::Kind::tcp && sessions.counts.tcp_connections >= sessions.limits.tcp_connections);
}

// Closes the connection that has been idle longest, of those whose end helps one of `kind`. False when there is none.
bool make_room(Sessions& sessions, Peer::Kind kind) {
    const bool any_helps = sessions.open.size() >= sessions.limits.connections;
    Session* longest = nullptr;
    for (Session* session : sessions.open)
        if (session->idle_since() && (any_helps || session->peer().kind == kind) &&
            (longest == nullptr || session->idle_since() < longest->idle_since()))
            longest = session;
    if (longest == nullptr) return false;
    longest->close();
    ++sessions.counts.closed_for_room;
    return true;
}

void open_session(const std::shared_ptr<Sessions>& sessions, Session::Socket socket, int family) {
    if (sessions->open.size() >= sessions->limits.connections + k_refusals) return;  // closes it
    const Peer peer = peer_of(socket.native_handle(), family);
    // Whatever TCP does, there is room for aggctl and the watchdog.
    if (peer.kind == Peer::Kind::tcp &&
        sessions->counts.tcp_connections >= sessions->limits.tcp_connections + k_refusals)
        return;
    const bool crowded = is_full(*sessions, peer.kind) && !make_room(*sessions, peer.kind);
    auto session = std::make_shared<Session>(sessions, std::move(socket), peer, crowded);
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
    asio::co_spawn(sessions->io, std::move(running),
                   asio::bind_cancellation_slot(session->cancel.slot(), std::move(done)));
}

// Whatever is still at work when the grace is over is cut off.
void end_after_grace(const std::shared_ptr<Sessions>& sessions) {
    if (sessions->open.empty()) return;
    sessions->grace.expires_after(sessions->limits.stop_grace);
    sessions->grace.async_wait([sessions](error_code problem) {
        if (problem) return;
        // A cancelled handler may end its session at once, and with it the set's element.
        const std::vector<Session*> rest(sessions->open.begin(), sessions->open.end());
        for (Session* session : rest) {
            if (!sessions->open.contains(session)) continue;
            session->close();
            session->cancel.emit(asio::cancellation_type::terminal);
        }
    });
}

}  // namespace

struct Server::State {
    struct Door {
        Acceptor acceptor;
        Listener listener;
    };
    std::shared_ptr<Sessions> sessions;
    std::vector<std::shared_ptr<Door>> doors;

    static Task<void> accept(std::shared_ptr<Sessions> sessions, std::shared_ptr<Door> door);
};

Task<void> Server::State::accept(std::shared_ptr<Sessions> sessions, std::shared_ptr<Door> door) {
    asio::steady_timer pause(sessions->io);
    std::chrono::steady_clock::time_point next_warning{};
    while (!sessions->stopping) {
        error_code problem;
        Protocol::socket socket =
            co_await door->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, problem));
        if (!problem && sessions->stopping) {
            // It was on its way before: who connected so is answered as well.
            open_session(sessions, std::move(socket), door->listener.family);
            end_after_grace(sessions);
        }
        if (sessions->stopping) break;
        if (!problem) {
            open_session(sessions, std::move(socket), door->listener.family);
        } else if (problem != asio::error::connection_aborted) {
            // Out of descriptors, most likely: asking again at once would spin.
            if (const auto time = std::chrono::steady_clock::now(); time >= next_warning) {
                log::warning("{} cannot take a connection: {}; it waits until there is room",
                             door->listener.description, problem.message());
                next_warning = time + k_between_warnings;
            }
            pause.expires_after(std::chrono::seconds(1));
            co_await wait_on(pause);
        }
    }
}

Server::Server(asio::io_context& io, Handler handler, ServerLimits limits, TakesPieces takes_pieces)
    : state_(std::make_unique<State>(
          State{.sessions = std::make_shared<Sessions>(io, std::move(handler), limits, std::move(takes_pieces)),
                .doors = {}})) {}

Server::~Server() { stop(); }

void Server::serve(Listener listener) {
    asio::io_context& io = state_->sessions->io;
    Acceptor acceptor(io);
    acceptor.assign(Protocol(listener.family, 0), listener.descriptor);
    auto door = std::make_shared<State::Door>(State::Door{std::move(acceptor), std::move(listener)});
    state_->doors.push_back(door);
    spawn(io.get_executor(), door->listener.description, State::accept(state_->sessions, door));
}

std::vector<std::string> Server::listening() const {
    std::vector<std::string> descriptions;
    for (const auto& door : state_->doors) descriptions.push_back(door->listener.description);
    return descriptions;
}

const ServerCounts& Server::counts() const { return state_->sessions->counts; }

void Server::stop() {
    const std::shared_ptr<Sessions>& sessions = state_->sessions;
    if (std::exchange(sessions->stopping, true)) return;
    error_code ignored;
    for (const auto& door : state_->doors) {
        remove_socket_file(door->listener);
        door->acceptor.close(ignored);
    }
    // One that has just connected has a request on its way, which nobody else could answer.
    for (Session* session : sessions->open)
        if (session->idle_since() && session->is_done()) session->close();
    end_after_grace(sessions);
}

}  // namespace agg::serve
