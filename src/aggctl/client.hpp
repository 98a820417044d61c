// The control API over the daemon's Unix socket: one request, one answer.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "aggctl/exit_code.hpp"

namespace agg::aggctl {

// How long an answer may take: add and refresh fetch from the network, everything else is answered from memory.
// A blink is for what helps while somebody types.
enum class Patience { a_blink, moments, unlimited };

// How much of a body has gone over the socket. `total` is 0 as long as that is unknown.
struct Moved {
    std::uint64_t bytes = 0, total = 0;
};
// Called several times a second while a request is under way; false gives it up.
using Watch = std::function<bool(Moved)>;
// Takes a piece of a body; false when it cannot.
using Sink = std::function<bool(std::string_view)>;
// How a stream that was followed came to its end.
enum class StreamEnd {
    complete,
    broken_off,
    nobody_reads,  // what it would be written to
};

class Client {
  public:
    explicit Client(std::string socket) : socket_(std::move(socket)) {}

    // Sends a request and returns the JSON text of a successful answer, as it came. `body` is JSON or empty. Fails with
    // the daemon's own message, or with what to do when there is no daemon to ask.
    [[nodiscard]] tl::expected<std::string, Failure> send(std::string_view method, const std::string& path,
                                                          const std::string& body, Patience patience,
                                                          const Watch& watch = {}) const;

    // Gets a body of any length; `sink` takes it piece by piece. Fails as send() does; `interrupted` is the message
    // when `watch` gave it up, `sink` failed when it is empty: the caller knows why.
    [[nodiscard]] tl::expected<void, Failure> download(const std::string& path, const Sink& sink,
                                                       const Watch& watch) const;

    // Puts `bytes` bytes that are read from `file`. Returns the answer; fails as above.
    [[nodiscard]] tl::expected<std::string, Failure> upload(const std::string& path, std::FILE* file,
                                                            std::uint64_t bytes, const Watch& watch) const;

    // GETs a stream and hands its bytes to `take` as they come, from after the event `last_id` if that is not empty.
    // Ends when the stream does, or when the other end of the pipe `output` is closed; -1: there is none. Fails as
    // send().
    [[nodiscard]] tl::expected<StreamEnd, Failure> follow(const std::string& path, const std::string& last_id,
                                                          const std::function<void(std::string_view)>& take,
                                                          int output) const;

    [[nodiscard]] const std::string& socket() const { return socket_; }

  private:
    struct Request;
    [[nodiscard]] tl::expected<void, Failure> perform(Request& request) const;

    std::string socket_;
};

// `text` as one segment of a path.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace agg::aggctl
