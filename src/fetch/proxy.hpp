// Which proxy a request goes through.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/url.hpp"

namespace agg::fetch {

// The proxies that the environment names, as curl reads it. Each is a URL with its scheme, or "" for none.
struct ProxyEnvironment {
    std::string http;      // for http: addresses
    std::string https;     // for https: addresses
    std::string no_proxy;  // hosts to reach without any, as written

    // Of this process: http_proxy (lower case only: a CGI server sets HTTP_PROXY from a client's header), https_proxy
    // and HTTPS_PROXY, all_proxy and ALL_PROXY for what has none of its own, no_proxy and NO_PROXY. Fails with
    // `invalid`, naming the variable.
    [[nodiscard]] static Result<ProxyEnvironment> read();

    // The proxy for `url`; "" for none.
    [[nodiscard]] std::string proxy_for(const Url& url) const;
};

// True when `no_proxy` names `host` (lower case, IPv6 in brackets): "*", a host, a domain and all below it, with or
// without a leading dot, an address, or a network ("192.168.0.0/16"); separated by commas or white space.
[[nodiscard]] bool is_without_proxy(std::string_view no_proxy, std::string_view host);

}  // namespace agg::fetch
