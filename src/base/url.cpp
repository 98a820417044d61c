#include "base/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <curl/urlapi.h>

#include "base/text.hpp"

namespace agg {
namespace {

struct CurlUrlDeleter {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlDeleter>;

constexpr unsigned k_read_flags = CURLU_NON_SUPPORT_SCHEME | CURLU_ALLOW_SPACE | CURLU_PATH_AS_IS;

CurlUrl read(const std::string& text, unsigned flags, CURLUcode& code) {
    CurlUrl handle(curl_url());
    if (!handle) throw std::bad_alloc();
    code = curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), flags);
    return handle;
}

// A part of the URL, "" when it has none.
std::string part(const CurlUrl& handle, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(handle.get(), which, &text, flags) != CURLUE_OK || text == nullptr) return {};
    std::string out(text);
    curl_free(text);
    return out;
}

// True for the name of a query parameter that carries a secret: one of these words, alone or as a part ("api_key",
// "authToken").
bool looks_secret(std::string_view name) {
    constexpr std::array<std::string_view, 9> anywhere = {"token",     "secret",  "passw",      "pwd", "apikey",
                                                          "signature", "session", "credential", "auth"};
    constexpr std::array<std::string_view, 6> whole = {"key", "sig", "sid", "hash", "code", "pass"};
    const std::string lower = ascii_lower(name);
    for (const std::string_view word : anywhere)
        if (lower.find(word) != std::string::npos) return true;
    return std::find(whole.begin(), whole.end(), lower) != whole.end() || lower.ends_with("_key") ||
           lower.ends_with("-key");
}

std::string shown_query(std::string_view query) {
    std::string out;
    for (const std::string_view pair : split(query, '&')) {
        if (!out.empty()) out += '&';
        const std::size_t equals = pair.find('=');
        const std::string_view name = pair.substr(0, equals);
        if (equals != std::string_view::npos && looks_secret(name))
            out.append(name).append("=...");
        else
            out += pair;
    }
    return out;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    text = trim(text);
    if (text.empty()) return fail(ErrorKind::invalid, "the URL is empty");
    Url url;
    url.text_ = std::string(text);
    if (url.text_.find('\0') != std::string::npos) return fail(ErrorKind::invalid, "the URL contains a NUL byte");
    CURLUcode code = CURLUE_OK;
    const CurlUrl handle = read(url.text_, k_read_flags, code);
    if (code != CURLUE_OK) {
        return fail(ErrorKind::invalid, "\"{}\" is not an absolute URL ({})", truncate_utf8(text, 200),
                    curl_url_strerror(code));
    }
    url.scheme_ = ascii_lower(part(handle, CURLUPART_SCHEME));
    url.host_ = ascii_lower(part(handle, CURLUPART_HOST));
    url.path_ = part(handle, CURLUPART_PATH);
    url.query_ = part(handle, CURLUPART_QUERY);
    url.fragment_ = part(handle, CURLUPART_FRAGMENT);
    const std::string port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::from_chars(port.data(), port.data() + port.size(), url.port_);
    url.has_credentials_ = !part(handle, CURLUPART_USER).empty() || !part(handle, CURLUPART_PASSWORD).empty();
    return url;
}

Result<Url> Url::parse_typed(std::string_view text) {
    text = trim(text);
    const std::size_t colon = text.find(':');
    const bool has_scheme =
        text.find("://") != std::string_view::npos || (colon != std::string_view::npos && istarts_with(text, "file:"));
    return parse(has_scheme ? std::string(text) : "https://" + std::string(text));
}

Result<Url> Url::resolve(std::string_view reference) const {
    CURLUcode code = CURLUE_OK;
    const CurlUrl handle = read(text_, k_read_flags & ~static_cast<unsigned>(CURLU_PATH_AS_IS), code);
    const std::string trimmed(trim(reference));
    if (code == CURLUE_OK && !trimmed.empty()) {
        code = curl_url_set(handle.get(), CURLUPART_URL, trimmed.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_ALLOW_SPACE);
    }
    if (code != CURLUE_OK) {
        return fail(ErrorKind::invalid, "\"{}\" is no address on {} ({})", truncate_utf8(trimmed, 200), shown(),
                    curl_url_strerror(code));
    }
    return parse(part(handle, CURLUPART_URL, CURLU_NO_DEFAULT_PORT));
}

std::string Url::decoded_path() const {
    CURLUcode code = CURLUE_OK;
    const CurlUrl handle = read(text_, k_read_flags, code);
    return code == CURLUE_OK ? part(handle, CURLUPART_PATH, CURLU_URLDECODE) : std::string();
}

bool Url::same_origin(const Url& other) const {
    return scheme_ == other.scheme_ && host_ == other.host_ && port_ == other.port_;
}

namespace {

// `url` without user and password, and with `query` instead of its own.
std::string rewritten(const std::string& url, const std::string& query) {
    CURLUcode code = CURLUE_OK;
    const CurlUrl handle = read(url, k_read_flags, code);
    if (code != CURLUE_OK) return "(not a URL)";
    curl_url_set(handle.get(), CURLUPART_USER, nullptr, 0);
    curl_url_set(handle.get(), CURLUPART_PASSWORD, nullptr, 0);
    curl_url_set(handle.get(), CURLUPART_QUERY, query.empty() ? nullptr : query.c_str(), 0);
    return part(handle, CURLUPART_URL, CURLU_NO_DEFAULT_PORT);
}

}  // namespace

std::string Url::without_credentials() const { return has_credentials_ ? rewritten(text_, query_) : text_; }

std::string Url::public_base() const {
    const bool secret = shown_query(query_) != query_;
    return secret ? rewritten(text_, "") : without_credentials();
}

std::string Url::shown() const {
    return has_credentials_ || !query_.empty() ? rewritten(text_, shown_query(query_)) : text_;
}

std::string shown_url(std::string_view url) {
    const auto parsed = Url::parse(url);
    return parsed ? parsed->shown() : "(not a URL)";
}

}  // namespace agg
