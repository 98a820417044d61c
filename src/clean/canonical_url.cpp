#include "clean/canonical_url.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"
#include "base/url.hpp"
#include "clean/query.hpp"
#include "clean/redirectors.hpp"
#include "clean/tracking_parameters.hpp"

namespace agg::clean {
namespace {

constexpr int k_max_redirects = 5;

// Hosts that show the same article for other screens.
constexpr auto k_twin_hosts = std::to_array<std::string_view>(
    {"amp.", "edition.", "m.", "mobile.", "touch.", "wap.", "www.", "www1.", "www2.", "www3."});

// Parameters that change how an article is shown or say where a reader came from, but not which article it is. A link
// keeps them: a site may need them. Names in lower case.
constexpr auto k_not_identity = std::to_array<std::string_view>({
    "amp",
    "bxid",
    "chn",
    "cmp",
    "echobox",
    "emc",
    "esrc",
    "feature",
    "feed",
    "from",
    "from_source",
    "fromrss",
    "frsc",
    "ftag",
    "hootpostid",
    "mbid",
    "mod",
    "ncid",
    "oc",
    "ocid",
    "otc",
    "output",
    "outputtype",
    "partner",
    "print",
    "printview",
    "ref",
    "rss",
    "rss_src",
    "rssid",
    "sh",
    "share_id",
    "sharetype",
    "smid",
    "smtyp",
    "source",
    "spm",
    "sref",
    "src",
    "srnd",
    "taid",
    "tracking_source",
    "traffic_source",
    "trk",
    "trkinfo",
    "usqp",
    "utm",
    "via",
    "wpisrc",
    "wprov",
    "wtrid",
    "jsessionid",
    "phpsessid",
    "sessionid",
    "sid",
});
constexpr auto k_not_identity_prefixes = std::to_array<std::string_view>({
    "__cf_chl",
    "amp_js",
    "aspsessionid",
    "at_",
    "campaign_",
    "cm_",
    "dm_",
    "fb_",
    "ga_",
    "int_",
    "ns_",
    "pk_",
    "sms_",
    "vn_",
});

constexpr auto k_index_pages = std::to_array<std::string_view>({
    "default.asp",
    "default.aspx",
    "default.htm",
    "default.html",
    "index.asp",
    "index.aspx",
    "index.htm",
    "index.html",
    "index.jsp",
    "index.php",
    "index.shtml",
});

// Fragments that jump within a page or say where the reader came from.
constexpr auto k_page_fragments = std::to_array<std::string_view>(
    {"atom", "comments", "echobox", "ftag", "more-", "respond", "rss", "utm", "xtor", ":~:text", "ref=rss"});

template <typename Table>
bool contains(const Table& table, std::string_view text) {
    return std::find(table.begin(), table.end(), text) != table.end();
}

bool is_unreserved(char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

// RFC 3986, 6.2.2: what needs no escape is not escaped, and escapes are in upper case. Bytes above 0x7F and those that
// no address may contain are escaped.
std::string normalised_escapes(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    const auto escape = [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const std::string decoded = percent_decoded(text.substr(i, 3));
            if (decoded.size() == 1) {
                if (is_unreserved(decoded[0]))
                    out += decoded[0];
                else
                    escape(decoded[0]);
                i += 2;
            } else {
                out += "%25";
            }
        } else if (static_cast<unsigned char>(text[i]) <= 0x20 || static_cast<unsigned char>(text[i]) >= 0x7F ||
                   text[i] == '"' || text[i] == '<' || text[i] == '>' || text[i] == '`') {
            escape(text[i]);
        } else {
            out += text[i];
        }
    }
    return out;
}

// Names that resolvers accept, and IPv6 addresses; an escape in a host is a mistake or a trick.
bool is_host(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return is_ascii_alpha(c) || is_ascii_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
               std::string_view("-._[]:").find(c) != std::string_view::npos;
    });
}

std::string canonical_host(std::string host) {
    while (host.ends_with('.')) host.pop_back();
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view twin : k_twin_hosts) {
            if (!host.starts_with(twin) || host.find('.', twin.size()) == std::string::npos) continue;
            host.erase(0, twin.size());
            again = true;
        }
    }
    return host;
}

std::string canonical_path(std::string_view raw) {
    std::vector<std::string> segments;
    for (const std::string_view part : split(raw, '/')) {
        std::string segment = normalised_escapes(part);
        if (const std::size_t session = ifind(segment, ";jsessionid="); session != std::string::npos)
            segment.resize(session);
        if (segment == "..") {
            if (!segments.empty()) segments.pop_back();
        } else if (!segment.empty() && segment != ".") {
            segments.push_back(std::move(segment));
        }
    }
    while (segments.size() > 1 && segments.front() == "amp") segments.erase(segments.begin());
    while (!segments.empty()) {
        std::string& last = segments.back();
        if (last.size() > 4 && last.ends_with(".amp"))
            last.resize(last.size() - 4);
        else if (last.size() > 9 && last.ends_with(".amp.html"))
            last.replace(last.size() - 9, 9, ".html");
        else if (last == "amp" || last == "amp.html" || contains(k_index_pages, ascii_lower(last)))
            segments.pop_back();
        else
            break;
    }
    std::string path;
    for (const std::string& segment : segments) path.append("/").append(segment);
    return path;
}

bool is_identity(std::string_view host, std::string_view name) {
    const auto begins_name = [&](std::string_view prefix) { return name.starts_with(prefix); };
    return !contains(k_not_identity, name) &&
           std::none_of(k_not_identity_prefixes.begin(), k_not_identity_prefixes.end(), begins_name) &&
           !is_tracking_parameter(host, name);
}

std::string canonical_query(std::string_view host, std::string_view query) {
    std::vector<std::string> pairs;
    for (const std::string_view pair : split(query, '&')) {
        const std::size_t equals = pair.find('=');
        const std::string name = ascii_lower(normalised_escapes(pair.substr(0, equals)));
        if (name.empty() || !is_identity(host, name)) continue;
        const std::string value =
            equals == std::string_view::npos ? std::string() : normalised_escapes(pair.substr(equals + 1));
        pairs.push_back(value.empty() ? name : name + "=" + value);
    }
    std::sort(pairs.begin(), pairs.end());
    std::string out;
    for (const std::string& pair : pairs) out.append(out.empty() ? "?" : "&").append(pair);
    return out;
}

std::string canonical_fragment(std::string_view fragment) {
    const std::string lower = ascii_lower(fragment);
    const bool of_page = std::any_of(k_page_fragments.begin(), k_page_fragments.end(),
                                     [&](std::string_view start) { return lower.starts_with(start); });
    if (fragment.empty() || of_page || is_tracking_fragment(fragment)) return {};
    return "#" + normalised_escapes(fragment);
}

// Where `url` leads through redirectors that carry their target; absent when it ends at one that does not.
std::optional<Url> destination(Url url) {
    for (int redirects = 0; redirects < k_max_redirects; ++redirects) {
        const auto target = redirect_target(url);
        if (!target) return url;
        auto next = Url::parse(*target);
        if (!next || !next->is_http()) return std::nullopt;
        url = std::move(*next);
    }
    return url;
}

std::string identity_of(const Url& article) {
    const std::string host = canonical_host(article.host());
    const std::uint16_t port = article.port();
    const std::string path = canonical_path(article.path());
    const std::string query = canonical_query(host, article.query());
    const std::string fragment = canonical_fragment(article.fragment());
    if (!is_host(host) || (path.empty() && query.empty() && fragment.empty())) return {};
    const std::string authority = port == 80 || port == 443 || port == 0 ? host : host + ":" + std::to_string(port);
    return authority + (path.empty() ? "/" : path) + query + fragment;
}

}  // namespace

std::string without_tracking(std::string_view url) {
    const std::size_t hash = std::min(url.find('#'), url.size());
    const std::size_t question = std::min(url.find('?'), hash);
    if (question == url.size() || !(istarts_with(url, "http://") || istarts_with(url, "https://")))
        return std::string(url);
    const std::size_t host_begin = url.find("//") + 2;
    std::string_view authority = url.substr(host_begin, url.find_first_of("/?#", host_begin) - host_begin);
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    const std::string host = ascii_lower(authority.substr(0, authority.find(':')));

    std::string out(url.substr(0, question));
    if (question < hash) {
        char separator = '?';
        bool dropped = false;
        const std::string_view query = url.substr(question + 1, hash - question - 1);
        for (const std::string_view pair : split(query, '&')) {
            if (is_tracking_parameter(host, pair.substr(0, pair.find('=')))) {
                dropped = true;
                continue;
            }
            out += separator;
            out += pair;
            separator = '&';
        }
        if (!dropped) out = std::string(url.substr(0, hash));
    }
    if (hash < url.size() && !is_tracking_fragment(url.substr(hash + 1))) out += url.substr(hash);
    return out;
}

std::string canonical_url(std::string_view url) {
    auto next = Url::parse(url);
    std::string identity;
    // Once more until nothing changes: what looked like an article may be a redirector without its disguise
    // ("www.t.co", "//~r/"), and a host may be a number that libcurl reads as an IPv4 address once its last dot is
    // gone.
    for (int rounds = 0; next && next->is_http() && rounds < k_max_redirects; ++rounds) {
        const auto article = destination(std::move(*next));
        std::string found = article ? identity_of(*article) : std::string();
        if (found.empty() || found == identity) return found;
        identity = std::move(found);
        next = Url::parse("https://" + identity);
    }
    return {};
}

}  // namespace agg::clean
