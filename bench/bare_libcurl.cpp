#include "bare_libcurl.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace agg::bench {

BareLibcurl::BareLibcurl() : multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 64L);
    for (std::size_t n = 0; n < k_at_once; ++n) free_.push_back(curl_easy_init());
}

BareLibcurl::~BareLibcurl() {
    for (CURL* easy : free_) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi_);
    for (const auto& [url, validators] : validators_) curl_slist_free_all(validators.headers);
}

void BareLibcurl::remember(const std::string& url, std::string_view etag, std::string_view last_modified) {
    Validators& validators = validators_[url];
    validators.etag = etag;
    validators.last_modified = last_modified;
}

void BareLibcurl::fetch(const std::vector<std::string>& urls, long expected) {
    std::size_t next = 0, done = 0;
    while (done < urls.size()) {
        for (; next < urls.size() && !free_.empty(); ++next) start(urls[next]);
        int running = 0, left = 0;
        curl_multi_perform(multi_, &running);
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            long status = 0;
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            if (message->data.result != CURLE_OK || status != expected)
                throw std::runtime_error(fmt::format("bare libcurl got {} instead of {}", status, expected));
            curl_multi_remove_handle(multi_, message->easy_handle);
            free_.push_back(message->easy_handle);
            ++done;
        }
        if (running > 0 && (free_.empty() || next == urls.size())) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
}

std::size_t BareLibcurl::drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::size_t BareLibcurl::take_header(char* text, std::size_t size, std::size_t count, void* into) {
    const std::string_view line(text, size * count);
    auto& validators = *static_cast<Validators*>(into);
    const auto value = [&](std::size_t name) { return line.substr(name, line.find('\r') - name); };
    if (line.starts_with("ETag: ")) validators.etag = value(6);
    if (line.starts_with("Last-Modified: ")) validators.last_modified = value(15);
    return size * count;
}

void BareLibcurl::start(const std::string& url) {
    CURL* easy = free_.back();
    free_.pop_back();
    curl_easy_reset(easy);
    Validators& validators = validators_[url];
    if (!validators.etag.empty() && validators.headers == nullptr) {
        validators.headers = curl_slist_append(nullptr, ("If-None-Match: " + validators.etag).c_str());
        validators.headers =
            curl_slist_append(validators.headers, ("If-Modified-Since: " + validators.last_modified).c_str());
    }
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "bare/1.0 (+https://example.org/)");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, validators.headers);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60'000L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &BareLibcurl::take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &validators);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &BareLibcurl::drop);
    curl_multi_add_handle(multi_, easy);
}

}  // namespace agg::bench
