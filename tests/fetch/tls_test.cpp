// TLS and HTTP/2, against OpenSSL's and nghttp2's own servers.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>

#include "fetcher.hpp"
#include "support/process.hpp"

using namespace agg;
using namespace agg::test;
using Catch::Contains;

namespace {

// A certificate for 127.0.0.1, signed by itself, in files.
struct Certificate {
    Certificate() {
        const auto made = run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                               "-nodes", "-keyout", key, "-out", file, "-days", "2", "-subj", "/CN=test", "-addext",
                               "subjectAltName=IP:127.0.0.1"});
        if (made.exit_code != 0) throw std::runtime_error("openssl made no certificate: " + made.err);
    }
    TemporaryFolder folder;
    std::string key = folder / "key.pem";
    std::string file = folder / "certificate.pem";
};

// One for all tests: making it takes longer than they do.
const Certificate& certificate() {
    static const Certificate made;
    return made;
}

std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in bound{};
    bound.sin_family = AF_INET;
    bound.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof bound;
    const bool done = ::bind(socket, reinterpret_cast<const sockaddr*>(&bound), size) == 0 &&
                      ::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) == 0;
    ::close(socket);
    if (!done) throw std::runtime_error("no free port");
    return ntohs(bound.sin_port);
}

void wait_for_listener(std::uint16_t port) {
    wait_until("the server listened", [&] {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in there{};
        there.sin_family = AF_INET;
        there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        there.sin_port = htons(port);
        const bool open = ::connect(socket, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0;
        ::close(socket);
        return open;
    });
}

// Sends the files of its folder, which hold whole HTTP/1.1 answers, over TLS; one connection for each.
class TlsOrigin {
  public:
    TlsOrigin() {
        // s_server takes files of its working folder only.
        server_ = std::make_unique<Process>(std::vector<std::string>{
            "sh", "-c",
            fmt::format("cd '{}' && exec openssl s_server -HTTP -accept 127.0.0.1:{} -key '{}' -cert '{}'",
                        folder_.path(), port_, certificate().key, certificate().file)});
        wait_for_listener(port_);
    }
    void on(const std::string& name, const Answer& answer) { write_file(folder_ / name, to_bytes(answer)); }
    [[nodiscard]] std::string url(const std::string& name) const {
        return fmt::format("https://127.0.0.1:{}/{}", port_, name);
    }

  private:
    TemporaryFolder folder_;
    std::uint16_t port_ = free_port();
    std::unique_ptr<Process> server_;
};

// Sends the files of its folder over HTTP/2.
class Http2Origin {
  public:
    Http2Origin() {
        server_ = std::make_unique<Process>(std::vector<std::string>{
            "/usr/sbin/nghttpd", "--verbose", "--address=127.0.0.1", "--htdocs=" + folder_.path(),
            std::to_string(port_), certificate().key, certificate().file});
        wait_for_listener(port_);
    }
    void on(const std::string& name, const std::string& body) { write_file(folder_ / name, body); }
    [[nodiscard]] std::string url(const std::string& name) const {
        return fmt::format("https://127.0.0.1:{}/{}", port_, name);
    }
    // How many connections have asked for something.
    [[nodiscard]] std::size_t connections() const {
        std::set<std::string> all;
        const std::string log = server_->out();
        for (std::size_t at = 0; (at = log.find(":method: GET", at)) != std::string::npos; ++at) {
            const std::size_t line = log.rfind("[id=", at);
            all.insert(log.substr(line, log.find(']', line) - line));
        }
        return all.size();
    }

  private:
    TemporaryFolder folder_;
    std::uint16_t port_ = free_port();
    std::unique_ptr<Process> server_;
};

ClientSettings trusting() {
    auto all = settings();
    all.ca_file = certificate().file;
    return all;
}

}  // namespace

TEST_CASE("a certificate that nobody vouches for is refused") {
    TlsOrigin origin;
    origin.on("feed", ok("arrived"));
    Fetcher strangers;
    check_fails(strangers.get(origin.url("feed")), ErrorKind::network, "the certificate of 127.0.0.1");
    Fetcher friends(trusting());
    const auto response = friends.get(origin.url("feed"));
    REQUIRE(response);
    CHECK(response->body == "arrived");
}

TEST_CASE("a certificate for another name is refused") {
    TlsOrigin origin;
    origin.on("feed", ok("arrived"));
    std::string by_name = origin.url("feed");
    by_name.replace(by_name.find("127.0.0.1"), 9, "localhost");
    Fetcher fetcher(trusting());
    check_fails(fetcher.get(by_name), ErrorKind::network, "the certificate of localhost");
}

TEST_CASE("no feed moves for good from https to http") {
    TlsOrigin encrypted;
    Origin open;
    open.on("/feed", ok("arrived"));
    encrypted.on("feed", redirect(301, "/next"));
    encrypted.on("next", redirect(301, open.url("/feed")));
    Fetcher fetcher(trusting());
    const auto response = fetcher.get(encrypted.url("feed"));
    REQUIRE(response);
    CHECK(response->body == "arrived");
    CHECK(response->moved_to == encrypted.url("next"));
}

TEST_CASE("a feed may move for good from http to https") {
    Origin open;
    TlsOrigin encrypted;
    open.on("/feed", redirect(301, encrypted.url("feed")));
    encrypted.on("feed", ok("arrived"));
    Fetcher fetcher(trusting());
    const auto response = fetcher.get(open.url("/feed"));
    REQUIRE(response);
    CHECK(response->moved_to == encrypted.url("feed"));
}

TEST_CASE("a password and a feed's own header lines do not go from https to http") {
    TlsOrigin encrypted;
    Origin open;
    encrypted.on("feed", redirect(302, open.url("/feed")));
    Fetcher fetcher(trusting());
    std::string url = encrypted.url("feed");
    url.insert(url.find("127"), "joe:horse@");
    auto asked = request(url);
    asked.transfer.headers = {{"X-Token", "4711"}};
    REQUIRE(fetcher.get(asked));
    CHECK_FALSE(open.requests().at(0).has("Authorization"));
    CHECK_FALSE(open.requests().at(0).has("X-Token"));
}

TEST_CASE("over TLS, HTTP/2 is spoken with who can, on one connection, also after a 304") {
    Http2Origin origin;
    origin.on("feed", "<rss/>");
    Fetcher fetcher(trusting());
    const auto first = fetcher.get(origin.url("feed"));
    REQUIRE(first);
    CHECK(first->http_version == "HTTP/2");
    CHECK(first->body == "<rss/>");
    const Validators known{"", first->headers.get("Last-Modified")};
    REQUIRE_FALSE(known.empty());
    for (int n = 0; n < 3; ++n) CHECK(fetcher.get(request(origin.url("feed"), known))->status == 304);
    CHECK(fetcher.get(origin.url("none"))->status == 404);
    CHECK(fetcher.get(origin.url("feed"))->status == 200);
    CHECK(origin.connections() == 1);
}
