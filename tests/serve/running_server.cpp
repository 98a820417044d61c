#include "serve/running_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <future>

#include <catch2/catch.hpp>

#include "base/text.hpp"

namespace agg::serve::test {
namespace {

int connected(int family, const void* address, socklen_t size) {
    const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{10, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    REQUIRE(::connect(descriptor, static_cast<const sockaddr*>(address), size) == 0);
    return descriptor;
}

}  // namespace

int Reply::status() const { return head.starts_with("HTTP/1.1 ") ? std::atoi(head.c_str() + 9) : 0; }

std::string Reply::field(std::string_view name) const {
    for (const std::string_view line : split(head, '\n')) {
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && iequals(line.substr(0, colon), name))
            return std::string(trim(line.substr(colon + 1)));
    }
    return {};
}

Client Client::to_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    return Client(connected(AF_UNIX, &address, sizeof(address)));
}

Client Client::to_tcp(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return Client(connected(AF_INET, &address, sizeof(address)));
}

Client::~Client() {
    if (descriptor_ >= 0) ::close(descriptor_);
}
Client::Client(Client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}

void Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;  // the server refused to hear more: what it answered is there to read
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool Client::fill() {
    char piece[16384];
    const ssize_t count = ::recv(descriptor_, piece, sizeof(piece), 0);
    if (count > 0) buffer_.append(piece, static_cast<std::size_t>(count));
    return count > 0;
}

Reply Client::read(bool head_only) {
    Reply reply;
    std::size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
        if (!fill()) return reply;
    reply.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    const std::string length = reply.field("Content-Length");
    if (!head_only && reply.field("Transfer-Encoding") == "chunked") {
        reply.body = read_chunks();
        return reply;
    }
    if (head_only || length.empty()) return reply;
    const auto wanted = static_cast<std::size_t>(std::stoul(length));
    while (buffer_.size() < wanted && fill()) {
    }
    reply.body = buffer_.substr(0, wanted);
    buffer_.erase(0, wanted);
    return reply;
}

// Up to and with the last chunk, or the end of the connection.
std::string Client::read_chunks() {
    std::string body;
    for (;;) {
        std::size_t end;
        while ((end = buffer_.find("\r\n")) == std::string::npos)
            if (!fill()) return body;
        const std::size_t size = std::stoul(buffer_.substr(0, end), nullptr, 16);
        while (buffer_.size() < end + size + 4)
            if (!fill()) return body;
        body += buffer_.substr(end + 2, size);
        buffer_.erase(0, end + size + 4);
        if (size == 0) return body;
    }
}

std::string Client::take_some() {
    if (buffer_.empty()) fill();
    return std::exchange(buffer_, {});
}

std::string Client::rest() {
    while (fill()) {
    }
    return std::exchange(buffer_, {});
}

bool Client::closed_by_server() {
    if (!buffer_.empty()) return false;
    char byte = 0;
    const ssize_t count = ::recv(descriptor_, &byte, 1, 0);
    return count == 0 || (count < 0 && errno == ECONNRESET);
}

Reply Client::ask(std::string_view bytes, bool head_only) {
    send(bytes);
    return read(head_only);
}

std::string get(std::string_view target, std::string_view more_fields) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", target, more_fields);
}

RunningServer::RunningServer(Handler handler, ServerLimits limits, TakesPieces takes_pieces)
    : server_(std::make_unique<Server>(io_, std::move(handler), limits, std::move(takes_pieces))) {
    auto unix_listener = listen_unix(socket_);
    REQUIRE(unix_listener);
    auto tcp_listener = listen_tcp("127.0.0.1:0");
    REQUIRE(tcp_listener);
    port_ = tcp_listener->port;
    server_->serve(*unix_listener);
    server_->serve(*tcp_listener);
    thread_ = std::thread([this] { io_.run(); });
}

RunningServer::~RunningServer() {
    if (thread_.joinable()) stop_and_join();
}

std::chrono::milliseconds RunningServer::stop_and_join() {
    const auto begin = std::chrono::steady_clock::now();
    asio::post(io_, [this] { server_->stop(); });
    thread_.join();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

void RunningServer::on_io_thread(std::function<void()> work) {
    std::promise<void> done;
    asio::post(io_, [&] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

}  // namespace agg::serve::test
