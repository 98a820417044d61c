#include "support/origin.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <functional>
#include <poll.h>
#include <stdexcept>
#include <system_error>
#include <zlib.h>

#include <fmt/format.h>

namespace agg::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_for_ever{-1};

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

[[noreturn]] void broken(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

const char* phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 304: return "Not Modified";
        case 404: return "Not Found";
        case 410: return "Gone";
        case 429: return "Too Many Requests";
        case 503: return "Service Unavailable";
        default: return "As Scripted";
    }
}

// The request in `head`, which ends with an empty line.
SeenRequest read_request(std::string head, unsigned connection) {
    SeenRequest request;
    request.connection = connection;
    std::string_view rest(head);
    for (bool first = true; !rest.empty(); first = false) {
        const std::size_t end = std::min(rest.find("\r\n"), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 2, rest.size()));
        if (first) {
            const std::size_t one = line.find(' '), two = line.rfind(' ');
            if (one == std::string_view::npos || two == one) continue;
            request.method = line.substr(0, one);
            request.target = line.substr(one + 1, two - one - 1);
        } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
            request.headers.emplace_back(line.substr(0, colon), without_blanks(line.substr(colon + 1)));
        }
    }
    request.raw = std::move(head);
    return request;
}

}  // namespace

std::string SeenRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (same_name(key, name)) return value;
    return {};
}

bool SeenRequest::has(std::string_view name) const {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& line) { return same_name(line.first, name); });
}

std::string to_bytes(const Answer& answer) {
    std::string out = fmt::format("HTTP/1.1 {} {}\r\n", answer.status, phrase(answer.status));
    bool length_stated = answer.status == 304 || answer.status == 204 || answer.status < 200;
    for (const auto& [name, value] : answer.headers) {
        out += fmt::format("{}: {}\r\n", name, value);
        length_stated = length_stated || same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding");
    }
    if (!length_stated) out += fmt::format("Content-Length: {}\r\n", answer.body.size());
    return out + "\r\n" + answer.body;
}

Reply::Reply(Answer answer) : bytes_(to_bytes(answer)) {
    for (const auto& [name, value] : answer.headers)
        if (same_name(name, "Connection") && same_name(value, "close")) end_ = End::close;
}

Reply Reply::when(std::shared_future<void> gate) && {
    gate_ = std::move(gate);
    return std::move(*this);
}

Reply raw(std::string bytes) {
    Reply reply;
    reply.bytes_ = std::move(bytes);
    reply.end_ = Reply::End::close;
    return reply;
}

Reply hang(std::string bytes) {
    Reply reply;
    reply.bytes_ = std::move(bytes);
    reply.end_ = Reply::End::hang;
    return reply;
}

Reply drip(std::string bytes, milliseconds pause) {
    Reply reply = raw(std::move(bytes));
    reply.pause_ = pause;
    return reply;
}

Reply reset(std::string bytes) {
    Reply reply;
    reply.bytes_ = std::move(bytes);
    reply.end_ = Reply::End::reset;
    return reply;
}

Reply endless(std::string head, std::string again) {
    Reply reply = raw(std::move(head));
    reply.again_ = std::move(again);
    return reply;
}

std::string chunks(std::string_view body, std::size_t size) {
    std::string out;
    for (; !body.empty(); body.remove_prefix(std::min(size, body.size()))) {
        const std::string_view chunk = body.substr(0, size);
        out += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
    }
    return out + "0\r\n\r\n";
}

std::string gzip(std::string_view body) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    std::string in(body);
    std::string out(deflateBound(&stream, in.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (code != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
    return out;
}

Handler document(std::string body, std::string content_type) {
    std::string etag = fmt::format("\"{:x}\"", std::hash<std::string>{}(body));
    return [body = std::move(body), content_type = std::move(content_type),
            etag = std::move(etag)](const SeenRequest& request) -> Reply {
        if (request.header("If-None-Match") == etag) return Answer{304, {{"ETag", etag}}, ""};
        return Answer{200, {{"Content-Type", content_type}, {"ETag", etag}}, body};
    };
}

Origin::Origin(std::string address) : address_(std::move(address)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0) broken("socket");
    sockaddr_in bound{};
    bound.sin_family = AF_INET;
    if (::inet_pton(AF_INET, address_.c_str(), &bound.sin_addr) != 1)
        throw std::invalid_argument(address_ + " is no IPv4 address");
    socklen_t size = sizeof bound;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&bound), size) != 0) broken("bind");
    if (::listen(listener_, 1024) != 0) broken("listen");
    if (::getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size) != 0) broken("getsockname");
    port_ = ntohs(bound.sin_port);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) broken("pipe");
    stop_read_ = ends[0];
    stop_write_ = ends[1];
    acceptor_ = std::thread([this] { accept_all(); });
}

Origin::~Origin() {
    ::close(stop_write_);  // wakes every thread
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
    ::close(stop_read_);
}

void Origin::on(std::string target, Handler handler) {
    const std::lock_guard lock(mutex_);
    handlers_.insert_or_assign(std::move(target), std::move(handler));
}

void Origin::on(std::string target, Reply always) {
    on(std::move(target), [always = std::move(always)](const SeenRequest&) { return always; });
}

std::string Origin::url(std::string_view target) const {
    return fmt::format("http://{}:{}{}", address_, port_, target);
}

std::vector<SeenRequest> Origin::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::vector<SeenRequest> Origin::requests(std::string_view target) const {
    std::vector<SeenRequest> found = requests();
    std::erase_if(found, [&](const SeenRequest& request) { return request.target != target; });
    return found;
}

std::vector<SeenRequest> Origin::wait_for_requests(std::size_t count, std::chrono::seconds patience) const {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, patience, [&] { return requests_.size() >= count; })) {
        throw std::runtime_error(fmt::format("{} requests arrived where {} were expected", requests_.size(), count));
    }
    return requests_;
}

void Origin::forget_requests() {
    const std::lock_guard lock(mutex_);
    requests_.clear();
}

unsigned Origin::most_at_once() const {
    const std::lock_guard lock(mutex_);
    return most_at_once_;
}

bool Origin::wait(int socket, short events, milliseconds patience) const {
    pollfd watched[2] = {{socket, events, 0}, {stop_read_, POLLIN, 0}};
    while (::poll(watched, 2, static_cast<int>(patience.count())) < 0)
        if (errno != EINTR) return false;
    return watched[1].revents == 0;
}

void Origin::accept_all() {
    while (wait(listener_, POLLIN, k_for_ever)) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0) continue;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        threads_.emplace_back([this, socket, number = ++connections_] { serve(socket, number); });
    }
}

void Origin::serve(int socket, unsigned connection) {
    std::string received;
    bool open = true;
    while (open) {
        std::size_t end = 0;
        while ((end = received.find("\r\n\r\n")) == std::string::npos) {
            char block[4096];
            open = wait(socket, POLLIN, k_for_ever);
            const ssize_t got = open ? ::recv(socket, block, sizeof block, 0) : 0;
            if (got > 0)
                received.append(block, static_cast<std::size_t>(got));
            else if (got == 0 || (errno != EAGAIN && errno != EINTR))
                open = false;
            if (!open) break;
        }
        if (!open) break;
        const SeenRequest request = read_request(received.substr(0, end + 4), connection);
        received.erase(0, end + 4);
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
            most_at_once_ = std::max(most_at_once_, ++answering_);
        }
        arrived_.notify_all();
        const auto answered = [this] {
            const std::lock_guard lock(mutex_);
            --answering_;
        };
        const Reply reply = answer_to(request);
        open = await_gate(reply);
        // A client that has a short answer may ask again before this thread runs on: count first.
        const bool at_once = reply.pause_ < milliseconds{0} && reply.again_.empty() && reply.end_ != Reply::End::hang;
        if (at_once) answered();
        open = open && play(socket, reply, request.method == "HEAD");
        if (!at_once) answered();
    }
    ::close(socket);
}

Reply Origin::answer_to(const SeenRequest& request) {
    Handler handler;
    {
        const std::lock_guard lock(mutex_);
        auto found = handlers_.find(request.target);
        if (found == handlers_.end())
            found = handlers_.find(std::string_view(request.target).substr(0, request.target.find('?')));
        if (found == handlers_.end()) return Answer{404, {{"Content-Type", "text/plain"}}, "no such path"};
        handler = found->second;
    }
    const std::lock_guard one_at_a_time(handling_);
    return handler(request);
}

bool Origin::send_all(int socket, std::string_view bytes) const {
    while (!bytes.empty()) {
        if (!wait(socket, POLLOUT, k_for_ever)) return false;
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno != EAGAIN && errno != EINTR)
            return false;
    }
    return true;
}

bool Origin::await_gate(const Reply& reply) const {
    while (reply.gate_.valid() && reply.gate_.wait_for(milliseconds{2}) != std::future_status::ready) {
        pollfd stop{stop_read_, POLLIN, 0};
        if (::poll(&stop, 1, 0) != 0) return false;
    }
    return true;
}

// True when the connection can take another request.
bool Origin::play(int socket, const Reply& reply, bool head_only) const {
    std::string_view bytes(reply.bytes_);
    if (const std::size_t end = bytes.find("\r\n\r\n"); head_only && end != std::string_view::npos)
        bytes = bytes.substr(0, end + 4);
    if (reply.pause_ < milliseconds{0}) {
        if (!send_all(socket, bytes)) return false;
    } else {
        for (; !bytes.empty(); bytes.remove_prefix(1)) {
            if (!send_all(socket, bytes.substr(0, 1))) return false;
            if (!wait(socket, POLLRDHUP, reply.pause_)) return false;
        }
    }
    while (!reply.again_.empty())
        if (!send_all(socket, reply.again_)) return false;
    switch (reply.end_) {
        case Reply::End::keep_alive: return true;
        case Reply::End::close: return false;
        case Reply::End::hang: (void)wait(socket, POLLRDHUP, k_for_ever); return false;
        case Reply::End::reset: {
            const linger at_once{1, 0};  // close() becomes a reset
            ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            return false;
        }
    }
    return false;
}

}  // namespace agg::test
