#include "fetch/transfer.hpp"

#include <sys/socket.h>

#include <charconv>
#include <new>

#include "base/text.hpp"

namespace agg::fetch {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_connect_timeout{10'000};
// Connections and names of hosts, for the next feed there. libcurl 7.88 searches through all of them at every transfer,
// and through the hosts of all that it had to close for want of room, so that they should go by themselves.
constexpr long k_remembered_for_seconds = 10;
// Of the body of a redirect; read and dropped, so that the connection can be used again.
constexpr std::uint64_t k_skipped_redirect_bytes = 16 * 1024;
constexpr milliseconds k_skipped_redirect_time{500};
constexpr const char* k_accept =
    "Accept: application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/feed+json;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1";

curl_slist* append(curl_slist* list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    return longer;
}

// `url` with what no request line may contain encoded: white space, control characters and bytes beyond ASCII after its
// host.
std::string as_requested(const std::string& url) {
    const std::size_t host = url.find("://");
    std::size_t next =
        host == std::string::npos ? url.size() : std::min(url.find_first_of("/?#", host + 3), url.size());
    std::string out = url.substr(0, next);
    for (; next < url.size(); ++next) {
        const auto byte = static_cast<unsigned char>(url[next]);
        if (byte <= ' ' || byte >= 0x7F)
            out += fmt::format("%{:02X}", byte);
        else
            out += url[next];
    }
    return out;
}

const char* http_version(CURL* easy) {
    long version = CURL_HTTP_VERSION_NONE;
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
        case CURL_HTTP_VERSION_1_0: return "HTTP/1.0";
        case CURL_HTTP_VERSION_1_1: return "HTTP/1.1";
        case CURL_HTTP_VERSION_2_0: return "HTTP/2";
        default: return "";
    }
}

}  // namespace

bool is_redirect(const Response& response) {
    switch (response.status) {
        case 301:
        case 302:
        case 303:
        case 307:
        case 308: return !response.headers.get("Location").empty();
        default: return false;
    }
}

Transfer::Transfer(const ClientSettings& settings, const Request& request, EasyHandles::Handle handle)
    : settings_(settings), request_(request), easy_(std::move(handle)) {
    CURL* easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, k_remembered_for_seconds);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, k_remembered_for_seconds);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs is left alone, not waited for
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);  // by hand: every hop is checked
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    const std::string& own_agent = request.transfer.user_agent;
    curl_easy_setopt(
        easy, CURLOPT_USERAGENT,
        fmt::format("{} (+{})", own_agent.empty() ? settings.user_agent : own_agent, settings.contact).c_str());
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");  // whatever this libcurl can decode
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");       // in memory, for the hops of this poll
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");          // the environment has been asked
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(settings.limits.min_bytes_per_second));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.limits.slow_for.count()));
    if (!settings.ca_file.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, settings.ca_file.c_str());
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, settings.ca_file.c_str());
    }
    // The address check does not run when a connection is used again: one that only this feed may open stays its own.
    if (request.allow_private) {
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                         static_cast<long>(CURL_HTTP_VERSION_1_1));  // HTTP/2 shares while it runs
    }
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_.data());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
}

Result<void> Transfer::prepare(const Hop& hop, AddressGate::Pass& pass) {
    hop_ = &hop;
    pass_ = &pass;
    response_ = Response{};
    header_bytes_ = 0;
    header_ended_ = false;
    opened_ = false;
    crowded_address_.reset();
    error_text_.fill('\0');
    if (!hop.proxy.empty()) {  // which resolves the name, and connects
        const auto target = literal_address(hop.url.host());
        if (target && !may_connect(*target)) return refusal(target->text());
    }
    CURL* easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_URL, as_requested(hop.url.text()).c_str());
    curl_easy_setopt(easy, CURLOPT_PROXY, hop.proxy.c_str());
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(hop.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min(hop.timeout, k_connect_timeout).count()));
    set_authentication(hop);
    set_headers(hop);
    return {};
}

void Transfer::set_authentication(const Hop& hop) {
    CURL* easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_USERNAME, hop.login != nullptr ? hop.login->user.c_str() : nullptr);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, hop.login != nullptr ? hop.login->password.c_str() : nullptr);
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(hop.digest ? CURLAUTH_DIGEST : CURLAUTH_BASIC));
}

void Transfer::set_headers(const Hop& hop) {
    request_headers_.reset();
    curl_slist* lines = nullptr;
    bool accepts = false;
    const auto add = [&](const std::string& line) {
        lines = append(lines, line);
        if (!request_headers_) request_headers_.reset(lines);
    };
    if (hop.url.same_origin(request_.url)) {
        for (const auto& [name, value] : request_.transfer.headers) {
            add(value.empty() ? name + ";" : name + ": " + value);  // libcurl's way to write a header without a value
            accepts = accepts || iequals(name, "Accept");
        }
    }
    if (!accepts) add(k_accept);
    // Plain header lines: CURLOPT_TIMECONDITION would drop bodies and rewrite the date.
    if (!hop.validators.etag.empty()) add("If-None-Match: " + hop.validators.etag);
    if (!hop.validators.last_modified.empty()) add("If-Modified-Since: " + hop.validators.last_modified);
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, lines);
}

std::size_t Transfer::on_header(char* text, std::size_t size, std::size_t count, void* self) {
    try {
        return static_cast<Transfer*>(self)->take_header({text, size * count}) ? size * count : 0;
    } catch (...) {
        return 0;
    }
}

std::size_t Transfer::on_body(char* text, std::size_t size, std::size_t count, void* self) {
    try {
        return static_cast<Transfer*>(self)->take_body({text, size * count}) ? size * count : 0;
    } catch (...) {
        return 0;
    }
}

// Counts what arrives before it is decoded: a stream that decodes to nothing would never reach on_body. libcurl calls
// it at least once a second, so that also a redirect whose body does not come is left.
int Transfer::on_progress(void* self, curl_off_t announced, curl_off_t received, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (!transfer.header_ended_ || transfer.response_.status == 304) return 0;
    if (is_redirect(transfer.response_))
        return std::chrono::steady_clock::now() - transfer.header_ended_at_ > k_skipped_redirect_time ? 1 : 0;
    const auto bytes = static_cast<std::uint64_t>(std::max(announced, received));
    if (bytes <= transfer.settings_.limits.max_body_bytes) return 0;
    transfer.limit_passed_ = "its body";
    return 1;
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        const auto target = Address::from(address->addr);
        const bool is_proxy = !transfer.hop_->proxy.empty();  // then libcurl connects to nothing else
        if (!target || (!is_proxy && !transfer.may_connect(*target))) {
            transfer.refused_address_ = target ? target->text() : "a local socket";
            return CURL_SOCKET_BAD;
        }
        const unsigned places = is_proxy ? 0 : transfer.settings_.limits.places_at(*target);
        if (places > 0 && !transfer.pass_->try_enter(*target, places)) {
            transfer.crowded_address_ = target;
            return CURL_SOCKET_BAD;
        }
        transfer.opened_ = true;
    } catch (...) {
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool Transfer::may_connect(const Address& address) const {
    const Url& url = hop_->url;
    if (is_public(address) || settings_.allow_private.permits(address, url.host(), url.port())) return true;
    return request_.allow_private && url.host() == request_.url.host() && url.port() == request_.url.port();
}

std::optional<Address> Transfer::opened_address() const {
    const char* text = nullptr;
    if (!opened_ || !hop_->proxy.empty()) return std::nullopt;
    if (curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &text) != CURLE_OK || text == nullptr) return std::nullopt;
    return Address::parse(text);
}

bool Transfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > settings_.limits.max_header_bytes) {
        limit_passed_ = "its header";
        return false;
    }
    // libcurl answers the challenge of Digest itself: what follows the refusal is another answer.
    if (header_ended_ && hop_->digest && response_.status == 401 && line.starts_with("HTTP/")) {
        header_ended_ = false;
        response_.body.clear();
    }
    if (header_ended_) return true;                                       // a trailer says nothing about the feed
    const bool folded = line.starts_with(' ') || line.starts_with('\t');  // obsolete since RFC 7230
    line = trim(line);
    if (line.empty()) {
        header_ended_ = response_.status >= 200;
        header_ended_at_ = std::chrono::steady_clock::now();
        return true;
    }
    if (folded) return true;
    if (line.starts_with("HTTP/")) {  // of this answer, or of a 1xx before it
        response_.headers.clear();
        response_.status = 0;
        const std::size_t space = line.find(' ');
        if (space != std::string_view::npos)
            std::from_chars(line.data() + space + 1, line.data() + line.size(), response_.status);
        return true;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return true;
    response_.headers.add(std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
    return true;
}

bool Transfer::take_body(std::string_view bytes) {
    if (is_redirect(response_)) {
        response_.bytes_received += bytes.size();
        return response_.bytes_received <= k_skipped_redirect_bytes;
    }
    if (response_.body.size() + bytes.size() > settings_.limits.max_body_bytes) {
        limit_passed_ = "its body";
        return false;
    }
    response_.body += bytes;
    return true;
}

Result<Response> Transfer::finish(CURLcode code) {
    // Where a redirect leads stands in its header; how its body ended means nothing.
    const bool enough = header_ended_ && (code == CURLE_OK || is_redirect(response_)) && limit_passed_.empty();
    if (!enough)
        return failure(code == CURLE_OK ? CURLE_GOT_NOTHING : code);  // libcurl accepts a header that breaks off
    curl_off_t body_bytes = 0;
    long header_bytes = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
    curl_easy_getinfo(easy_.get(), CURLINFO_HEADER_SIZE, &header_bytes);
    response_.bytes_received = static_cast<std::uint64_t>(body_bytes) + static_cast<std::uint64_t>(header_bytes);
    if (response_.status == 407 && !hop_->proxy.empty()) {
        return fail(ErrorKind::network,
                    "the proxy {} asks for a user and password, or refuses those it got: write them into its URL",
                    shown_url(hop_->proxy));
    }
    response_.url = hop_->url.without_credentials();
    response_.http_version = http_version(easy_.get());
    return std::move(response_);
}

bool Transfer::has_asked() const {
    long bytes_sent = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &bytes_sent);
    return bytes_sent > 0;
}

// libcurl's own text says once more that it could not connect, and where.
std::string Transfer::why_not_connected() const {
    long number = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &number);
    if (number != 0) return std::generic_category().message(static_cast<int>(number));
    return error_text_.data();
}

tl::unexpected<Error> Transfer::refusal(const std::string& address) const {
    return fail(ErrorKind::forbidden,
                "{}:{} leads to {}, which is no public address. If that is meant: allow_private = true in the feed's "
                "table of feeds.conf, or the network in [fetch] allow_private.",
                hop_->url.host(), hop_->url.port(), address);
}

tl::unexpected<Error> Transfer::failure(CURLcode code) const {
    const Url& url = hop_->url;
    const std::string through =
        hop_->proxy.empty() ? "" : fmt::format(", through the proxy {},", shown_url(hop_->proxy));
    const std::string where = fmt::format("{}:{}{}", url.host(), url.port(), through);
    const std::string_view detail(error_text_.data());
    const std::string in_words =
        fmt::format("{}", detail.empty() ? std::string_view(curl_easy_strerror(code)) : detail);
    if (!limit_passed_.empty()) {
        const bool body = limit_passed_ == "its body";
        return fail(ErrorKind::too_large, "{} is larger than {} bytes; aggd does not read on", limit_passed_,
                    body ? settings_.limits.max_body_bytes : settings_.limits.max_header_bytes);
    }
    switch (code) {
        case CURLE_URL_MALFORMAT: return fail(ErrorKind::invalid, "{} cannot be fetched: {}", url.shown(), in_words);
        case CURLE_COULDNT_RESOLVE_HOST:
            return fail(ErrorKind::unreachable, "the name {} could not be resolved", url.host());
        case CURLE_COULDNT_RESOLVE_PROXY:
            return fail(ErrorKind::unreachable, "the name of the proxy {} could not be resolved",
                        shown_url(hop_->proxy));
        case CURLE_COULDNT_CONNECT:
            if (!refused_address_.empty()) return refusal(refused_address_);
            return fail(ErrorKind::unreachable, "could not connect to {}: {}", where, why_not_connected());
        case CURLE_OPERATION_TIMEDOUT:
            if (!has_asked()) return fail(ErrorKind::unreachable, "{} did not answer: {}", where, in_words);
            return fail(ErrorKind::timeout, "{} was too slow: {}", where, in_words);
        case CURLE_PEER_FAILED_VERIFICATION:
            return fail(ErrorKind::network, "the certificate of {} cannot be trusted: {}", where, in_words);
        case CURLE_OUT_OF_MEMORY:  // what libcurl 7.88 says of a header line of more than 100 kB
            if (!header_ended_)
                return fail(ErrorKind::too_large, "its header has a line that is too long; aggd does not read on");
            return fail(ErrorKind::network, "{}: {}", where, in_words);
        case CURLE_PARTIAL_FILE:
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
            return fail(ErrorKind::network, "{} broke off before the answer was complete: {}", where, in_words);
        case CURLE_BAD_CONTENT_ENCODING:
            return fail(ErrorKind::network, "{} sent a broken compressed body: {}", where, in_words);
        default: return fail(ErrorKind::network, "{}: {}", where, in_words);
    }
}

}  // namespace agg::fetch
