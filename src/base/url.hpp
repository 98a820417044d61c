// URLs as libcurl understands them, so that the parser that checks is the one that fetches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace agg {

// An absolute URL. `text` is what was given, white space at the ends removed and otherwise untouched: it is what is requested
// and shown (never normalised: publishers see the path they were asked for). The parts are libcurl's reading of it.
class Url {
  public:
    // Reads an absolute URL of any scheme. Fails with `invalid` when there is no scheme or libcurl cannot read it.
    [[nodiscard]] static Result<Url> parse(std::string_view text);

    // Reads what a person types: "bbc.co.uk/news" means "https://bbc.co.uk/news".
    [[nodiscard]] static Result<Url> parse_typed(std::string_view text);

    // The URL that `reference` means on a page at this URL (RFC 3986, 5).
    [[nodiscard]] Result<Url> resolve(std::string_view reference) const;

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::string& scheme() const { return scheme_; }      // lower case
    [[nodiscard]] const std::string& host() const { return host_; }          // lower case; IPv6 in brackets; "" for file:
    [[nodiscard]] const std::string& path() const { return path_; }          // "/" at least
    [[nodiscard]] const std::string& query() const { return query_; }        // without "?"
    [[nodiscard]] const std::string& fragment() const { return fragment_; }  // without "#"
    [[nodiscard]] std::uint16_t port() const { return port_; }               // the scheme's default when none is given; 0 if unknown
    [[nodiscard]] bool has_credentials() const { return has_credentials_; }

    [[nodiscard]] bool is_http() const { return scheme_ == "http" || scheme_ == "https"; }
    [[nodiscard]] bool is_file() const { return scheme_ == "file"; }

    // The path with percent-encoding resolved: the file that a file: URL names.
    [[nodiscard]] std::string decoded_path() const;

    // True when scheme, host and port agree: the scope of credentials.
    [[nodiscard]] bool same_origin(const Url& other) const;

    // The URL without user and password.
    [[nodiscard]] std::string without_credentials() const;

    // The URL without user and password, and without its query when that holds a secret: the base of what is published.
    [[nodiscard]] std::string public_base() const;

    // The URL without user and password, and with the values of query parameters that look like secrets (token, key, auth, sig,
    // password and their kin) replaced by "...": the only form that is logged, exported or printed.
    [[nodiscard]] std::string shown() const;

  private:
    std::string text_, scheme_, host_, path_, query_, fragment_;
    std::uint16_t port_ = 0;
    bool has_credentials_ = false;
};

// Url::shown of `url`; "(not a URL)" when it is none, so that nothing unread reaches a log.
[[nodiscard]] std::string shown_url(std::string_view url);

}  // namespace agg
