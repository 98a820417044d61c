#include "serve/router.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <boost/json.hpp>

#include "base/log.hpp"
#include "base/text.hpp"
#include "store/trouble.hpp"

namespace agg::serve {
namespace {

// The decoded {...} segments when `path` fits `pattern`.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    const auto wanted = split(pattern, '/');
    const auto segments = split(path, '/');
    const bool takes_rest = wanted.back() == "{*}" && segments.size() >= wanted.size();
    if (wanted.size() != segments.size() && !takes_rest) return std::nullopt;
    std::vector<std::string> captures;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == "{*}") break;
        auto segment = percent_decode(segments[i]);
        if (!segment) return std::nullopt;
        if (wanted[i].starts_with('{')) {
            if (segment->empty()) return std::nullopt;
            captures.push_back(std::move(*segment));
        } else if (wanted[i] != *segment) {
            return std::nullopt;
        }
    }
    return captures;
}

Response refuse(const Request& request, int status, ErrorKind kind, std::string message) {
    if (!request.path.starts_with("/v1/")) return text_response(status, to_valid_utf8(message));
    Response refusal = error_response(Error{kind, std::move(message)});
    refusal.status = status;
    return refusal;
}

bool may_change(const Peer& peer, const Changers& changers) {
    if (peer.kind != Peer::Kind::unix_socket) return false;
    if (peer.uid == 0 || peer.uid == changers.owner_uid) return true;
    return changers.group && (peer.gid == *changers.group ||
                              std::find(peer.groups.begin(), peer.groups.end(), *changers.group) != peer.groups.end());
}

std::string who_may_change(const Changers& changers) {
    if (!changers.group)
        return "Only root and the user that runs aggd may change things. Try again with sudo, or name a group of users "
               "that may in feeds.conf: [serve] group.";
    return fmt::format(
        "Only root, the user that runs aggd and members of group \"{0}\" may change things. Try again with "
        "sudo, or join the group: sudo usermod -aG {0} USER, then log in again.",
        changers.group_name);
}

void add_allowed(std::string& allow, std::string_view method) {
    if (!allow.empty()) allow += ", ";
    allow += method;
    if (method == "GET") allow += ", HEAD";
}

}  // namespace

int http_status(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid: return 400;
        case ErrorKind::not_found: return 404;
        case ErrorKind::ambiguous:
        case ErrorKind::conflict: return 409;
        case ErrorKind::forbidden: return 403;
        // The request was fine, the document behind the URL in it is not usable.
        case ErrorKind::not_a_feed:
        case ErrorKind::too_large: return 422;
        case ErrorKind::unreachable:
        case ErrorKind::network:
        case ErrorKind::http_status: return 502;
        case ErrorKind::timeout: return 504;
        case ErrorKind::unavailable: return 503;
        case ErrorKind::storage: return 500;
    }
    return 500;
}

Response error_response(const Error& error) {
    boost::json::object inner;
    inner["kind"] = to_string(error.kind);
    inner["message"] = to_valid_utf8(error.message);
    boost::json::object outer;
    outer["error"] = std::move(inner);
    return response(http_status(error.kind), "application/json", boost::json::serialize(outer) + "\n");
}

bool Router::takes_pieces(const Request& request) const {
    return std::any_of(routes_.begin(), routes_.end(), [&](const Route& route) {
        return route.body == Body::pieces && route.method == request.method && match(route.pattern, request.path);
    });
}

Task<Response> Router::answer(Request request) const {
    const std::string_view method =
        request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
    std::string allow;
    for (const Route& route : routes_) {
        if (route.reach == Reach::unix_socket && request.peer.kind != Peer::Kind::unix_socket) continue;
        auto captures = match(route.pattern, request.path);
        if (!captures) {
            if (request.path == "*" && request.method == "OPTIONS" && allow.find(route.method) == std::string::npos)
                add_allowed(allow, route.method);
            continue;
        }
        if (route.method != method) {
            add_allowed(allow, route.method);
            continue;
        }
        if (route.permission == Permission::change && !may_change(request.peer, changers_))
            co_return refuse(request, 403, ErrorKind::forbidden, who_may_change(changers_));
        request.captures = std::move(*captures);
        request.may_change = may_change(request.peer, changers_);
        const Request asked = {.method = request.method, .path = request.path, .peer = request.peer};
        std::string problem;
        try {
            Task<Response> answering = route.answer(services_, std::move(request));
            co_return co_await std::move(answering);
        } catch (const store::Trouble& trouble) {
            problem = trouble.what();
        }
        log::error("{} {}: {}", asked.method, truncate_utf8(asked.path, 200), problem);
        co_return refuse(asked, 503, ErrorKind::unavailable, problem);
    }
    if (allow.empty())
        co_return refuse(request, 404, ErrorKind::not_found,
                         fmt::format("There is no {} here; / names what there is.", truncate_utf8(request.path, 200)));
    allow += ", OPTIONS";
    Response other;
    if (request.method == "OPTIONS") {
        other.status = 204;
    } else {
        other = refuse(request, 405, ErrorKind::invalid,
                       fmt::format("{} cannot be asked of {}; it takes {}.", request.method, request.path, allow));
    }
    other.headers.emplace_back("Allow", allow);
    co_return other;
}

}  // namespace agg::serve
