#include "base/proxy.hpp"

#include "base/text.hpp"
#include "base/url.hpp"

namespace agg {

Result<std::string> parse_proxy(std::string_view text) {
    text = trim(text);
    if (text.empty() || iequals(text, "none")) return "";
    const bool has_scheme = text.find("://") != std::string_view::npos;
    const auto url = Url::parse(has_scheme ? std::string(text) : "http://" + std::string(text));
    if (!url || url->host().empty()) {
        return fail(ErrorKind::invalid,
                    "is not the address of a proxy such as \"http://proxy.example:3128\" or "
                    "\"socks5h://127.0.0.1:1080\"");
    }
    const std::string& scheme = url->scheme();
    if (scheme != "http" && scheme != "https" && scheme != "socks5" && scheme != "socks5h") {
        return fail(ErrorKind::invalid, "begins with \"{}:\"; aggd knows http, https, socks5 and socks5h proxies",
                    scheme);
    }
    if (url->path() != "/" || !url->query().empty())
        return fail(ErrorKind::invalid, "has something behind its port; a proxy is a scheme, a host and a port only");
    const std::string& whole = url->text();
    return whole.substr(0, whole.find_first_of("/?#", whole.find("://") + 3));
}

}  // namespace agg
