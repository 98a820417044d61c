// Errors that the world may cause travel as values; exceptions are for a broken environment or program.
#pragma once

#include <string>
#include <utility>

#include <fmt/format.h>
#include <tl/expected.hpp>

namespace agg {

// Why something could not be done. One function maps it to an HTTP status (serve), one to an exit code (aggctl).
enum class ErrorKind {
    invalid,      // the request or the file is wrong; the message says where and what was expected
    not_found,    // no such feed, item or path
    ambiguous,    // a name fits several feeds; the message lists them
    conflict,     // it is there already, or two edits met
    forbidden,    // the caller may not, or a safety rule refuses (private address, scheme)
    not_a_feed,   // a document arrived, but it is no feed; the message names what it is
    too_large,    // a stated limit is passed
    unreachable,  // a host's name could not be resolved, or nothing answered there: its fault, or our own network's
    network,      // TLS, a cut transfer
    http_status,  // an answer other than success
    timeout,      // a stated time is passed
    unavailable,  // not now: shutting down, held by a rule, another instance is running
    storage,      // the database or a file could not be read or written
};

// A message is a whole sentence for a person: what, where, and what to do where something can be done.
struct Error {
    ErrorKind kind;
    std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

// The stable name of a kind, as the control API writes it.
[[nodiscard]] constexpr const char* to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid: return "invalid";
        case ErrorKind::not_found: return "not_found";
        case ErrorKind::ambiguous: return "ambiguous";
        case ErrorKind::conflict: return "conflict";
        case ErrorKind::forbidden: return "forbidden";
        case ErrorKind::not_a_feed: return "not_a_feed";
        case ErrorKind::too_large: return "too_large";
        case ErrorKind::unreachable: return "unreachable";
        case ErrorKind::network: return "network";
        case ErrorKind::http_status: return "http_status";
        case ErrorKind::timeout: return "timeout";
        case ErrorKind::unavailable: return "unavailable";
        case ErrorKind::storage: return "storage";
    }
    return "unknown";
}

// return fail(ErrorKind::invalid, "{} is not a number", text);
template <typename... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
    return tl::unexpected<Error>(Error{kind, fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace agg
