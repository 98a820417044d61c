// A scripted HTTP/1.1 server on loopback, for tests that need a publisher: one that behaves, and one that does not.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace agg::test {

using HeaderLines = std::vector<std::pair<std::string, std::string>>;

// A request as it came over the wire.
struct SeenRequest {
    std::string method;
    std::string target;       // "/feed?a=1", byte for byte
    HeaderLines headers;      // in their order, values without the white space around them
    std::string raw;          // the whole head, byte for byte
    unsigned connection = 0;  // 1 for the first connection that the origin accepted, and so on

    // The first value of `name` (case ignored); "" when absent.
    [[nodiscard]] std::string header(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
};

// A well-behaved answer. Content-Length is added unless `headers` state a length of their own or the status has no
// body.
struct Answer {
    int status = 200;
    HeaderLines headers;
    std::string body;
};

// What the origin does with a request: bytes to send, pauses, and how it ends. Built by the functions below.
class Reply {
  public:
    Reply(Answer answer);  // implicit: a handler may return an Answer

    // Nothing is sent before `gate` is set. The request is on record by then.
    [[nodiscard]] Reply when(std::shared_future<void> gate) &&;

  private:
    friend class Origin;
    enum class End { keep_alive, close, reset, hang };
    Reply() = default;
    friend Reply raw(std::string bytes);
    friend Reply hang(std::string bytes);
    friend Reply drip(std::string bytes, std::chrono::milliseconds pause);
    friend Reply reset(std::string bytes);
    friend Reply endless(std::string head, std::string again);

    std::string bytes_;
    std::string again_;                    // sent for ever after bytes_, until the client leaves
    std::chrono::milliseconds pause_{-1};  // between single bytes; negative: all at once
    std::shared_future<void> gate_;
    End end_ = End::keep_alive;
};

// Exactly these bytes, then the connection is closed: odd headers, a body shorter than its Content-Length, and so on.
[[nodiscard]] Reply raw(std::string bytes);
// These bytes, and then nothing: the connection stays open until the client leaves.
[[nodiscard]] Reply hang(std::string bytes = "");
// One byte after the other, `pause` apart; then the connection is closed.
[[nodiscard]] Reply drip(std::string bytes, std::chrono::milliseconds pause);
// These bytes, then a TCP reset.
[[nodiscard]] Reply reset(std::string bytes = "");
// `head`, then `again` over and over until the client leaves.
[[nodiscard]] Reply endless(std::string head, std::string again);

// `body` in chunks of `size` bytes, as Transfer-Encoding: chunked has them, the last chunk included.
[[nodiscard]] std::string chunks(std::string_view body, std::size_t size);
// `body` as gzip has it.
[[nodiscard]] std::string gzip(std::string_view body);
// The bytes that an Answer becomes.
[[nodiscard]] std::string to_bytes(const Answer& answer);

using Handler = std::function<Reply(const SeenRequest&)>;

// A document with an ETag made from its bytes: 304 to who has it already.
[[nodiscard]] Handler document(std::string body, std::string content_type = "application/rss+xml");

// Answers on an ephemeral port from its own threads as long as it lives. Every member may be called from any thread.
class Origin {
  public:
    // `address` is 127.0.0.1, or another of 127.0.0.0/8 where a test needs several hosts.
    explicit Origin(std::string address = "127.0.0.1");
    ~Origin();  // ends every connection
    Origin(const Origin&) = delete;
    Origin& operator=(const Origin&) = delete;

    // Sets what answers `target`: one with its query, or else a path whatever its query. Replaces what stood there.
    // Handlers run one at a time. A target that nobody answers is 404.
    void on(std::string target, Handler handler);
    void on(std::string target, Reply always);

    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    // "http://127.0.0.1:PORT" and `target`.
    [[nodiscard]] std::string url(std::string_view target) const;

    // All requests so far, in the order in which they arrived.
    [[nodiscard]] std::vector<SeenRequest> requests() const;
    // Those for one target (query included).
    [[nodiscard]] std::vector<SeenRequest> requests(std::string_view target) const;
    // Returns as soon as `count` requests have arrived. Throws when that takes more than `patience`.
    std::vector<SeenRequest> wait_for_requests(std::size_t count,
                                               std::chrono::seconds patience = std::chrono::seconds{20}) const;
    void forget_requests();

    [[nodiscard]] unsigned connections() const { return connections_; }
    // How many requests were waiting for the last byte of their answer at the same time, at most.
    [[nodiscard]] unsigned most_at_once() const;

  private:
    void accept_all();
    void serve(int socket, unsigned connection);
    [[nodiscard]] Reply answer_to(const SeenRequest& request);
    [[nodiscard]] bool await_gate(const Reply& reply) const;
    [[nodiscard]] bool play(int socket, const Reply& reply, bool head_only) const;
    [[nodiscard]] bool send_all(int socket, std::string_view bytes) const;
    // False when the origin ends or, with `until_client_leaves`, when the client has left.
    [[nodiscard]] bool wait(int socket, short events, std::chrono::milliseconds patience) const;

    std::string address_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    int stop_read_ = -1, stop_write_ = -1;  // a pipe: readable once the origin ends

    mutable std::mutex mutex_;
    mutable std::condition_variable arrived_;
    std::map<std::string, Handler, std::less<>> handlers_;
    std::vector<SeenRequest> requests_;
    unsigned answering_ = 0, most_at_once_ = 0;
    std::mutex handling_;

    std::atomic<unsigned> connections_ = 0;
    std::vector<std::thread> threads_;  // of the accepting thread only
    std::thread acceptor_;
};

}  // namespace agg::test
