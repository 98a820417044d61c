// A Unix-socket HTTP server that answers from a script and remembers what it was asked.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace agg::test {

class ScriptedDaemon {
  public:
    struct Request {
        std::string line;  // "POST /v1/feeds"
        std::string body;
    };
    struct Answer {
        int status = 200;
        std::string body;
        bool cut = false;  // hang up half-way
    };

    explicit ScriptedDaemon(std::string socket) : socket_(std::move(socket)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, socket_.c_str(), sizeof address.sun_path - 1);
        listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener_, 16) != 0)
            throw std::runtime_error("cannot listen on " + socket_);
        thread_ = std::thread([this] { serve(); });
    }
    ~ScriptedDaemon() {
        stopping_ = true;
        thread_.join();
        ::close(listener_);
    }
    ScriptedDaemon(const ScriptedDaemon&) = delete;
    ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;

    // What is answered to a request line such as "GET /v1/status" from now on; unknown ones are answered 404.
    void on(const std::string& line, Answer answer) {
        const std::lock_guard lock(mutex_);
        answers_[line] = std::move(answer);
    }
    std::vector<Request> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    const std::string& socket() const { return socket_; }

  private:
    void serve() {
        while (!stopping_) {
            pollfd waiting{listener_, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            const int connection = ::accept(listener_, nullptr, nullptr);
            if (connection < 0) continue;
            answer(connection);
            ::close(connection);
        }
    }

    void answer(int connection) {
        std::string text;
        char buffer[4096];
        std::size_t length = std::string::npos;
        while (length == std::string::npos || text.size() < length) {
            const ssize_t count = ::read(connection, buffer, sizeof buffer);
            if (count <= 0) return;
            text.append(buffer, static_cast<std::size_t>(count));
            const std::size_t head_end = text.find("\r\n\r\n");
            if (head_end == std::string::npos || length != std::string::npos) continue;
            const std::size_t field = text.find("Content-Length: ");
            length = head_end + 4 + (field < head_end ? std::stoul(text.substr(field + 16)) : 0);
        }
        const Request request{text.substr(0, text.find(" HTTP/")), text.substr(text.find("\r\n\r\n") + 4)};
        Answer answer{404, R"({"error":{"kind":"not_found","message":"no such path"}})"};
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
            if (const auto found = answers_.find(request.line); found != answers_.end()) answer = found->second;
        }
        std::string out = "HTTP/1.1 " + std::to_string(answer.status) +
                          " Scripted\r\nContent-Type: application/json\r\nConnection: close\r\n" +
                          "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
        out += answer.cut ? answer.body.substr(0, answer.body.size() / 2) : answer.body;
        for (std::size_t sent = 0; sent < out.size();) {
            const ssize_t count = ::send(connection, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
            if (count <= 0) return;
            sent += static_cast<std::size_t>(count);
        }
    }

    std::string socket_;
    int listener_ = -1;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::map<std::string, Answer> answers_;
    std::vector<Request> requests_;
    std::thread thread_;
};

}  // namespace agg::test
