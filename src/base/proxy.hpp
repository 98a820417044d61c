// How a proxy is written, in feeds.conf and in the environment.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace agg {

// The proxy that `text` names: its URL with scheme (http, https, socks5 or socks5h) and without a path;
// "proxy.example:3128" means http, as curl has it. "" and "none" are no proxy: "". Fails with `invalid`; the message
// does not repeat the text, which may hold a password.
[[nodiscard]] Result<std::string> parse_proxy(std::string_view text);

}  // namespace agg
