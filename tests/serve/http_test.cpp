#include "serve/http.hpp"

#include <catch2/catch.hpp>

#include "serve/samples.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

TEST_CASE("a target is split into an encoded path and a decoded query") {
    const auto target = parse_target("/v1/feeds/a%2Fb?q=a+b%26c&n=5&&flag&q=second#part");
    REQUIRE(target);
    CHECK(target->path == "/v1/feeds/a%2Fb");
    const std::vector<std::pair<std::string, std::string>> query = {
        {"q", "a b&c"}, {"n", "5"}, {"flag", ""}, {"q", "second"}};
    CHECK(target->query == query);
}

TEST_CASE("a target may be absolute or a star") {
    CHECK(parse_target("http://localhost:8137/a")->authority == "localhost:8137");
    CHECK(parse_target("http://localhost")->path == "/");
    CHECK(parse_target("HTTP://localhost?n=1")->query.size() == 1);
    CHECK(parse_target("*")->path == "*");
}

TEST_CASE("other targets are invalid") {
    const char* target =
        GENERATE("", "feed.atom", "https://localhost/", "http:///x", "localhost:80", "/?a=%4", "/?%zz=1", "/?a=%00");
    CAPTURE(target);
    const auto parsed = parse_target(target);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::invalid);
}

TEST_CASE("percent escapes are decoded once and never to NUL") {
    CHECK(percent_decode("%D0%B0%2520") == "а%20");
    CHECK(percent_decode("100") == "100");
    CHECK_FALSE(percent_decode("%"));
    CHECK_FALSE(percent_decode("%4"));
    CHECK_FALSE(percent_decode("%g0"));
    CHECK_FALSE(percent_decode("a%00b"));
}

TEST_CASE("header names ignore case and several lines are one list") {
    const Request asked = request("GET", "/", {{"If-None-Match", "\"a\""}, {"Host", "x"}, {"if-none-match", "\"b\""}});
    CHECK(asked.header("IF-NONE-MATCH") == "\"a\", \"b\"");
    CHECK_FALSE(asked.header("Accept"));
}

TEST_CASE("the head of a response says how long the body is and what becomes of the connection") {
    const Response hello = text_response(200, "hello");
    const TimePoint now = at("2022-01-10T09:05:00Z");
    CHECK(write_head(hello, 11, After::keep_alive, now) ==
          "HTTP/1.1 200 OK\r\nDate: Mon, 10 Jan 2022 09:05:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n"
          "Content-Length: 6\r\n\r\n");
    CHECK_THAT(write_head(hello, 10, After::keep_alive, now), Catch::EndsWith("Connection: keep-alive\r\n\r\n"));
    CHECK_THAT(write_head(hello, 11, After::close, now), Catch::EndsWith("Connection: close\r\n\r\n"));
    for (const int status : {204, 304}) {
        Response bodiless;
        bodiless.status = status;
        CHECK_THAT(write_head(bodiless, 11, After::keep_alive, now), !Catch::Contains("Content-Length"));
    }
}
