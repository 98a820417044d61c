// Users and passwords by host, from a file in the format of netrc(5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"

namespace agg::fetch {

struct Login {
    std::string user;
    std::string password;
};

class Credentials {
  public:
    // Reads the file `path`. Fails with `forbidden` when everybody may read or change it, with `storage` when it cannot
    // be read, else as parse() does; the message names the file and what to do. Blocks.
    [[nodiscard]] static Result<Credentials> read(const std::string& path);

    // Reads "machine HOST login USER password PASSWORD", over and over; HOST may carry a port ("nas.local:8080"), a
    // word may stand in quotes, "#" begins a comment and macros are skipped. Fails with `invalid`, naming the line and
    // no word of it. "default" is an error: it would send a password to every publisher.
    [[nodiscard]] static Result<Credentials> parse(std::string_view text);

    // The login for `host` (lower case) and `port`: the one with the port if there is one. Null when there is none.
    [[nodiscard]] const Login* find(std::string_view host, std::uint16_t port) const;

  private:
    std::unordered_map<std::string, Login> logins_;  // by "host" or "host:port"
};

}  // namespace agg::fetch
