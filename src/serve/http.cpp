#include "serve/http.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace agg::serve {
namespace {

int hex_digit(char c) {
    if (is_ascii_digit(c)) return c - '0';
    const char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::optional<std::string> Request::header(std::string_view name) const {
    std::optional<std::string> joined;
    for (const auto& [field, value] : headers) {
        if (!iequals(field, name)) continue;
        if (joined)
            *joined += ", " + value;
        else
            joined = value;
    }
    return joined;
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return std::nullopt;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
    for (const auto& [field, value] : headers)
        if (iequals(field, name)) return value;
    return std::nullopt;
}

const char* reason_phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 204: return "No Content";
        case 226: return "IM Used";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        default: return "Unknown";
    }
}

Response response(int status, std::string_view media_type, std::string body) {
    Response made;
    made.status = status;
    made.headers.emplace_back("Content-Type", media_type);
    made.body = std::make_shared<const std::string>(std::move(body));
    return made;
}

Response text_response(int status, std::string_view text) {
    std::string body(text);
    if (!body.ends_with('\n')) body += '\n';
    return response(status, "text/plain; charset=utf-8", std::move(body));
}

std::string write_head(const Response& response, unsigned version, After after, TimePoint now) {
    std::string head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_phrase(response.status),
                                   to_http_date(now));
    for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    // RFC 9110, 8.6: none in a 204; in a 304 it would be the length of what is not sent, unknown without rendering.
    const std::uint64_t held = response.body ? response.body->size() : 0;
    if (response.stream)
        head += version >= 11 ? "Transfer-Encoding: chunked\r\n" : "";
    else if (response.status != 204 && response.status != 304)
        head += fmt::format("Content-Length: {}\r\n", response.pieces ? response.pieces_bytes : held);
    if (after == After::close)
        head += "Connection: close\r\n";
    else if (version < 11)
        head += "Connection: keep-alive\r\n";
    return head + "\r\n";
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
        const int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
        if (low < 0 || (high == 0 && low == 0)) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return out;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> query;
    for (const std::string_view part : split(text, '&')) {
        if (part.empty()) continue;
        std::string spaced(part);
        std::replace(spaced.begin(), spaced.end(), '+', ' ');
        const std::string_view view = spaced;
        const std::size_t equals = view.find('=');
        const auto name = percent_decode(view.substr(0, equals));
        const auto value =
            percent_decode(equals == std::string_view::npos ? std::string_view{} : view.substr(equals + 1));
        if (!name || !value) return fail(ErrorKind::invalid, "The query has a broken percent escape in \"{}\".", part);
        query.emplace_back(*name, *value);
    }
    return query;
}

Result<Target> parse_target(std::string_view target) {
    Target parsed;
    if (target == "*") {
        parsed.path = "*";
        return parsed;
    }
    if (istarts_with(target, "http://")) {
        const std::string_view rest = target.substr(7);
        const std::size_t end = rest.find_first_of("/?");
        parsed.authority = rest.substr(0, end);
        target = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
        if (parsed.authority.empty()) return fail(ErrorKind::invalid, "The request target names no host.");
    } else if (!target.starts_with('/')) {
        return fail(ErrorKind::invalid, "The request target must be a path that starts with \"/\".");
    }
    // A fragment is never sent by a correct client (RFC 9112, 3.2.1); drop what a sloppy one sends.
    target = target.substr(0, target.find('#'));
    const std::size_t question = target.find('?');
    parsed.path = target.substr(0, question);
    if (parsed.path.empty()) parsed.path = "/";
    if (question != std::string_view::npos) {
        auto query = parse_form(target.substr(question + 1));
        if (!query) return tl::unexpected(std::move(query.error()));
        parsed.query = std::move(*query);
    }
    return parsed;
}

bool is_local_authority(std::string_view authority) {
    std::string_view host = authority;
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && !host.ends_with(']')) {
        const std::string_view port = host.substr(colon + 1);
        if (port.size() > 5 || !std::all_of(port.begin(), port.end(), [](char c) { return is_ascii_digit(c); }))
            return false;
        host = host.substr(0, colon);
    }
    if (host == "127.0.0.1" || host == "[::1]") return true;
    const std::string name = ascii_lower(host);
    return name == "localhost" || (name.size() > 10 && name.ends_with(".localhost"));
}

}  // namespace agg::serve
