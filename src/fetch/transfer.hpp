// One libcurl easy handle for the hops of one poll: its options, and the callbacks that check and collect what arrives.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <curl/curl.h>

#include "base/result.hpp"
#include "fetch/client.hpp"
#include "fetch/easy_handles.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

// One request of a poll.
struct Hop {
    Url url;
    Validators validators;         // sent unless they are empty
    std::string proxy;             // its URL; empty: none
    const Login* login = nullptr;  // for a URL that has no user and password itself
    bool digest = false;           // authenticate by Digest instead of Basic
    std::chrono::milliseconds timeout{};
};

// An answer that says where to ask instead.
[[nodiscard]] bool is_redirect(const Response& response);

class Transfer {
  public:
    // `settings` and `request` must outlive the transfer. Cookies live as long as it does: one poll.
    Transfer(const ClientSettings& settings, const Request& request, EasyHandles::Handle handle);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    // Makes the handle ready for `hop`; connections are opened where `pass` lets it. Both must stay alive until the
    // transfer has ended. Fails with `forbidden` when a proxy would be asked for a private address.
    [[nodiscard]] Result<void> prepare(const Hop& hop, AddressGate::Pass& pass);

    [[nodiscard]] CURL* handle() const { return easy_.get(); }

    // The address whose places were all taken, so that no connection was made; absent: none.
    [[nodiscard]] std::optional<Address> crowded_address() const { return crowded_address_; }
    // The address of the connection that the hop opened; absent when it used an old one or a proxy.
    [[nodiscard]] std::optional<Address> opened_address() const;

    // What the hop brought, once libcurl has ended it with `code`. The body of a redirect is not read.
    [[nodiscard]] Result<Response> finish(CURLcode code);

  private:
    static std::size_t on_header(char* text, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* text, std::size_t size, std::size_t count, void* self);
    static int on_progress(void* self, curl_off_t total, curl_off_t received, curl_off_t, curl_off_t);
    static curl_socket_t on_open_socket(void* self, curlsocktype purpose, struct curl_sockaddr* address);

    void set_authentication(const Hop& hop);
    void set_headers(const Hop& hop);
    bool take_header(std::string_view line);
    bool take_body(std::string_view bytes);
    [[nodiscard]] bool may_connect(const Address& address) const;
    [[nodiscard]] bool has_asked() const;
    [[nodiscard]] std::string why_not_connected() const;
    [[nodiscard]] tl::unexpected<Error> refusal(const std::string& address) const;
    [[nodiscard]] tl::unexpected<Error> failure(CURLcode code) const;

    struct ListDeleter {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    const ClientSettings& settings_;
    const Request& request_;
    EasyHandles::Handle easy_;
    std::unique_ptr<curl_slist, ListDeleter> request_headers_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};

    const Hop* hop_ = nullptr;
    AddressGate::Pass* pass_ = nullptr;
    Response response_;
    std::size_t header_bytes_ = 0;
    bool header_ended_ = false;  // of the answer itself, not of a 1xx before it
    std::chrono::steady_clock::time_point header_ended_at_;
    bool opened_ = false;  // a socket
    std::optional<Address> crowded_address_;
    std::string refused_address_;  // set when a private address was refused
    std::string limit_passed_;     // set when a limit ended the transfer, in words
};

}  // namespace agg::fetch
