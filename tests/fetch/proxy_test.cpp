// Proxies: which one a feed goes through, what is still checked on the way, and what nobody gets to see.
#include "fetch/proxy.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "base/proxy.hpp"
#include "fetcher.hpp"

using namespace agg;
using namespace agg::test;
using Catch::Contains;

namespace {

// The proxy variables of the environment: those given, and no other, until the test ends.
class Environment {
  public:
    explicit Environment(std::initializer_list<std::pair<const char*, const char*>> variables) {
        for (const char* name : k_names) {
            if (const char* old = std::getenv(name)) before_[name] = old;
            ::unsetenv(name);
        }
        for (const auto& [name, value] : variables) ::setenv(name, value, 1);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() {
        for (const char* name : k_names) ::unsetenv(name);
        for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
    }

  private:
    static constexpr const char* k_names[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                              "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
    std::map<std::string, std::string> before_;
};

std::string from_environment(const std::string& url) {
    const auto read = ProxyEnvironment::read();
    if (!read) throw std::invalid_argument(read.error().message);
    return read->proxy_for(*Url::parse(url));
}

// Nothing private may be reached, but the proxy itself is on loopback.
ClientSettings through(const std::string& proxy) {
    auto all = nothing_private();
    all.proxy = proxy;
    return all;
}

// A SOCKS5 proxy (RFC 1928) for one connection, which plays the publisher behind it as well.
class SocksProxy {
  public:
    SocksProxy() {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in bound{};
        bound.sin_family = AF_INET;
        bound.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof bound;
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&bound), size) != 0 || ::listen(listener_, 1) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size) != 0)
            throw std::runtime_error("cannot listen");
        port_ = ntohs(bound.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~SocksProxy() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // The name that it was asked to connect to; "" when it was given an address. After the transfer.
    [[nodiscard]] const std::string& asked_name() const { return asked_name_; }

  private:
    void serve() {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        const auto take = [&](std::size_t count) {
            std::string bytes(count, '\0');
            return ::recv(socket, bytes.data(), count, MSG_WAITALL) == static_cast<ssize_t>(count) ? bytes : "";
        };
        const auto give = [&](std::string_view bytes) {
            (void)::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        };
        const std::string greeting = take(2);
        if (greeting.size() == 2) (void)take(static_cast<unsigned char>(greeting[1]));
        give(std::string_view("\x05\x00", 2));  // no authentication
        const std::string command = take(4);
        if (command.size() == 4 && command[3] == 3) {
            asked_name_ = take(static_cast<unsigned char>(take(1)[0]));
            (void)take(2);
        } else {
            (void)take(6);
        }
        give(std::string_view("\x05\x00\x00\x01\0\0\0\0\0\0", 10));
        std::string head;
        for (std::string byte; !head.ends_with("\r\n\r\n") && !(byte = take(1)).empty();) head += byte;
        give(to_bytes(ok("arrived")));
        ::close(socket);
    }

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::string asked_name_;
    std::thread thread_;
};

}  // namespace

// How a proxy is written, and which one it is.

TEST_CASE("a proxy is a scheme, a host and a port; without a scheme it is http, as curl has it") {
    CHECK(parse_proxy("http://proxy.example:3128") == "http://proxy.example:3128");
    CHECK(parse_proxy("proxy.example:3128") == "http://proxy.example:3128");
    CHECK(parse_proxy("https://joe:pw@proxy.example:443/") == "https://joe:pw@proxy.example:443");
    CHECK(parse_proxy(" socks5h://[::1]:1080 ") == "socks5h://[::1]:1080");
    CHECK(parse_proxy("socks5://127.0.0.1:1080") == "socks5://127.0.0.1:1080");
    CHECK(parse_proxy("").value().empty());
    CHECK(parse_proxy("None").value().empty());
}

TEST_CASE("what is no proxy says why, and repeats no password") {
    const auto why = [](std::string_view text) {
        const auto parsed = parse_proxy(text);
        return parsed ? "" : parsed.error().message;
    };
    CHECK_THAT(why("ftp://joe:horse@proxy.example"), Contains("begins with \"ftp:\"") && !Contains("horse"));
    CHECK_THAT(why("socks4://proxy.example:1080"), Contains("begins with \"socks4:\""));
    CHECK_THAT(why("http://joe:horse@:3128"), Contains("is not the address of a proxy") && !Contains("horse"));
    CHECK_THAT(why("http://proxy.example:3128/path"), Contains("behind its port"));
}

TEST_CASE("the environment's proxies are those of curl") {
    SECTION("one for each scheme") {
        const Environment set{{"http_proxy", "http://a.example:1"}, {"https_proxy", "b.example:2"}};
        CHECK(from_environment("http://x.example/") == "http://a.example:1");
        CHECK(from_environment("https://x.example/") == "http://b.example:2");
    }
    SECTION("one for all that have none") {
        const Environment set{{"ALL_PROXY", "socks5h://a.example:1"}, {"HTTPS_PROXY", "http://b.example:2"}};
        CHECK(from_environment("http://x.example/") == "socks5h://a.example:1");
        CHECK(from_environment("https://x.example/") == "http://b.example:2");
    }
    SECTION("HTTP_PROXY, which a web server sets from a client's header, is not one of them") {
        const Environment set{{"HTTP_PROXY", "http://a.example:1"}};
        CHECK(from_environment("http://x.example/").empty());
    }
    SECTION("no_proxy takes hosts out") {
        const Environment set{{"http_proxy", "http://a.example:1"}, {"NO_PROXY", "x.example"}};
        CHECK(from_environment("http://x.example/").empty());
        CHECK(from_environment("http://y.example/") == "http://a.example:1");
    }
    SECTION("one that cannot be read is named, without its text") {
        const Environment set{{"https_proxy", "gopher://joe:horse@a.example"}};
        const auto read = ProxyEnvironment::read();
        REQUIRE_FALSE(read);
        CHECK_THAT(read.error().message, Contains("the environment variable https_proxy") && !Contains("horse"));
    }
}

TEST_CASE("no_proxy names hosts, domains, addresses and networks") {
    struct Case {
        const char* no_proxy;
        const char* host;
        bool named;
    };
    const auto test = GENERATE(values<Case>({
        {"", "a.example", false},
        {"*", "a.example", true},
        {"a.example", "a.example", true},
        {"A.Example", "a.example", true},
        {"a.example", "www.a.example", true},
        {".a.example", "www.a.example", true},
        {".a.example", "a.example", true},
        {"a.example", "ba.example", false},
        {"a.example", "a.example.org", false},
        {"a.example.", "a.example", true},
        {"b.example, a.example", "a.example", true},
        {"b.example a.example", "a.example", true},
        {"10.0.0.1", "10.0.0.1", true},
        {"10.0.0.0/8", "10.1.2.3", true},
        {"10.0.0.0/8", "11.1.2.3", false},
        {"0.0.1", "10.0.0.1", false},
        {"::1", "[::1]", true},
        {"fd00::/8", "[fd12::1]", true},
    }));
    INFO(test.no_proxy << " and " << test.host);
    CHECK(is_without_proxy(test.no_proxy, test.host) == test.named);
}

TEST_CASE("a feed's own proxy goes before that of [fetch], and that before the environment's") {
    auto all = settings();
    all.proxy_environment.http = "http://environment.example:1";
    auto asked = request("http://x.example/feed");
    CHECK(all.proxy_for(asked, asked.url) == "http://environment.example:1");
    all.proxy_environment.no_proxy = "x.example";
    CHECK(all.proxy_for(asked, asked.url).empty());
    all.proxy = "http://fetch.example:2";
    CHECK(all.proxy_for(asked, asked.url) == "http://fetch.example:2");
    all.proxy = "";
    CHECK(all.proxy_for(asked, asked.url).empty());
    asked.transfer.proxy = "http://own.example:3";
    CHECK(all.proxy_for(asked, asked.url) == "http://own.example:3");
    all.proxy = "http://fetch.example:2";
    asked.transfer.proxy = "";
    CHECK(all.proxy_for(asked, asked.url).empty());
}

// On the way.

TEST_CASE("an http proxy is asked for the whole address, and resolves its name") {
    Origin proxy;
    proxy.on("http://no-such-host.invalid/feed?a=1", ok("arrived"));
    Fetcher fetcher(through(proxy.url("")));
    const auto response = fetcher.get("http://no-such-host.invalid/feed?a=1");
    REQUIRE(response);
    CHECK(response->body == "arrived");
    CHECK(response->url == "http://no-such-host.invalid/feed?a=1");
}

TEST_CASE("a socks5h proxy resolves the name") {
    SocksProxy proxy;
    std::optional<Result<Response>> response;
    {
        Fetcher fetcher(through(fmt::format("socks5h://127.0.0.1:{}", proxy.port())));
        response = fetcher.get("http://no-such-host.invalid/feed");
    }
    REQUIRE(*response);
    CHECK((*response)->body == "arrived");
    CHECK(proxy.asked_name() == "no-such-host.invalid");
}

TEST_CASE("no proxy of the environment is used when feeds.conf says none") {
    Origin proxy, origin;
    origin.on("/feed", ok("directly"));
    const std::string address = proxy.url("");
    const Environment set{{"http_proxy", address.c_str()}};
    Fetcher fetcher;  // libcurl would read the environment itself
    CHECK(fetcher.get(origin.url("/feed"))->body == "directly");
    CHECK(proxy.connections() == 0);
}

TEST_CASE("a private address is refused through a proxy too, in any spelling") {
    const std::string host = GENERATE("10.0.0.1", "127.0.0.1", "2130706433", "0x7f.1", "127.0.0.1.", "[::1]",
                                      "[::ffff:10.0.0.1]", "169.254.169.254", "localhost", "a.LOCALHOST", "localhost.");
    const std::string kind = GENERATE("http", "socks5", "socks5h");
    Origin proxy;
    const std::string address = fmt::format("{}://127.0.0.1:{}", kind, proxy.port());
    INFO(host << " through " << address);
    SECTION("on the first hop") {
        Fetcher fetcher(through(address));
        check_fails(fetcher.get("http://" + host + "/feed"), ErrorKind::forbidden, "allow_private");
        CHECK(proxy.connections() == 0);
    }
    SECTION("after a redirect") {
        if (kind != "http") return;
        proxy.on("http://a.example/feed", redirect(302, "http://" + host + "/feed"));
        Fetcher fetcher(through(address));
        check_fails(fetcher.get("http://a.example/feed"), ErrorKind::forbidden, "allow_private");
        CHECK(proxy.requests().size() == 1);
    }
}

TEST_CASE("a proxy may be at a private address; that opens the address to no feed") {
    Origin proxy;
    proxy.on("http://a.example/feed", redirect(302, proxy.url("/secret")));
    Fetcher fetcher(through(proxy.url("")));
    check_fails(fetcher.get("http://a.example/feed"), ErrorKind::forbidden);
    auto asked = request(proxy.url("/secret"));
    asked.transfer.proxy = "";
    check_fails(fetcher.get(asked), ErrorKind::forbidden);
    CHECK(proxy.requests().size() == 1);
}

TEST_CASE("a tunnel is asked for without what is meant for the publisher") {
    Origin proxy;
    proxy.on("a.example:443", Answer{403, {}, "no"});
    Fetcher fetcher(through(proxy.url("")));
    auto asked = request("https://joe:horse@a.example/feed");
    asked.transfer.headers = {{"X-Token", "4711"}};
    check_fails(fetcher.get(asked), ErrorKind::network, "through the proxy");
    const auto seen = proxy.requests().at(0);
    CHECK(seen.method == "CONNECT");
    CHECK_FALSE(seen.has("X-Token"));
    CHECK_FALSE(seen.has("Authorization"));
    CHECK_FALSE(seen.has("Accept"));
}

TEST_CASE("a proxy gets its password, and no message does") {
    Origin proxy;
    proxy.on("http://a.example/feed", ok("arrived"));
    proxy.on("http://b.example/feed", Answer{407, {{"Proxy-Authenticate", "Basic realm=\"x\""}}, ""});
    const std::string with_password = fmt::format("http://joe:horse@127.0.0.1:{}", proxy.port());
    Fetcher fetcher(through(with_password));
    REQUIRE(fetcher.get("http://a.example/feed"));
    CHECK(proxy.requests().at(0).header("Proxy-Authorization") == "Basic am9lOmhvcnNl");
    CHECK_FALSE(proxy.requests().at(0).has("Authorization"));
    const auto refused = fetcher.get("http://b.example/feed");
    check_fails(refused, ErrorKind::network, fmt::format("the proxy http://127.0.0.1:{}", proxy.port()));
    CHECK_THAT(refused.error().message, !Contains("horse"));
}

TEST_CASE("a proxy that is not there is named, without its password") {
    std::string proxy = "http://joe:horse@no-such-host.invalid:1";
    SECTION("no such name") {}
    SECTION("nobody listens") {
        const Origin gone;
        proxy = fmt::format("http://joe:horse@127.0.0.1:{}", gone.port());
    }
    Fetcher fetcher(through(proxy));
    const auto response = fetcher.get("http://a.example/feed");
    check_fails(response, ErrorKind::unreachable, "the proxy http://");
    CHECK_THAT(response.error().message, !Contains("horse"));
}
