// One poll's question and answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/feed.hpp"
#include "base/poll_state.hpp"
#include "base/url.hpp"

namespace agg::fetch {

struct Request {
    Url url;                // requested exactly as written
    Validators validators;  // sent on the hop whose URL is `validators_url`, and only there
    std::string validators_url;
    bool allow_private = false;  // this URL's own host and port may be a private address
    bool allow_file = false;     // file:// is allowed: feeds.conf names it
    bool with_login = true;      // that of a credentials file for this URL's host goes along
    TransferSettings transfer;
};

// The header of the final answer, in its order, values untouched.
class Headers {
  public:
    void add(std::string name, std::string value) { all_.emplace_back(std::move(name), std::move(value)); }
    void clear() { all_.clear(); }

    // The first value of `name` (case ignored); "" when absent.
    [[nodiscard]] const std::string& get(std::string_view name) const;
    // All values of `name`, joined by ", " (RFC 9110, 5.3).
    [[nodiscard]] std::string joined(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> all_;
};

// A complete answer: every byte that the server announced has arrived.
struct Response {
    int status = 0;
    std::string url;  // after all redirects, without user and password
    // Where the feed has moved for good by this answer's redirects: the last address of the leading run of 301 and 308,
    // without user and password. Empty when the first redirect is another one or there is none. A step from https to
    // http ends the run.
    std::string moved_to;
    bool conditional = false;  // validators went along with the request that it answers, the one after all redirects
    std::string http_version;  // "HTTP/1.1", "HTTP/2"; empty for a file
    Headers headers;
    std::string body;                      // decoded
    std::uint64_t bytes_received = 0;      // on the wire, all hops
    std::chrono::milliseconds duration{};  // of all hops, from the request to the last byte
};

}  // namespace agg::fetch
