// A real server on its own thread, and a client that writes raw bytes to it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "serve/server.hpp"
#include "support/temporary_folder.hpp"

namespace agg::serve::test {

// One response as it came over the wire.
struct Reply {
    std::string head;  // status line and fields; empty: the server closed without a word
    std::string body;
    [[nodiscard]] int status() const;
    [[nodiscard]] std::string field(std::string_view name) const;  // "" when absent
};

// A blocking connection; every read gives up after ten seconds.
class Client {
  public:
    static Client to_unix(const std::string& path);
    static Client to_tcp(std::uint16_t port);
    ~Client();
    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;

    void send(std::string_view bytes);
    // The next response; `head_only` when it answers HEAD.
    [[nodiscard]] Reply read(bool head_only = false);
    // What is there; waits until something is. "" at the end.
    [[nodiscard]] std::string take_some();
    // All that comes until the server closes.
    [[nodiscard]] std::string rest();
    // True when the server closes before it sends anything more.
    [[nodiscard]] bool closed_by_server();
    [[nodiscard]] Reply ask(std::string_view bytes, bool head_only = false);
    [[nodiscard]] int descriptor() const { return descriptor_; }

  private:
    explicit Client(int descriptor) : descriptor_(descriptor) {}
    bool fill();
    std::string read_chunks();
    int descriptor_;
    std::string buffer_;
};

[[nodiscard]] std::string get(std::string_view target, std::string_view more_fields = "");

// Serves `handler` on a Unix socket and on a TCP port. Stopped and joined at the end.
class RunningServer {
  public:
    explicit RunningServer(Handler handler, ServerLimits limits = {}, TakesPieces takes_pieces = {});
    ~RunningServer();
    [[nodiscard]] Client unix_client() const { return Client::to_unix(socket_); }
    [[nodiscard]] Client tcp_client() const { return Client::to_tcp(port_); }
    [[nodiscard]] const std::string& socket() const { return socket_; }
    [[nodiscard]] asio::any_io_executor executor() { return io_.get_executor(); }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Asks the server to stop and returns how long it took until its io_context had no work left.
    std::chrono::milliseconds stop_and_join();
    // Runs `work` on the thread of the server and returns when it is done.
    void on_io_thread(std::function<void()> work);

  private:
    agg::test::TemporaryFolder folder_;
    std::string socket_ = folder_ / "aggd.sock";
    std::uint16_t port_ = 0;
    asio::io_context io_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

}  // namespace agg::serve::test
