#include "fetch/client.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/time.hpp"
#include "fetch/bridge.hpp"
#include "fetch/easy_handles.hpp"
#include "fetch/file_answer.hpp"
#include "fetch/transfer.hpp"

namespace agg::fetch {
namespace {

using Stopwatch = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How long a transfer waits for a place at an address: who waits longer meets a server that does not answer.
constexpr milliseconds k_gate_patience{10'000};
constexpr std::size_t k_most_known_addresses = 20'000;

milliseconds since(Stopwatch::time_point start) {
    return std::chrono::duration_cast<milliseconds>(Stopwatch::now() - start);
}

// `url` with the user and password of `owner`.
Result<Url> with_credentials_of(const Url& owner, const Url& url) {
    const std::string& text = owner.text();
    const std::size_t start = text.find("://") + 3;
    const std::size_t end = text.rfind('@', text.find_first_of("/?#", start));
    return Url::parse(fmt::format("{}://{}{}", url.scheme(), text.substr(start, end + 1 - start),
                                  url.text().substr(url.text().find("://") + 3)));
}

// Where `location`, found at `url`, leads in a poll of `asked`.
Result<Url> next_hop(const Url& asked, const Url& url, std::string_view location) {
    auto next = url.resolve(location);
    if (!next) return next;
    if (!next->is_http())
        return fail(ErrorKind::forbidden, "a redirect leads to {}: only http and https are followed", next->shown());
    // A feed's own user and password go along within its scheme, host and port; a relative redirect has them already.
    const bool own = asked.has_credentials() && next->same_origin(asked);
    if (next->has_credentials() && !own)
        return fail(ErrorKind::forbidden, "a redirect leads to an address with a password in it");
    return own && !next->has_credentials() ? with_credentials_of(asked, *next) : next;
}

bool is_permanent(int status) { return status == 301 || status == 308; }

// Basic is sent unasked, so that a poll is one request: a refusal that offers it as well means a wrong password.
bool asks_for_digest(const Response& response) {
    if (response.status != 401) return false;
    const std::string offered = response.headers.joined("WWW-Authenticate");
    return ifind(offered, "digest") != std::string::npos && ifind(offered, "basic") == std::string::npos;
}

std::string origin_of(const Url& url) { return fmt::format("{}://{}:{}", url.scheme(), url.host(), url.port()); }

}  // namespace

std::string ClientSettings::proxy_for(const Request& request, const Url& url) const {
    if (request.transfer.proxy) return *request.transfer.proxy;
    return proxy ? *proxy : proxy_environment.proxy_for(url);
}

const Login* ClientSettings::login_for(const Request& request) const {
    if (!request.with_login) return nullptr;
    const std::string& own = request.transfer.credentials_file;
    const auto found = credentials.find(own.empty() ? credentials_file : own);
    return found == credentials.end() ? nullptr : found->second.find(request.url.host(), request.url.port());
}

Client::Client(asio::any_io_executor executor, asio::thread_pool& files, ClientSettings settings)
    : handles_(std::make_shared<EasyHandles>()),
      gate_(std::make_shared<AddressGate>(executor)),
      bridge_(std::make_unique<Bridge>(std::move(executor))),
      files_(files),
      settings_(std::make_shared<const ClientSettings>(std::move(settings))) {}

Client::~Client() { stop(); }

void Client::stop() {
    bridge_->stop();
    gate_->stop();
}

void Client::use(ClientSettings settings) { settings_ = std::make_shared<const ClientSettings>(std::move(settings)); }

// One hop: waits for a place at the address, then asks.
Task<Result<Response>> Client::ask(Transfer& transfer, const Limits& limits, Hop hop) {
    AddressGate::Pass pass(gate_);
    std::optional<Address> address;
    if (const auto known = addresses_.find(hop.url.host()); known != addresses_.end() && hop.proxy.empty())
        address = known->second;
    for (;;) {
        const unsigned places = address ? limits.places_at(*address) : 0;
        if (places > 0 && !co_await pass.enter(*address, places, std::min(k_gate_patience, hop.timeout))) {
            if (bridge_->stopped()) break;
            co_return fail(ErrorKind::timeout,
                           "{} is at {}, where {} other transfers go on for too long; aggd asks no more at once",
                           hop.url.host(), address->text(), places);
        }
        if (const auto ready = transfer.prepare(hop, pass); !ready) co_return tl::unexpected(ready.error());
        const CURLcode code = co_await bridge_->perform(transfer.handle());
        if (bridge_->stopped()) break;
        if (code != CURLE_OK && transfer.crowded_address()) {
            address = transfer.crowded_address();
            pass.leave();
            continue;
        }
        if (const auto opened = transfer.opened_address(); opened && limits.places_at(*opened) > 0) {
            if (addresses_.size() >= k_most_known_addresses) addresses_.clear();
            addresses_.insert_or_assign(hop.url.host(), *opened);
        }
        co_return transfer.finish(code);
    }
    co_return fail(ErrorKind::unavailable, "aggd is stopping");
}

Task<Result<Response>> Client::get(Request request) {
    const auto settings = settings_;
    const Limits& limits = settings->limits;
    if (bridge_->stopped()) co_return fail(ErrorKind::unavailable, "aggd is stopping");
    if (request.url.is_file()) {
        if (!request.allow_file) co_return fail(ErrorKind::forbidden, "file: addresses may only stand in feeds.conf");
        auto read = [request, limit = limits.max_body_bytes] { return file_answer(request, limit); };
        co_return co_await run_on(files_, std::move(read));
    }
    if (!request.url.is_http())
        co_return fail(ErrorKind::forbidden, "{}: only http and https are fetched", request.url.shown());

    const auto start = Stopwatch::now();
    const std::string asked = request.url.without_credentials();
    const Login* const login = settings->login_for(request);
    std::uint64_t bytes_received = 0;
    std::string moved_to;
    bool all_permanent = true;  // every redirect so far
    Transfer transfer(*settings, request, handles_->take());
    Url url = request.url;
    for (unsigned redirects = 0;;) {
        const milliseconds spent = since(start);
        if (spent >= limits.timeout)
            co_return fail(ErrorKind::timeout, "its redirects took more than {}", to_words(limits.timeout));
        Hop hop{.url = url, .proxy = settings->proxy_for(request, url), .timeout = limits.timeout - spent};
        if (url.without_credentials() == request.validators_url) hop.validators = request.validators;
        if (!url.has_credentials() && url.same_origin(request.url)) hop.login = login;
        const bool conditional = !hop.validators.empty();
        const bool has_login = url.has_credentials() || hop.login != nullptr;
        hop.digest = has_login && digest_origins_.contains(origin_of(url));
        auto hop_answer = ask(transfer, limits, std::move(hop));
        Result<Response> response = co_await std::move(hop_answer);
        if (!response) co_return response;
        bytes_received += response->bytes_received;
        if (has_login && asks_for_digest(*response) && digest_origins_.insert(origin_of(url)).second) continue;

        if (!is_redirect(*response)) {
            response->bytes_received = bytes_received;
            response->duration = since(start);
            response->conditional = conditional;
            if (moved_to != asked) response->moved_to = std::move(moved_to);
            co_return response;
        }
        const std::string& location = response->headers.get("Location");
        if (redirects++ == limits.max_redirects) {
            co_return fail(ErrorKind::network, "more than {} redirects, the last one to {}", limits.max_redirects,
                           shown_url(location));
        }
        auto next = next_hop(request.url, url, location);
        if (!next) co_return tl::unexpected(next.error());
        const bool loses_encryption = url.scheme() == "https" && next->scheme() == "http";
        all_permanent = all_permanent && is_permanent(response->status) && !loses_encryption;
        if (all_permanent) moved_to = next->without_credentials();
        url = std::move(*next);
    }
}

}  // namespace agg::fetch
