// libcurl's multi interface on Asio: curl says which sockets and which timeout it waits for, Asio does the waiting.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include "base/async.hpp"
#include "fetch/client.hpp"

namespace agg::fetch {

class Client::Bridge {
  public:
    explicit Bridge(asio::any_io_executor executor);
    ~Bridge();
    Bridge(const Bridge&) = delete;
    Bridge& operator=(const Bridge&) = delete;

    // Runs the transfer of `easy`, which must stay alive until this returns. Ends with CURLE_ABORTED_BY_CALLBACK after
    // stop().
    [[nodiscard]] Task<CURLcode> perform(CURL* easy);

    void stop();
    [[nodiscard]] bool stopped() const { return stopped_; }

  private:
    using Stopwatch = std::chrono::steady_clock;

    // A socket that curl waits for. Late waits hold the object, not the number, which may belong to another connection
    // by then.
    struct Watched {
        explicit Watched(asio::any_io_executor executor) : descriptor(std::move(executor)) {}
        asio::posix::stream_descriptor descriptor;
        int wanted = 0;
        bool waiting_to_read = false;
        bool waiting_to_write = false;
        bool released = false;
    };
    struct Running {
        CURLcode code = CURLE_OK;
        bool done = false;
        asio::steady_timer* wake = nullptr;
    };

    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
    static int on_timer(CURLM*, long timeout_ms, void* self);
    static int on_close_socket(void* self, curl_socket_t socket);

    void wait_until_due(std::chrono::milliseconds timeout);
    void arm_timer();
    void disarm_timer();
    void watch(curl_socket_t socket, int what);
    void release(curl_socket_t socket);
    void wait(curl_socket_t socket, const std::shared_ptr<Watched>& watched);
    void wait_for(curl_socket_t socket, const std::shared_ptr<Watched>& watched, int direction);
    void act(curl_socket_t socket, int events);
    void collect_finished();
    void finish(CURL* easy, CURLcode code);

    asio::any_io_executor executor_;
    // When curl wants to be called, and what the timer is set to, which may be earlier: most transfers end long before
    // their timeouts, and to set a timer is a system call.
    std::optional<Stopwatch::time_point> due_, armed_for_;
    asio::steady_timer timer_;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);  // for what was posted
    CURLM* multi_;
    std::unordered_map<curl_socket_t, std::shared_ptr<Watched>> sockets_;
    std::unordered_map<CURL*, Running*> running_;
    bool stopped_ = false;
};

}  // namespace agg::fetch
