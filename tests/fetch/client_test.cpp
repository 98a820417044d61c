#include "fetch/client.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "fetcher.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;
using Catch::Contains;

// What is asked.

TEST_CASE("a 200 arrives as it was sent") {
    Origin origin;
    origin.on("/feed", ok("<rss/>"));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->url == origin.url("/feed"));
    CHECK(response->headers.get("content-type") == "application/rss+xml");
    CHECK(response->body == "<rss/>");
    CHECK(response->bytes_received > response->body.size());
}

TEST_CASE("any status is an answer") {
    const int status = GENERATE(204, 304, 400, 403, 404, 410, 418, 429, 500, 503, 599);
    Origin origin;
    origin.on("/feed", Answer{status, {{"Retry-After", "7"}}, status == 204 || status == 304 ? "" : "why"});
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->status == status);
    CHECK(response->headers.get("Retry-After") == "7");
    CHECK(origin.requests().size() == 1);  // nothing is retried
}

TEST_CASE("the request is a GET with our name, what we understand, and nothing that identifies a reader") {
    Origin origin;
    origin.on("/feed", ok("x"));
    Fetcher fetcher;
    REQUIRE(fetcher.get(origin.url("/feed")));
    const auto seen = origin.requests().at(0);
    CHECK(seen.method == "GET");
    CHECK(seen.header("Host") == fmt::format("127.0.0.1:{}", origin.port()));
    CHECK(seen.header("User-Agent") == "aggd/test (+https://example.org/contact)");
    CHECK_THAT(seen.header("Accept"), Contains("application/atom+xml") && Contains("application/rss+xml") &&
                                          Contains("application/feed+json") && Contains("*/*;q=0.1"));
    CHECK_THAT(seen.header("Accept-Encoding"), Contains("gzip"));
    for (const auto* absent : {"Referer", "Cookie", "Cache-Control", "Pragma", "A-IM", "If-None-Match",
                               "If-Modified-Since", "Authorization", "Range", "Accept-Language"}) {
        INFO(absent);
        CHECK_FALSE(seen.has(absent));
    }
}

TEST_CASE("the target is requested exactly as written") {
    const std::string target =
        GENERATE("/", "/a/../b/./c", "//double//slash", "/%7Euser/%2e%2E?x=%20&y=a+b", "/f?q=%C3%A9", "/f?a=1&&b=&=c",
                 "/f;jsessionid=1", "/f?u=http://example.org/?x", "/F'(x)!*$@:,");
    Origin origin;
    Fetcher fetcher;
    REQUIRE(fetcher.get(origin.url(target)));
    CHECK(origin.requests().at(0).target == target);
}

TEST_CASE("a fragment is not sent") {
    Origin origin;
    Fetcher fetcher;
    REQUIRE(fetcher.get(origin.url("/feed?a=1#top")));
    CHECK(origin.requests().at(0).target == "/feed?a=1");
}

TEST_CASE("a space or a letter beyond ASCII, which addresses of feeds do contain, goes out encoded") {
    Origin origin;
    Fetcher fetcher;
    REQUIRE(fetcher.get(origin.url("/my feed.xml?a=b c")));
    REQUIRE(fetcher.get(origin.url("/caf\xC3\xA9?\xD0\xB6=1")));
    CHECK(origin.requests().at(0).target == "/my%20feed.xml?a=b%20c");
    CHECK(origin.requests().at(1).target == "/caf%C3%A9?%D0%B6=1");
}

// Validators.

TEST_CASE("validators are sent byte for byte") {
    const std::string etag =
        GENERATE("\"a\"", "W/\"a\"", "w/\"a\"", "unquoted", "\"with \"\" quotes\"", "\"\"", "\"a, b\"",
                 "\"caf\xC3\xA9\"", "\"\xE9\"", "\"back\\slash\"", "\"a\" b", "0", "*");
    const std::string modified = GENERATE("Mon, 10 Jan 2022 10:00:00 GMT", "Mon, 10 Jan 2022 10:00:00 +0000",
                                          "yesterday", "0", "2022-01-10 10:00");
    Origin origin;
    origin.on("/feed", Answer{304, {}, ""});
    Fetcher fetcher;
    REQUIRE(fetcher.get(request(origin.url("/feed"), {etag, modified})));
    CHECK_THAT(origin.requests().at(0).raw, Contains("\r\nIf-None-Match: " + etag + "\r\n"));
    CHECK_THAT(origin.requests().at(0).raw, Contains("\r\nIf-Modified-Since: " + modified + "\r\n"));
}

TEST_CASE("a validator that the server never gave is not sent") {
    Origin origin;
    Fetcher fetcher;
    REQUIRE(fetcher.get(request(origin.url("/a"), {"\"a\"", ""})));
    REQUIRE(fetcher.get(request(origin.url("/b"), {"", "yesterday"})));
    CHECK_FALSE(origin.requests().at(0).has("If-Modified-Since"));
    CHECK_FALSE(origin.requests().at(1).has("If-None-Match"));
}

TEST_CASE("validators are received byte for byte, without the white space around them") {
    Origin origin;
    origin.on(
        "/feed",
        agg::test::raw(
            "HTTP/1.1 200 OK\r\neTaG: \t W/\"a\" \"\xE9 \t\r\nlast-modified:yesterday\r\nContent-Length: 0\r\n\r\n"));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->headers.get("ETag") == "W/\"a\" \"\xE9");
    CHECK(response->headers.get("Last-Modified") == "yesterday");
}

TEST_CASE("a 200 arrives whole whatever its Last-Modified: the time condition of libcurl would drop it") {
    Origin origin;
    origin.on("/feed", Answer{200, {{"Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT"}}, "old but here"});
    Fetcher fetcher;
    const auto response = fetcher.get(request(origin.url("/feed"), {"\"a\"", "Mon, 10 Jan 2022 10:00:00 GMT"}));
    REQUIRE(response);
    CHECK(response->body == "old but here");
}

TEST_CASE("validators go only to the hop whose address they belong to") {
    Origin origin;
    origin.on("/feed", redirect(302, "/here"));
    origin.on("/here", Answer{304, {}, ""});
    Fetcher fetcher;
    SECTION("after a redirect") {
        auto asked = request(origin.url("/feed"), {"\"a\"", "yesterday"});
        asked.validators_url = origin.url("/here");
        const auto response = fetcher.get(asked);
        REQUIRE(response->status == 304);
        CHECK(response->conditional);
        CHECK_FALSE(origin.requests("/feed").at(0).has("If-None-Match"));
        CHECK_FALSE(origin.requests("/feed").at(0).has("If-Modified-Since"));
        CHECK(origin.requests("/here").at(0).header("If-None-Match") == "\"a\"");
        CHECK(origin.requests("/here").at(0).header("If-Modified-Since") == "yesterday");
    }
    SECTION("before one") {
        const auto response = fetcher.get(request(origin.url("/feed"), {"\"a\"", "yesterday"}));
        REQUIRE(response);
        CHECK_FALSE(response->conditional);
        CHECK(origin.requests("/feed").at(0).has("If-None-Match"));
        CHECK_FALSE(origin.requests("/here").at(0).has("If-None-Match"));
        CHECK_FALSE(origin.requests("/here").at(0).has("If-Modified-Since"));
    }
    SECTION("nowhere when they belong elsewhere") {
        auto asked = request(origin.url("/feed"), {"\"a\"", ""});
        asked.validators_url = origin.url("/there");
        const auto response = fetcher.get(asked);
        REQUIRE(response);
        CHECK_FALSE(response->conditional);
        for (const auto& seen : origin.requests()) CHECK_FALSE(seen.has("If-None-Match"));
    }
}

// Headers that arrive.

TEST_CASE("only the header of the final answer counts") {
    Origin origin;
    origin.on("/feed", Answer{301, {{"Location", "/here"}, {"ETag", "\"of the redirect\""}, {"Retry-After", "9"}}, ""});
    origin.on("/here", agg::test::raw("HTTP/1.1 103 Early Hints\r\nETag: \"of the hint\"\r\nLink: x\r\n\r\n"
                                      "HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 1\r\n\r\nx"));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->headers.get("ETag").empty());
    CHECK(response->headers.get("Retry-After").empty());
    CHECK(response->headers.get("Link").empty());
    CHECK(response->headers.get("X-A") == "1");
    CHECK(response->headers.joined("X-A") == "1, 2");
}

TEST_CASE("a trailer is no header") {
    const std::string body = GENERATE("", "document");
    Origin origin;
    auto chunked = agg::test::chunks(body, 3);
    chunked.insert(chunked.size() - 2, "ETag: \"of the trailer\"\r\n");
    origin.on("/feed",
              agg::test::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: ETag\r\n\r\n" + chunked));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->body == body);
    CHECK(response->headers.get("ETag").empty());
}

TEST_CASE("a folded header line is no header of its own") {
    Origin origin;
    origin.on("/feed",
              agg::test::raw("HTTP/1.1 200 OK\r\nX-Note: one\r\n ETag: \"folded\"\r\nContent-Length: 0\r\n\r\n"));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->headers.get("ETag").empty());
}

// Redirects.

TEST_CASE("redirects are followed to the end, however their address is written") {
    Origin origin;
    struct Case {
        const char* location;
        const char* target;
    };
    const auto test = GENERATE(values<Case>({
        {"/there", "/there"},
        {"there", "/a/there"},
        {"../there", "/there"},
        {"?page=2", "/a/feed?page=2"},
        {"  /there  ", "/there"},
        {"/there#part", "/there"},
        {"/my there", "/my%20there"},
        {"/th\xC3\xA9re", "/th%c3%a9re"},  // the hexadecimal digits are libcurl's
    }));
    const int status = GENERATE(301, 302, 303, 307, 308);
    INFO(status << " to " << test.location);
    origin.on("/a/feed?page=1", redirect(status, test.location));
    origin.on(test.target, ok("arrived"));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/a/feed?page=1"));
    REQUIRE(response);
    CHECK(response->body == "arrived");
    CHECK(origin.requests().size() == 2);
    CHECK(origin.requests().back().target == test.target);
    CHECK(origin.requests().back().method == "GET");
}

TEST_CASE("an absolute redirect leads to another host, without a Referer") {
    Origin first, second("127.0.0.2");
    first.on("/feed", redirect(301, second.url("/feed")));
    second.on("/feed", ok("arrived"));
    Fetcher fetcher;
    const auto response = fetcher.get(first.url("/feed"));
    REQUIRE(response);
    CHECK(response->body == "arrived");
    CHECK(response->url == second.url("/feed"));
    CHECK_FALSE(second.requests().at(0).has("Referer"));
}

TEST_CASE("a 3xx that names no other place is an answer like any other") {
    const int status = GENERATE(300, 301, 304, 305, 399);
    Origin origin;
    origin.on("/feed", Answer{status, {}, ""});
    Fetcher fetcher;
    CHECK(fetcher.get(origin.url("/feed"))->status == status);
    CHECK(origin.requests().size() == 1);
}

TEST_CASE("ten redirects are followed, the eleventh is not") {
    Origin origin;
    for (int n = 0; n < 12; ++n) origin.on(fmt::format("/{}", n), redirect(302, fmt::format("/{}", n + 1)));
    Fetcher fetcher;
    SECTION("a chain that ends") {
        origin.on("/10", ok("arrived"));
        CHECK(fetcher.get(origin.url("/0"))->body == "arrived");
    }
    SECTION("a chain that goes on") {
        check_fails(fetcher.get(origin.url("/0")), ErrorKind::network, "more than 10 redirects");
        CHECK(origin.requests().size() == 11);
    }
    SECTION("a loop") {
        origin.on("/loop", redirect(301, "/loop"));
        check_fails(fetcher.get(origin.url("/loop")), ErrorKind::network, "more than 10 redirects");
        CHECK(origin.requests().size() == 11);
    }
}

TEST_CASE("a feed has moved to where the leading run of permanent redirects ends") {
    struct Hop {
        int status;
        const char* location;
    };
    struct Case {
        const char* rule;
        std::vector<Hop> hops;  // from /0 on
        const char* moved_to;   // "" for nowhere
    };
    const auto test = GENERATE(values<Case>({
        {"no redirect", {}, ""},
        {"one", {{301, "/1"}}, "/1"},
        {"308 is as permanent as 301", {{308, "/1"}, {301, "/2"}}, "/2"},
        {"a temporary one ends the run", {{301, "/1"}, {302, "/2"}}, "/1"},
        {"what follows a temporary one is no move", {{302, "/1"}, {301, "/2"}}, ""},
        {"nor after it", {{301, "/1"}, {307, "/2"}, {308, "/3"}}, "/1"},
        {"303 is temporary", {{303, "/1"}}, ""},
    }));
    INFO(test.rule);
    Origin origin;
    for (std::size_t n = 0; n < test.hops.size(); ++n)
        origin.on(fmt::format("/{}", n), redirect(test.hops[n].status, test.hops[n].location));
    origin.on(fmt::format("/{}", test.hops.size()), ok("arrived"));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/0"));
    REQUIRE(response);
    CHECK(response->body == "arrived");
    CHECK(response->moved_to == (*test.moved_to == '\0' ? "" : origin.url(test.moved_to)));
}

TEST_CASE("a permanent redirect that comes back to the feed's own address is no move") {
    Origin origin;
    unsigned asked = 0;
    origin.on("/feed",
              [&](const SeenRequest&) -> Reply { return ++asked == 1 ? redirect(301, "/set-cookie") : ok("arrived"); });
    origin.on("/set-cookie", redirect(301, "/feed"));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->body == "arrived");
    CHECK(response->moved_to.empty());
}

TEST_CASE("where a feed has moved is told without its password") {
    Origin origin;
    origin.on("/feed", redirect(301, "/there"));
    origin.on("/there", ok("arrived"));
    Fetcher fetcher;
    const auto response = fetcher.get(fmt::format("http://joe:pw@127.0.0.1:{}/feed", origin.port()));
    REQUIRE(response);
    CHECK(response->moved_to == origin.url("/there"));
}

TEST_CASE("an answer tells its protocol, and how long all its hops took") {
    Origin origin;
    origin.on("/feed", agg::test::drip("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /there\r\n\r\n", 1ms));
    origin.on("/there", ok("arrived"));
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->http_version == "HTTP/1.1");
    CHECK(response->duration >= 50ms);  // the redirect alone has 60 bytes, a millisecond apart
    CHECK(response->duration < 20s);
}

TEST_CASE("no redirect leaves http and https") {
    const std::string location =
        GENERATE("file:///etc/passwd", "FILE:///etc/passwd", "gopher://127.0.0.1:70/x", "ftp://127.0.0.1/x",
                 "dict://127.0.0.1/x", "unix:///run/x", "javascript:alert(1)", "data:text/xml,x");
    INFO(location);
    Origin origin;
    origin.on("/feed", redirect(302, location));
    Fetcher fetcher;
    auto asked = request(origin.url("/feed"));
    asked.allow_file = true;
    const auto response = fetcher.get(asked);
    REQUIRE_FALSE(response);
    CHECK((response.error().kind == ErrorKind::forbidden || response.error().kind == ErrorKind::invalid));
}

TEST_CASE("no other scheme is asked for in the first place") {
    const std::string url = GENERATE("gopher://127.0.0.1:70/x", "ftp://127.0.0.1/x");
    Fetcher fetcher;
    check_fails(fetcher.get(url), ErrorKind::forbidden);
}

TEST_CASE("a redirect that is no address fails with its text") {
    const std::string location = GENERATE("http://", "http://[::1", "http://exa mple.org/", "http://127.0.0.1:99999/");
    Origin origin;
    origin.on("/feed", redirect(302, location));
    Fetcher fetcher;
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::invalid, location);
}

TEST_CASE("the body of a redirect is not waited for") {
    Origin origin;
    const std::string head = "HTTP/1.1 302 Found\r\nLocation: /there\r\n";
    origin.on("/there", ok("arrived"));
    SECTION("endless") { origin.on("/feed", agg::test::endless(head + "\r\n", std::string(4096, 'x'))); }
    SECTION("endless in chunks") {
        origin.on("/feed", agg::test::endless(head + "Transfer-Encoding: chunked\r\n\r\n", "4\r\nxxxx\r\n"));
    }
    SECTION("larger than any document") {
        origin.on("/feed", agg::test::hang(head + "Content-Length: 99999999999\r\n\r\nx"));
    }
    SECTION("hanging") { origin.on("/feed", agg::test::hang(head + "Content-Length: 10\r\n\r\n")); }
    SECTION("hanging in its middle") { origin.on("/feed", agg::test::hang(head + "Content-Length: 10\r\n\r\nhalf")); }
    SECTION("dripping") {
        origin.on("/feed", agg::test::drip(head + "Content-Length: 4000\r\n\r\n" + std::string(4000, 'x'), 5ms));
    }
    SECTION("cut") { origin.on("/feed", agg::test::raw(head + "Content-Length: 10\r\n\r\nhalf")); }
    SECTION("not what its encoding says") {
        origin.on("/feed",
                  agg::test::raw(head + "Content-Encoding: gzip\r\n\r\nno gzip at all, not even its first bytes"));
    }
    Fetcher fetcher(settings({.timeout = 10s}));
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->body == "arrived");
}

// Cookies and credentials.

TEST_CASE("cookies live within one poll and are never sent at the next") {
    Origin origin;
    origin.on("/feed", Answer{302, {{"Location", "/there"}, {"Set-Cookie", "visitor=7; Path=/; Max-Age=99999"}}, ""});
    origin.on("/there", Answer{200, {{"Set-Cookie", "more=8; Path=/; Max-Age=99999"}}, "x"});
    Fetcher fetcher;
    REQUIRE(fetcher.get(origin.url("/feed")));
    CHECK(origin.requests("/there").at(0).header("Cookie") == "visitor=7");
    REQUIRE(fetcher.get(origin.url("/feed")));
    CHECK_FALSE(origin.requests("/feed").at(1).has("Cookie"));
    CHECK(origin.requests("/there").at(1).header("Cookie") == "visitor=7");
}

TEST_CASE("cookies do not travel to another host") {
    Origin first, second("127.0.0.2");
    first.on("/feed", Answer{302, {{"Location", second.url("/feed")}, {"Set-Cookie", "visitor=7"}}, ""});
    Fetcher fetcher;
    REQUIRE(fetcher.get(first.url("/feed")));
    CHECK_FALSE(second.requests().at(0).has("Cookie"));
}

TEST_CASE("a feed's user and password go to its own scheme, host and port, and nowhere else") {
    Origin origin, other, elsewhere("127.0.0.2");
    const std::string url = fmt::format("http://joe:p%40ss@127.0.0.1:{}/feed", origin.port());
    const std::string joe = "Basic am9lOnBAc3M=";
    Fetcher fetcher;
    SECTION("on the first hop") {
        REQUIRE(fetcher.get(url));
        CHECK(origin.requests().at(0).header("Authorization") == joe);
        CHECK(origin.requests().at(0).target == "/feed");
    }
    SECTION("not to another port") {
        origin.on("/feed", redirect(302, other.url("/x")));
        REQUIRE(fetcher.get(url));
        CHECK_FALSE(other.requests().at(0).has("Authorization"));
    }
    SECTION("not to another host") {
        origin.on("/feed", redirect(302, elsewhere.url("/x")));
        REQUIRE(fetcher.get(url));
        CHECK_FALSE(elsewhere.requests().at(0).has("Authorization"));
    }
    SECTION("after a relative redirect") {
        origin.on("/feed", redirect(302, "/x"));
        REQUIRE(fetcher.get(url));
        CHECK(origin.requests("/x").at(0).header("Authorization") == joe);
    }
    SECTION("after an absolute redirect to the same place") {
        origin.on("/feed", redirect(302, origin.url("/x")));
        REQUIRE(fetcher.get(url));
        CHECK(origin.requests("/x").at(0).header("Authorization") == joe);
    }
    SECTION("back from elsewhere") {
        origin.on("/feed", redirect(302, elsewhere.url("/x")));
        elsewhere.on("/x", redirect(302, origin.url("/y")));
        REQUIRE(fetcher.get(url));
        CHECK_FALSE(elsewhere.requests().at(0).has("Authorization"));
    }
    SECTION("and not to whoever is asked next") {
        REQUIRE(fetcher.get(url));
        REQUIRE(fetcher.get(origin.url("/x")));
        CHECK_FALSE(origin.requests("/x").at(0).has("Authorization"));
    }
}

TEST_CASE("a redirect to an address with a password in it is refused") {
    Origin origin, other;
    origin.on("/feed", redirect(302, fmt::format("http://joe:pw@127.0.0.1:{}/x", other.port())));
    Fetcher fetcher;
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::forbidden, "password");
    CHECK(other.requests().empty());
}

// Addresses.

TEST_CASE("no spelling of a private address is connected to") {
    Origin origin;
    const std::string host =
        GENERATE("127.0.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1",
                 "127.0.1", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
                 "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "LOCALHOST",
                 "10.0.0.1", "169.254.169.254", "%31%32%37.0.0.1");
    const std::string url = fmt::format("http://{}:{}/feed", host, origin.port());
    INFO(url);
    Fetcher fetcher(nothing_private());
    SECTION("on the first hop") { check_fails(fetcher.get(url), ErrorKind::forbidden, "allow_private"); }
    SECTION("after a redirect") {
        Origin open("127.0.0.2");
        open.on("/feed", redirect(302, url));
        check_fails(fetcher.get(request_allowing_private(open.url("/feed"))), ErrorKind::forbidden, "allow_private");
    }
    CHECK(origin.connections() == 0);
}

TEST_CASE("a refusal names the place, the address and the setting") {
    Fetcher fetcher(nothing_private());
    check_fails(fetcher.get("http://2130706433:81/"), ErrorKind::forbidden, "127.0.0.1, which is no public address");
}

TEST_CASE("allow_private on a feed covers its own host and port, and nothing else") {
    Origin own, other_port, other_host("127.0.0.2");
    Fetcher fetcher(nothing_private());
    own.on("/there", ok("arrived"));
    SECTION("itself") { CHECK(fetcher.get(request_allowing_private(own.url("/there")))->body == "arrived"); }
    SECTION("itself after a redirect") {
        own.on("/feed", redirect(302, "/there"));
        CHECK(fetcher.get(request_allowing_private(own.url("/feed")))->body == "arrived");
    }
    SECTION("not another port") {
        own.on("/feed", redirect(302, other_port.url("/there")));
        check_fails(fetcher.get(request_allowing_private(own.url("/feed"))), ErrorKind::forbidden);
    }
    SECTION("not another host") {
        own.on("/feed", redirect(302, other_host.url("/there")));
        check_fails(fetcher.get(request_allowing_private(own.url("/feed"))), ErrorKind::forbidden);
    }
    SECTION("not the same host by another name") {
        own.on("/feed", redirect(302, fmt::format("http://localhost:{}/there", own.port())));
        check_fails(fetcher.get(request_allowing_private(own.url("/feed"))), ErrorKind::forbidden);
    }
    CHECK(other_port.connections() == 0);
    CHECK(other_host.connections() == 0);
}

TEST_CASE("a connection that only one feed may open is not used by another") {
    Origin origin;
    origin.on("/feed", ok("x"));
    Fetcher fetcher(nothing_private());
    REQUIRE(fetcher.get(request_allowing_private(origin.url("/feed"))));
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::forbidden);
    CHECK(origin.requests().size() == 1);
}

TEST_CASE("[fetch] allow_private opens a host and port for every feed, also on redirects") {
    Origin origin;
    auto of_client = nothing_private();
    of_client.allow_private = allowed({fmt::format("127.0.0.1:{}", origin.port())});
    Fetcher fetcher(of_client);
    origin.on("/feed", redirect(302, origin.url("/there")));
    origin.on("/there", ok("arrived"));
    CHECK(fetcher.get(origin.url("/feed"))->body == "arrived");
    Origin other;
    check_fails(fetcher.get(other.url("/feed")), ErrorKind::forbidden);
}

TEST_CASE("a name that does not exist and a port that nobody listens on are network errors") {
    Fetcher fetcher;
    check_fails(fetcher.get("http://no-such-host.invalid/"), ErrorKind::unreachable, "no-such-host.invalid");
    std::string closed;
    {
        Origin gone;
        closed = gone.url("/feed");
    }
    check_fails(fetcher.get(closed), ErrorKind::unreachable, "could not connect to 127.0.0.1:");
}

// Bodies.

TEST_CASE("a body arrives whole, whatever its framing") {
    std::string body;
    for (int n = 0; n < 20'000; ++n) body += fmt::format("item {}\n", n);
    Origin origin;
    const std::string ok_head = "HTTP/1.1 200 OK\r\n";
    SECTION("Content-Length") { origin.on("/feed", ok(body)); }
    SECTION("chunked") {
        origin.on("/feed", Answer{200, {{"Transfer-Encoding", "chunked"}}, agg::test::chunks(body, 1000)});
    }
    SECTION("until the connection closes") { origin.on("/feed", agg::test::raw(ok_head + "\r\n" + body)); }
    SECTION("gzip") { origin.on("/feed", Answer{200, {{"Content-Encoding", "gzip"}}, agg::test::gzip(body)}); }
    SECTION("gzip, chunked") {
        origin.on("/feed", Answer{200,
                                  {{"Content-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}},
                                  agg::test::chunks(agg::test::gzip(body), 777)});
    }
    SECTION("HTTP/1.0") { origin.on("/feed", agg::test::raw("HTTP/1.0 200 OK\r\n\r\n" + body)); }
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->body == body);
}

TEST_CASE("every encoding that is offered is decoded") {
    struct Encoded {
        std::string name;
        std::string body;
    };
    std::string text = "<rss>";
    for (int n = 0; n < 50; ++n) text += "<item>the same words, over and over</item>";
    text += "</rss>";
    const auto test = GENERATE_COPY(values<Encoded>({
        {"gzip", agg::test::gzip(text)},
        {"br", std::string("\x1f\x3e\x08\x00\x1c\x07\x6e\x2c\xc7\x62\x33\xf3\x0c\x35\x8f\x4f\xd9\x9c\x7c\x49"
                           "\x93\xab\x36\x3a\xd8\x80\x03\xf6\xb2\x71\x50\x19\xd8\x86\x0d\x38\x90\x38\x1c\x86"
                           "\x5f\xfc\xd2\x98\x4b\x3f\x84\x2c\x06\xa1\xf0\x6e\xbc\x1d\xed\x01",
                           56)},
        {"zstd", std::string("\x28\xb5\x2f\xfd\x00\x68\xa5\x01\x00\xe2\x02\x0a\x0f\xd0\xe7\x04\xc8\x4f\x32\x6d"
                             "\xd0\x7f\xa8\x94\x05\x07\xc2\x5a\xf6\x63\x38\x67\x09\x35\x8c\x28\x1a\x9d\x82\x0f"
                             "\x3c\xa9\x3e\xf1\x9a\xa4\x9d\xb3\x94\xfd\x58\x01\x02\x00\x09\x68\xca\x97\x51\x28\x4f",
                             61)},
    }));
    INFO(test.name);
    Origin origin;
    origin.on("/feed", Answer{200, {{"Content-Encoding", test.name}}, test.body});
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK_THAT(origin.requests().at(0).header("Accept-Encoding"), Contains(test.name));
    CHECK(response->body == text);
}

TEST_CASE("an answer without a body ends with its header, whatever length that states") {
    Origin origin;
    const int status = GENERATE(304, 204);
    origin.on("/feed", Answer{status, {{"Content-Length", "4711"}, {"ETag", "\"a\""}}, ""});
    Fetcher fetcher(settings({.timeout = 5s}));
    for (int n = 0; n < 2; ++n) {
        const auto response = fetcher.get(origin.url("/feed"));
        REQUIRE(response);
        CHECK(response->status == status);
        CHECK(response->body.empty());
        CHECK(response->headers.get("ETag") == "\"a\"");
    }
    CHECK(origin.connections() == 1);
}

TEST_CASE("bytes received are those on the wire, all hops included") {
    Origin origin;
    const std::string body(100'000, 'x');
    origin.on("/feed", redirect(302, "/there"));
    origin.on("/there", Answer{200, {{"Content-Encoding", "gzip"}}, agg::test::gzip(body)});
    Fetcher fetcher;
    const auto response = fetcher.get(origin.url("/feed"));
    REQUIRE(response);
    CHECK(response->body.size() == body.size());
    CHECK(response->bytes_received > agg::test::gzip(body).size());
    CHECK(response->bytes_received < 2000);
}

TEST_CASE("a body may be as large as the limit, and not a byte larger") {
    Origin origin;
    const std::size_t limit = 100'000;
    const std::string fits(limit, 'x'), too_large(limit + 1, 'x');
    Fetcher fetcher(settings({.timeout = 20s, .max_body_bytes = limit}));
    SECTION("that fits") {
        origin.on("/feed", ok(fits));
        CHECK(fetcher.get(origin.url("/feed"))->body.size() == limit);
    }
    SECTION("by Content-Length") { origin.on("/feed", ok(too_large)); }
    SECTION("announced and never sent") {
        origin.on("/feed", agg::test::hang("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n"));
    }
    SECTION("chunked") {
        origin.on("/feed", Answer{200, {{"Transfer-Encoding", "chunked"}}, agg::test::chunks(too_large, 4000)});
    }
    SECTION("endless") { origin.on("/feed", agg::test::endless("HTTP/1.1 200 OK\r\n\r\n", std::string(4096, 'x'))); }
    SECTION("only after decompression") {  // 48 KB of gzip became 48 MiB in four readers
        origin.on("/feed",
                  Answer{200, {{"Content-Encoding", "gzip"}}, agg::test::gzip(std::string(48 * 1024 * 1024, '\0'))});
    }
    SECTION("gzip that never decodes to anything") {
        // A gzip header whose file name never ends.
        origin.on("/feed", agg::test::endless("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" +
                                                  std::string("\x1f\x8b\x08\x08\0\0\0\0\0\x03", 10),
                                              std::string(4096, 'n')));
    }
    SECTION("an error page") { origin.on("/feed", Answer{500, {}, too_large}); }
    const auto response = fetcher.get(origin.url("/feed"));
    if (!response)
        check_fails(response, ErrorKind::too_large, "body is larger than 100000 bytes");
    else
        CHECK(response->body.size() == limit);
}

TEST_CASE("a header may not grow without end") {
    Origin origin;
    const std::string ok_head = "HTTP/1.1 200 OK\r\n";
    Fetcher fetcher(settings({.timeout = 20s, .max_header_bytes = 64 * 1024}));
    SECTION("by its lines") {
        origin.on("/feed", agg::test::endless(ok_head, "X-Line: " + std::string(100, 'x') + "\r\n"));
    }
    SECTION("by interim answers") {
        origin.on("/feed", agg::test::endless("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"));
    }
    SECTION("by its trailer") {
        origin.on("/feed", agg::test::endless(ok_head + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
                                              "X-Line: " + std::string(100, 'x') + "\r\n"));
    }
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::too_large, "header is larger than 65536 bytes");
}

TEST_CASE("a header line may not grow without end either") {
    Origin origin;
    origin.on("/feed", agg::test::endless("HTTP/1.1 200 OK\r\nX-Line: ", std::string(4096, 'x')));
    Fetcher fetcher;
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::too_large, "header has a line that is too long");
}

// Servers that break.

TEST_CASE("a server that hangs is left when the time is over") {
    Origin origin;
    SECTION("before its answer") { origin.on("/feed", agg::test::hang()); }
    SECTION("in its header") { origin.on("/feed", agg::test::hang("HTTP/1.1 200 OK\r\nContent-")); }
    SECTION("in its body") { origin.on("/feed", agg::test::hang("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")); }
    SECTION("before its body") { origin.on("/feed", agg::test::hang("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")); }
    SECTION("after a redirect") {
        origin.on("/feed", redirect(302, "/there"));
        origin.on("/there", agg::test::hang());
    }
    SECTION("dripping") {
        origin.on("/feed",
                  agg::test::drip("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + std::string(9999, 'x'), 10ms));
    }
    Fetcher fetcher(settings({.timeout = 300ms}));
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::timeout);
}

TEST_CASE("a server that sends too little for too long is left, whatever time there is") {
    Origin origin;
    origin.on("/feed",
              agg::test::drip("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + std::string(9999, 'x'), 50ms));
    Fetcher fetcher(settings({.timeout = 60s, .slow_for = 1s}));
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::timeout, "too slow");
}

TEST_CASE("the time is that of the whole poll, not of each hop") {
    Origin origin;
    const std::string head = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ";
    for (int n = 0; n < 20; ++n)
        origin.on(fmt::format("/{}", n), agg::test::drip(fmt::format("{}/{}\r\n\r\n", head, n + 1), 4ms));
    Fetcher fetcher(settings({.timeout = 600ms, .max_redirects = 20}));
    check_fails(fetcher.get(origin.url("/0")), ErrorKind::timeout);
    CHECK(origin.requests().size() < 20);
}

TEST_CASE("a body that is cut short is no document") {
    const std::string ok_head = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\n";
    Origin origin;
    SECTION("by Content-Length") { origin.on("/feed", agg::test::raw(ok_head + "Content-Length: 100\r\n\r\nhalf")); }
    SECTION("before its first byte") { origin.on("/feed", agg::test::raw(ok_head + "Content-Length: 100\r\n\r\n")); }
    SECTION("between two chunks") {
        origin.on("/feed", agg::test::raw(ok_head + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"));
    }
    SECTION("within a chunk") {
        origin.on("/feed", agg::test::raw(ok_head + "Transfer-Encoding: chunked\r\n\r\nff\r\nhalf"));
    }
    SECTION("by a reset") { origin.on("/feed", agg::test::reset(ok_head + "Content-Length: 100\r\n\r\nhalf")); }
    SECTION("in its header") { origin.on("/feed", agg::test::raw(ok_head)); }
    SECTION("before its header") { origin.on("/feed", agg::test::raw("")); }
    SECTION("by a reset before its header") { origin.on("/feed", agg::test::reset()); }
    Fetcher fetcher;
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::network, "broke off");
    CHECK(origin.requests().size() == 1);
}

TEST_CASE("what is no HTTP fails as the server's fault") {
    Origin origin;
    SECTION("no status line") { origin.on("/feed", agg::test::raw("<rss version='2.0'><channel/></rss>")); }
    SECTION("another protocol") { origin.on("/feed", agg::test::raw("220 mail.example ESMTP\r\n")); }
    SECTION("a chunk that is none") {
        origin.on("/feed", agg::test::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n"));
    }
    SECTION("a length that is none") {
        origin.on("/feed", agg::test::raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhalf"));
    }
    SECTION("gzip that is none") {
        origin.on("/feed", Answer{200, {{"Content-Encoding", "gzip"}}, "this is plain text, whatever it claims to be"});
    }
    SECTION("an encoding that nobody asked for") {
        origin.on("/feed", Answer{200, {{"Content-Encoding", "rot13"}}, "plain"});
    }
    Fetcher fetcher;
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::network);
}

// Connections.

TEST_CASE("a connection is used again for the same host") {
    Origin origin;
    origin.on("/feed", ok("x"));
    Fetcher fetcher;
    for (int n = 0; n < 5; ++n) REQUIRE(fetcher.get(origin.url("/feed")));
    CHECK(origin.connections() == 1);
}

TEST_CASE("a connection is used again after every answer that is whole") {
    Origin origin;
    const std::string large(10'000, 'x');
    SECTION("a 304") { origin.on("/feed", Answer{304, {}, ""}); }
    SECTION("an error page") { origin.on("/feed", Answer{500, {}, large}); }
    SECTION("a redirect without a body") { origin.on("/feed", Answer{302, {{"Location", "/there"}}, ""}); }
    SECTION("a redirect whose body is skipped") { origin.on("/feed", Answer{302, {{"Location", "/there"}}, large}); }
    SECTION("a redirect in chunks") {
        origin.on(
            "/feed",
            Answer{301, {{"Location", "/there"}, {"Transfer-Encoding", "chunked"}}, agg::test::chunks(large, 1000)});
    }
    origin.on("/there", ok("x"));
    Fetcher fetcher;
    for (int n = 0; n < 3; ++n) REQUIRE(fetcher.get(origin.url("/feed")));
    CHECK(origin.connections() == 1);
}

TEST_CASE("a redirect with a short body keeps the connection") {
    Origin origin;
    origin.on("/feed", redirect(302, "/there"));
    Fetcher fetcher;
    REQUIRE(fetcher.get(origin.url("/feed")));
    CHECK(origin.connections() == 1);
}

TEST_CASE("a server that closed the kept connection is simply connected to again") {
    Origin origin;
    origin.on("/feed", Answer{200, {{"Connection", "close"}}, "x"});
    Fetcher fetcher;
    for (int n = 0; n < 3; ++n) REQUIRE(fetcher.get(origin.url("/feed")));
    CHECK(origin.connections() == 3);
}

TEST_CASE("twenty transfers run at once, and each gets its own answer") {
    Origin origin;
    std::promise<void> all_arrived;
    const auto gate = all_arrived.get_future().share();
    origin.on("/feed", [gate](const SeenRequest& seen) { return Reply(ok(seen.target)).when(gate); });
    Fetcher fetcher;
    std::vector<std::optional<Result<Response>>> responses(20);
    for (std::size_t n = 0; n < responses.size(); ++n)
        fetcher.start(request(origin.url(fmt::format("/feed?{}", n))), responses[n]);
    while (origin.requests().size() < responses.size()) fetcher.io.run_one_for(10ms);
    all_arrived.set_value();
    for (const auto& response : responses) fetcher.run_until_set(response);
    for (std::size_t n = 0; n < responses.size(); ++n) {
        REQUIRE(*responses[n]);
        CHECK((*responses[n])->body == fmt::format("/feed?{}", n));
    }
    CHECK(origin.most_at_once() == 20);
}

TEST_CASE("a server that hangs holds up nobody else") {
    Origin hanging, healthy;
    hanging.on("/feed", agg::test::hang());
    healthy.on("/feed", ok("x"));
    Fetcher fetcher;
    std::optional<Result<Response>> stuck;
    fetcher.start(request(hanging.url("/feed")), stuck);
    for (int n = 0; n < 10; ++n) REQUIRE(fetcher.get(healthy.url("/feed")));
    CHECK_FALSE(stuck);
    fetcher.client.stop();
    fetcher.run_until_set(stuck);
}

TEST_CASE("transfers of every kind in any order leave nothing behind") {
    Origin origin;
    origin.on("/ok", ok("x"));
    origin.on("/moved", redirect(302, "/ok"));
    origin.on("/closed", Answer{200, {{"Connection", "close"}}, "x"});
    origin.on("/hang", agg::test::hang());
    origin.on("/reset", agg::test::reset());
    origin.on("/cut", agg::test::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"));
    origin.on("/endless", agg::test::endless("HTTP/1.1 200 OK\r\n\r\n", std::string(4096, 'x')));
    const std::vector<std::string> targets = {"/ok", "/moved", "/closed", "/hang", "/reset", "/cut", "/endless"};
    Fetcher fetcher(settings({.timeout = 400ms, .max_body_bytes = 20'000}));
    std::vector<std::optional<Result<Response>>> responses(140);
    for (std::size_t n = 0; n < responses.size(); ++n)
        fetcher.start(request(origin.url(targets[n % targets.size()])), responses[n]);
    for (const auto& response : responses) fetcher.run_until_set(response);
    for (std::size_t n = 0; n < responses.size(); ++n) {
        INFO(targets[n % targets.size()]);
        if (n % targets.size() >= 3) CHECK_FALSE(*responses[n]);
    }
    REQUIRE(fetcher.get(origin.url("/ok")));
}

// The end.

TEST_CASE("stop() ends what runs, and what is asked later") {
    Origin origin;
    origin.on("/feed", agg::test::hang());
    Fetcher fetcher;
    std::vector<std::optional<Result<Response>>> running(3);
    for (auto& response : running) fetcher.start(request(origin.url("/feed")), response);
    while (origin.requests().size() < running.size()) fetcher.io.run_one_for(10ms);
    fetcher.client.stop();
    for (const auto& response : running) {
        fetcher.run_until_set(response);
        check_fails(*response, ErrorKind::unavailable);
    }
    check_fails(fetcher.get(origin.url("/feed")), ErrorKind::unavailable);
    auto file = request("file:///etc/hostname");
    file.allow_file = true;
    check_fails(fetcher.get(file), ErrorKind::unavailable);
    fetcher.client.stop();  // once more does no harm
    CHECK(origin.requests().size() == 3);
}

TEST_CASE("a client that ends while transfers run ends them with it") {
    Origin origin;
    origin.on("/feed", agg::test::hang());
    std::vector<std::optional<Result<Response>>> running(3);
    {
        Fetcher fetcher;
        for (auto& response : running) fetcher.start(request(origin.url("/feed")), response);
        while (origin.requests().size() < running.size()) fetcher.io.run_one_for(10ms);
    }
    for (const auto& response : running) CHECK_FALSE(response);
}

// Files.

namespace {

Request file_request(const std::string& path, Validators validators = {}) {
    auto asked = request("file://" + path, std::move(validators));
    asked.allow_file = true;
    return asked;
}

void write_file(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

TEST_CASE("a file is read like a server's answer") {
    const test::TemporaryFolder folder;
    write_file(folder / "a feed.xml", "<rss/>");
    Fetcher fetcher;
    const auto response = fetcher.get(file_request(folder / "a%20feed.xml"));
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->body == "<rss/>");
    CHECK(response->url == "file://" + (folder / "a%20feed.xml"));
    CHECK(response->bytes_received == 6);
}

TEST_CASE("a file that did not change is not read again") {
    const test::TemporaryFolder folder;
    write_file(folder / "feed.xml", "<rss/>");
    Fetcher fetcher;
    const auto first = fetcher.get(file_request(folder / "feed.xml"));
    REQUIRE(first);
    const Validators validators{first->headers.get("ETag"), ""};
    REQUIRE_FALSE(validators.etag.empty());
    const auto again = fetcher.get(file_request(folder / "feed.xml", validators));
    REQUIRE(again);
    CHECK(again->status == 304);
    CHECK(again->body.empty());
    CHECK(again->headers.get("ETag") == validators.etag);
    write_file(folder / "feed.xml", "<rss>longer</rss>");
    CHECK(fetcher.get(file_request(folder / "feed.xml", validators))->body == "<rss>longer</rss>");
}

TEST_CASE("a file is read only for a feed of feeds.conf") {
    const test::TemporaryFolder folder;
    write_file(folder / "feed.xml", "<rss/>");
    Fetcher fetcher;
    check_fails(fetcher.get("file://" + (folder / "feed.xml")), ErrorKind::forbidden, "feeds.conf");
}

TEST_CASE("what is no regular file is refused at once") {
    const test::TemporaryFolder folder;
    Fetcher fetcher;
    SECTION("a folder") {
        check_fails(fetcher.get(file_request(folder.path())), ErrorKind::invalid, "not a regular file");
    }
    SECTION("a FIFO that nobody writes to") {
        REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
        check_fails(fetcher.get(file_request(folder / "fifo")), ErrorKind::invalid, "not a regular file");
    }
    SECTION("a device") {
        check_fails(fetcher.get(file_request("/dev/zero")), ErrorKind::invalid, "not a regular file");
    }
    SECTION("nothing") {
        check_fails(fetcher.get(file_request(folder / "none.xml")), ErrorKind::network, "No such file");
    }
}

TEST_CASE("a file may be as large as the limit, and not a byte larger") {
    const test::TemporaryFolder folder;
    write_file(folder / "feed.xml", std::string(1000, 'x'));
    Fetcher fits(settings({.max_body_bytes = 1000})), too_large(settings({.max_body_bytes = 999}));
    CHECK(fits.get(file_request(folder / "feed.xml"))->body.size() == 1000);
    check_fails(too_large.get(file_request(folder / "feed.xml")), ErrorKind::too_large, "larger than 999 bytes");
}

TEST_CASE("an empty file is an empty answer") {
    const test::TemporaryFolder folder;
    write_file(folder / "feed.xml", "");
    Fetcher fetcher;
    CHECK(fetcher.get(file_request(folder / "feed.xml"))->body.empty());
}
