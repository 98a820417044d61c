// From a request to the row of the route table that answers it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "serve/http.hpp"

namespace agg::serve {

enum class Permission {
    read,     // whoever could connect
    change,   // over the Unix socket only, and only who is among the Changers
    account,  // over TCP whoever signed in; over the Unix socket as above: the handler asks
};

enum class Reach {
    everywhere,
    unix_socket,  // over TCP the path does not exist
};

// Who may change things over the Unix socket, beside root: aggd's own user, and the members of a group.
struct Changers {
    std::uint32_t owner_uid = 0;
    std::optional<std::uint32_t> group;
    std::string group_name;
};

// What the handlers of `routes.cpp` may use.
struct Services;

enum class Body { whole, pieces };  // how the handler takes the request's

struct Route {
    const char* method;   // "GET" answers HEAD as well
    const char* pattern;  // "/v1/feeds/{name}": a segment in braces matches any one segment that is not empty,
                          // "{*}" at the end all that follow, which are no capture
    Permission permission;
    Reach reach;
    Task<Response> (*answer)(Services&, Request);
    Body body = Body::whole;
};

// The status that stands for an error.
[[nodiscard]] int http_status(ErrorKind kind);

// An error as the control API writes it: {"error":{"kind":"not_found","message":"..."}}.
[[nodiscard]] Response error_response(const Error& error);

// Picks the row for a request, checks who may, and answers. Unknown paths get 404, other methods 405 with Allow,
// OPTIONS 204 with Allow. Errors of its own are JSON below /v1/ and plain text elsewhere.
class Router {
  public:
    // `routes` and `services` must outlive the router.
    Router(std::span<const Route> routes, Services& services, Changers changers)
        : routes_(routes), services_(services), changers_(std::move(changers)) {}

    [[nodiscard]] Task<Response> answer(Request request) const;

    // True when the request's row takes its body in pieces.
    [[nodiscard]] bool takes_pieces(const Request& request) const;

  private:
    std::span<const Route> routes_;
    Services& services_;
    Changers changers_;
};

}  // namespace agg::serve
