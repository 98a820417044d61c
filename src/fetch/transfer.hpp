// One libcurl easy handle for the hops of one poll: its options, and the callbacks that check and collect what arrives.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include <curl/curl.h>

#include "base/result.hpp"
#include "fetch/client.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

class Transfer {
  public:
    // `settings` must outlive the transfer. Cookies live as long as it does: one poll.
    Transfer(const ClientSettings& settings, const Request& request);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    // Makes the handle ready to ask for `url`, with `validators` unless they are empty, within `timeout`.
    void prepare(const Url& url, const Validators& validators, std::chrono::milliseconds timeout);

    [[nodiscard]] CURL* handle() const { return easy_.get(); }

    // What the hop brought, once libcurl has ended it with `code`. The body of a redirect is not read.
    [[nodiscard]] Result<Response> finish(CURLcode code);

  private:
    static std::size_t on_header(char* text, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* text, std::size_t size, std::size_t count, void* self);
    static int on_progress(void* self, curl_off_t total, curl_off_t received, curl_off_t, curl_off_t);
    static curl_socket_t on_open_socket(void* self, curlsocktype purpose, struct curl_sockaddr* address);

    bool take_header(std::string_view line);
    bool take_body(std::string_view bytes);
    [[nodiscard]] bool may_connect(const Address& address) const;
    [[nodiscard]] bool is_redirect() const;
    [[nodiscard]] bool has_asked() const;
    [[nodiscard]] tl::unexpected<Error> failure(CURLcode code) const;

    struct EasyDeleter {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct ListDeleter {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    const ClientSettings& settings_;
    const Request& request_;
    std::unique_ptr<CURL, EasyDeleter> easy_;
    std::unique_ptr<curl_slist, ListDeleter> request_headers_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};

    Url url_;
    Response response_;
    std::size_t header_bytes_ = 0;
    bool header_ended_ = false;  // of the answer itself, not of a 1xx before it
    std::chrono::steady_clock::time_point header_ended_at_;
    std::string refused_address_;  // set when a private address was refused
    std::string limit_passed_;     // set when a limit ended the transfer, in words
};

}  // namespace agg::fetch
