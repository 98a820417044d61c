#include "serve/admission.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace agg::serve {

std::size_t body_limit(const ServerLimits& limits, const Peer& peer) {
    return peer.kind == Peer::Kind::unix_socket ? limits.unix_body_bytes : limits.body_bytes;
}

Response refusal(Trouble trouble, const ServerLimits& limits, const Peer& peer, std::string_view detail) {
    switch (trouble) {
        case Trouble::unknown_version: return text_response(505, "aggd speaks HTTP/1.0 and HTTP/1.1.");
        case Trouble::target_too_long:
            return text_response(414, fmt::format("The request target is longer than {} bytes.", limits.target_bytes));
        case Trouble::header_too_long:
            return text_response(431, fmt::format("The request header is longer than {} bytes.", limits.header_bytes));
        case Trouble::body_too_long:
            return text_response(413,
                                 fmt::format("The request body is longer than {} bytes.", body_limit(limits, peer)));
        case Trouble::too_slow:
            return text_response(408,
                                 fmt::format("The request did not arrive whole within {} s.",
                                             std::chrono::ceil<std::chrono::seconds>(limits.read_timeout).count()));
        case Trouble::crowded: {
            Response busy = text_response(
                503, fmt::format("aggd has {} connections at work, which is its limit. Try again.",
                                 peer.kind == Peer::Kind::tcp ? limits.tcp_connections : limits.connections));
            busy.headers.emplace_back("Retry-After", "5");
            return busy;
        }
        case Trouble::malformed: break;
    }
    return text_response(400, fmt::format("This is not a well-formed HTTP request: {}.", detail));
}

tl::expected<Request, Response> admit(Request request, std::string_view target_text, unsigned version,
                                      const ServerLimits& limits) {
    if (target_text.size() > limits.target_bytes)
        return tl::unexpected(refusal(Trouble::target_too_long, limits, request.peer));
    if (request.headers.size() > limits.header_fields)
        return tl::unexpected(
            text_response(431, fmt::format("The request header has more than {} fields.", limits.header_fields)));
    auto target = parse_target(target_text);
    if (!target) return tl::unexpected(text_response(400, target.error().message));
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    const auto hosts = std::count_if(request.headers.begin(), request.headers.end(),
                                     [](const auto& field) { return iequals(field.first, "Host"); });
    if (hosts > 1 || (hosts == 0 && version >= 11))
        return tl::unexpected(text_response(400, "An HTTP/1.1 request needs exactly one Host field (RFC 9112, 3.2)."));
    std::string authority = request.header("Host").value_or("");
    if (!target->authority.empty()) authority = target->authority;
    if (request.peer.kind == Peer::Kind::tcp && !is_local_authority(authority))
        return tl::unexpected(text_response(
            421,
            fmt::format(
                "aggd answers on this machine's own names only (localhost, 127.0.0.1, [::1]), not as \"{}\": a web "
                "page could otherwise read your feeds by pointing its own name here (DNS rebinding).",
                truncate_utf8(authority, 200))));
    return request;
}

}  // namespace agg::serve
