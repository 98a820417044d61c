#include "fetch/proxy.hpp"

#include <cstdlib>
#include <initializer_list>

#include "base/proxy.hpp"
#include "base/text.hpp"
#include "fetch/address.hpp"

namespace agg::fetch {
namespace {

// The first of the variables that is set and not empty, and its name.
std::pair<const char*, std::string> first_set(std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return {name, value};
    return {"", ""};
}

Result<std::string> proxy_in(std::initializer_list<const char*> names) {
    const auto [name, value] = first_set(names);
    auto proxy = parse_proxy(value);
    if (!proxy) return fail(ErrorKind::invalid, "the environment variable {} {}", name, proxy.error().message);
    return proxy;
}

bool names_host(std::string_view entry, std::string_view host, const std::optional<Address>& address) {
    if (address) return network_contains(entry, *address);
    if (entry.starts_with('.')) entry.remove_prefix(1);
    if (entry.ends_with('.')) entry.remove_suffix(1);
    if (host.ends_with('.')) host.remove_suffix(1);
    if (entry.empty() || host.size() < entry.size()) return false;
    const std::size_t offset = host.size() - entry.size();
    return iequals(host.substr(offset), entry) && (offset == 0 || host[offset - 1] == '.');
}

}  // namespace

Result<ProxyEnvironment> ProxyEnvironment::read() {
    const auto http = proxy_in({"http_proxy", "all_proxy", "ALL_PROXY"});
    if (!http) return tl::unexpected(http.error());
    const auto https = proxy_in({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    if (!https) return tl::unexpected(https.error());
    return ProxyEnvironment{*http, *https, first_set({"no_proxy", "NO_PROXY"}).second};
}

std::string ProxyEnvironment::proxy_for(const Url& url) const {
    const std::string& proxy = url.scheme() == "https" ? https : http;
    return proxy.empty() || is_without_proxy(no_proxy, url.host()) ? "" : proxy;
}

bool is_without_proxy(std::string_view no_proxy, std::string_view host) {
    if (trim(no_proxy) == "*") return true;
    const auto address = Address::parse(host);
    while (!no_proxy.empty()) {
        const std::size_t end = std::min(no_proxy.find_first_of(", \t\n"), no_proxy.size());
        if (names_host(no_proxy.substr(0, end), host, address)) return true;
        no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
    }
    return false;
}

}  // namespace agg::fetch
