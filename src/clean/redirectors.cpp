#include "clean/redirectors.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "clean/query.hpp"

namespace agg::clean {
namespace {

// Redirectors whose addresses say nothing of their target.
constexpr auto k_opaque_hosts = std::to_array<std::string_view>({
    "bit.ly",
    "buff.ly",
    "dlvr.it",
    "fb.me",
    "feeds.feedburner.com",
    "feeds2.feedburner.com",
    "feedproxy.google.com",
    "flip.it",
    "goo.gl",
    "ht.ly",
    "ift.tt",
    "is.gd",
    "j.mp",
    "lnkd.in",
    "news.google.com",
    "ow.ly",
    "rss.feedsportal.com",
    "t.co",
    "tiny.cc",
    "tinyurl.com",
    "trib.al",
    "wp.me",
});

// Parameters that hold an address on redirectors of any site: worth reading whenever their value is one.
constexpr auto k_target_parameters =
    std::to_array<std::string_view>({"url", "u", "to", "target", "dest", "destination", "redirect", "redirect_url",
                                     "redirecturl", "goto", "adurl", "murl", "ued", "uddg"});

// Parameters that do so only where the path says that it leads away: they mean much else.
constexpr auto k_target_parameters_of_paths = std::to_array<std::string_view>({"q", "z", "link", "href", "p", "l"});
constexpr auto k_leading_segments =
    std::to_array<std::string_view>({"away", "away.php", "click", "exit", "go", "jump", "l", "l.php", "link",
                                     "linkfilter", "out", "r", "redir", "redirect", "track", "url", "visit"});

// "https://href.li/?https://example.org/": the query is the target.
constexpr auto k_query_is_target =
    std::to_array<std::string_view>({"anonym.to", "dereferer.org", "href.li", "nullrefer.com"});

// Pages that are about the address they carry and not a way to it.
constexpr auto k_pages_about_addresses =
    std::to_array<std::string_view>({"archive.org", "archive.today", "translate.google.com", "validator.w3.org",
                                     "web.archive.org", "webcache.googleusercontent.com"});

template <typename Table>
bool contains(const Table& table, std::string_view text) {
    return std::find(table.begin(), table.end(), text) != table.end();
}

bool is_web_address(std::string_view text) { return istarts_with(text, "http://") || istarts_with(text, "https://"); }

bool leads_away(std::string_view path) {
    const auto segments = split(path, '/');
    return std::any_of(segments.begin(), segments.end(),
                       [](std::string_view segment) { return contains(k_leading_segments, ascii_lower(segment)); });
}

std::string with_query(std::string target, const Url& url) {
    if (!url.query().empty()) target.append("?").append(url.query());
    return target;
}

// "/c/s/example.org/page" on an AMP cache, "/amp/s/example.org/page" at Google; "s" stands for https.
std::string amp_target(const Url& url, std::string_view rest) {
    const bool secure = rest.starts_with("s/");
    if (secure) rest.remove_prefix(2);
    if (rest.empty()) return {};
    return with_query((secure ? "https://" : "http://") + std::string(rest), url);
}

std::string base64url_decoded(std::string_view text) {
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        unsigned value = 0;
        if (c >= 'A' && c <= 'Z')
            value = static_cast<unsigned>(c - 'A');
        else if (c >= 'a' && c <= 'z')
            value = static_cast<unsigned>(c - 'a') + 26;
        else if (is_ascii_digit(c))
            value = static_cast<unsigned>(c - '0') + 52;
        else if (c == '-' || c == '+')
            value = 62;
        else if (c == '_' || c == '/')
            value = 63;
        else
            break;
        bits = (bits << 6 | value) & 0xFFFFFF;
        if ((count += 6) >= 8) {
            count -= 8;
            out += static_cast<char>(static_cast<unsigned char>(bits >> count & 0xFF));
        }
    }
    return out;
}

// Until 2024 the id of a Google News article was base64 of a protocol buffer: tag 0x22, the length, the address.
std::string google_news_target(std::string_view path) {
    const std::size_t begin = path.find("/articles/");
    if (begin == std::string_view::npos) return {};
    const std::string decoded = base64url_decoded(path.substr(begin + 10));
    const std::size_t address = decoded.find("http");
    if (address == std::string::npos || address == 0) return {};
    std::size_t end = address;
    while (end < decoded.size() && decoded[end] > ' ' && decoded[end] < 0x7F) ++end;
    const auto length = static_cast<unsigned char>(decoded[address - 1]);
    if (length > 8 && length < 128) end = std::min(end, address + length);
    const std::string target = decoded.substr(address, end - address);
    return is_web_address(target) ? target : std::string();
}

}  // namespace

std::optional<std::string> redirect_target(const Url& url) {
    const std::string& host = url.host();
    const std::string_view path = url.path();
    if (host.ends_with(".cdn.ampproject.org") || host == "cdn.ampproject.org") {
        for (const std::string_view kind : {"/c/", "/v/", "/i/"})
            if (path.starts_with(kind)) return amp_target(url, path.substr(3));
        return "";
    }
    const bool google = host.starts_with("google.") || host.starts_with("www.google.");
    if (google && path.starts_with("/amp/")) return amp_target(url, path.substr(5));
    if (contains(k_query_is_target, host)) {
        const std::string target = percent_decoded(url.query());
        return is_web_address(target) ? target : std::string();
    }
    if (host == "news.google.com") {
        if (const std::string target = google_news_target(path); !target.empty()) return target;
    }
    if (!contains(k_pages_about_addresses, host)) {
        const bool away = leads_away(path);
        for (const std::string_view pair : split(url.query(), '&')) {
            const std::size_t equals = std::min(pair.find('='), pair.size());
            const std::string name = ascii_lower(pair.substr(0, equals));
            if (!contains(k_target_parameters, name) && !(away && contains(k_target_parameters_of_paths, name)))
                continue;
            std::string value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
            if (istarts_with(value, "http%3A")) value = percent_decoded(value);
            if (istarts_with(value, "https%3A")) value = percent_decoded(value);
            // Disqus appends ":HASH" to the address.
            if (host == "disq.us") value = value.substr(0, std::max(value.rfind(':'), std::size_t{8}));
            const auto target =
                is_web_address(value) ? Url::parse(value) : Result<Url>(fail(ErrorKind::invalid, "no address"));
            if (target && !target->host().empty()) return value;
        }
    }
    // "/~r/" is FeedBurner on a publisher's own host.
    if (contains(k_opaque_hosts, host) || path.starts_with("/~r/")) return "";
    return std::nullopt;
}

}  // namespace agg::clean
