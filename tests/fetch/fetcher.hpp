// A client on an event loop of its own, for tests that ask a scripted publisher.
#pragma once

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "fetch/client.hpp"
#include "support/origin.hpp"

namespace agg::test {

using namespace agg::fetch;
using namespace std::chrono_literals;

inline AllowedPrivate allowed(const std::vector<std::string>& entries) {
    auto parsed = AllowedPrivate::parse(entries);
    if (!parsed) throw std::invalid_argument(parsed.error().message);
    return *parsed;
}

inline Request request(const std::string& url) {
    auto parsed = Url::parse(url);
    if (!parsed) throw std::invalid_argument(parsed.error().message);
    return Request{.url = *parsed};
}

inline Request request(const std::string& url, Validators validators) {
    auto asked = request(url);
    asked.validators = std::move(validators);
    asked.validators_url = url;
    return asked;
}

inline Request request_allowing_private(const std::string& url) {
    auto asked = request(url);
    asked.allow_private = true;
    return asked;
}

// The origins of these tests are on loopback.
inline ClientSettings settings() {
    return {.user_agent = "aggd/test",
            .contact = "https://example.org/contact",
            .allow_private = allowed({"127.0.0.0/8"}),
            .limits = {.timeout = 20s}};
}

inline ClientSettings settings(Limits limits) {
    auto all = settings();
    all.limits = limits;
    return all;
}

inline ClientSettings nothing_private() {
    auto all = settings();
    all.allow_private = {};
    return all;
}

inline Task<void> get_into(Client& client, Request asked, std::optional<Result<Response>>& into) {
    auto response = co_await client.get(std::move(asked));
    into.emplace(std::move(response));
}

// A client and its event loop.
struct Fetcher {
    explicit Fetcher(ClientSettings of_client = settings()) : client(io.get_executor(), files, std::move(of_client)) {}

    // Starts a transfer; `into` is set when it has ended.
    void start(Request asked, std::optional<Result<Response>>& into) {
        spawn(io.get_executor(), "get", get_into(client, std::move(asked), into));
    }
    void run_until_set(const std::optional<Result<Response>>& response) {
        io.restart();
        while (!response)
            if (io.run_one() == 0)
                throw std::runtime_error("the event loop has nothing left to do, and the transfer has not ended");
    }
    Result<Response> get(Request asked) {
        std::optional<Result<Response>> response;
        start(std::move(asked), response);
        run_until_set(response);
        return std::move(*response);
    }
    Result<Response> get(const std::string& url) { return get(request(url)); }

    asio::io_context io;
    asio::thread_pool files{1};
    Client client;
};

inline Answer ok(std::string body) { return {200, {{"Content-Type", "application/rss+xml"}}, std::move(body)}; }
inline Answer redirect(int status, std::string location) {
    return {status, {{"Location", std::move(location)}}, "<p>moved</p>"};
}

inline void check_fails(const Result<Response>& response, ErrorKind kind, const std::string& says = "") {
    REQUIRE_FALSE(response);
    INFO(response.error().message);
    CHECK(to_string(response.error().kind) == std::string(to_string(kind)));
    CHECK_THAT(response.error().message, Catch::Contains(says));
}

}  // namespace agg::test
