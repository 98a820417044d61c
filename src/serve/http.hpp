// A request and a response, as handlers see them: no sockets, no parser.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace agg::serve {

// Who asks.
struct Peer {
    enum class Kind { unix_socket, tcp };
    Kind kind = Kind::tcp;
    std::uint32_t uid = 0;  // these four as the kernel gave them at connect (SO_PEERCRED), for unix_socket only
    std::uint32_t gid = 0;
    std::int32_t pid = 0;
    std::vector<std::uint32_t> groups;  // the others that it is in
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Target {
    std::string path;                                        // starts with "/"; still percent-encoded
    std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
    std::string authority;  // only of the absolute form ("http://localhost:8137/feed.atom")
};

// A body that is too large to be held: one piece after another, an empty one at the end. The next piece is asked for
// when the one before has arrived. Fails when the rest cannot be had.
using Pieces = std::function<Task<Result<std::string>>()>;

struct Request {
    std::string method;                 // as sent; methods are case-sensitive (RFC 9110, 9.1)
    std::string path;                   // percent-encoded, so that an encoded "/" separates nothing; "*" for OPTIONS *
    std::vector<std::string> captures;  // what the route's {...} segments matched, decoded
    std::vector<std::pair<std::string, std::string>> query;
    Headers headers;
    std::string body;
    Pieces pieces;  // the body of a route that takes it in pieces, to be asked for while the request is answered
    Peer peer;
    bool may_change = false;  // the peer is on the Unix socket and among the Changers: set by the router

    // The field's value, several lines of it joined by ", " (RFC 9110, 5.3). Absent when there is none.
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;

    // The first parameter of that name.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

// A body that is made while it is sent: the server asks for a piece when the client has taken the one before, so that
// no more than one waits in memory. All on the io thread.
class BodyStream {
  public:
    virtual ~BodyStream() = default;

    // The next piece, not empty; absent at the end. When it throws, the connection breaks off, so that the client knows
    // that something lacks.
    [[nodiscard]] virtual Task<std::optional<std::string>> next() = 0;

    // The client has gone away: a next() that waits ends soon.
    virtual void abandon() = 0;
};

struct Response {
    int status = 200;
    Headers headers;                          // without Date, Content-Length, Connection: the server writes them
    std::shared_ptr<const std::string> body;  // shared, so that a cached view is sent without a copy; absent: empty
    Pieces pieces;                            // the body instead; when one fails, the connection breaks off
    std::uint64_t pieces_bytes = 0;           // how long all of them are
    std::shared_ptr<BodyStream> stream;       // instead of the body

    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// Answers a request. May throw for a broken environment: the session makes a 500 of it.
using Handler = std::function<Task<Response>(Request)>;

// "OK", "Not Found"; "Unknown" for a status that aggd never sends.
[[nodiscard]] const char* reason_phrase(int status);

// `text` as text/plain, a line end added when there is none.
[[nodiscard]] Response text_response(int status, std::string_view text);

[[nodiscard]] Response response(int status, std::string_view media_type, std::string body);

enum class After { keep_alive, close };

// Status line and fields, Date, Content-Length (of a stream: Transfer-Encoding) and Connection included, up to and with
// the empty line. `version` is the request's: 11 for HTTP/1.1. A stream to HTTP/1.0 ends with the connection.
[[nodiscard]] std::string write_head(const Response& response, unsigned version, After after, TimePoint now);

// The text that %XX in `text` stands for. Absent when an escape is incomplete or stands for NUL.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

// Reads the pairs of a query or of a form's body (application/x-www-form-urlencoded): "+" is a space. Fails with
// `invalid`.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text);

// Reads a request target: origin form, absolute form or "*" (RFC 9112, 3.2). Fails with `invalid`. In the query "+" is
// a space, as HTML forms write it.
[[nodiscard]] Result<Target> parse_target(std::string_view target);

// True for the names that can only mean this machine, with or without a port: localhost, 127.0.0.1, [::1], *.localhost
// (RFC 6761, 6.3). Every other name on a loopback connection is a web page that had its own name resolved to us (DNS
// rebinding).
[[nodiscard]] bool is_local_authority(std::string_view authority);

}  // namespace agg::serve
