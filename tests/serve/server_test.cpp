#include "serve/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <poll.h>

#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>

#include "base/time.hpp"
#include "serve/running_server.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;
using namespace std::chrono_literals;

namespace {

std::atomic<unsigned> slow_requests_running = 0;

Task<Response> slow_answer(Request request) {
    ++slow_requests_running;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(std::chrono::milliseconds(std::stoi(std::string(request.parameter("ms").value_or("0")))));
    co_await timer.async_wait(asio::use_awaitable);
    co_return text_response(200, "slow");
}

// Gives its pieces, then waits until the client is gone.
class Stream : public BodyStream {
  public:
    Stream(std::deque<std::string> pieces, bool ends) : pieces_(std::move(pieces)), ends_(ends) {}
    Task<std::optional<std::string>> next() override {
        ++asked;
        if (!pieces_.empty()) {
            std::string piece = std::move(pieces_.front());
            pieces_.pop_front();
            if (piece == "throw") throw std::runtime_error("the disk is on fire");
            co_return piece;
        }
        if (ends_) co_return std::nullopt;
        wake_.emplace(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await wait_on(*wake_);
        co_return std::nullopt;
    }
    void abandon() override {
        ++abandoned;
        if (wake_) wake_->cancel();
    }
    static inline std::atomic<unsigned> asked = 0, abandoned = 0;

  private:
    std::deque<std::string> pieces_;
    bool ends_;
    std::optional<asio::steady_timer> wake_;
};

Response streamed(std::deque<std::string> pieces, bool ends = true) {
    Response answer;
    answer.stream = std::make_shared<Stream>(std::move(pieces), ends);
    return answer;
}

// Tells what arrived.
Task<Response> echo(Request request) {
    if (request.path == "/pieces") co_return streamed({"one, ", "two, ", "three"});
    if (request.path == "/waiting") co_return streamed({"one"}, false);
    if (request.path == "/broken") co_return streamed({"one", "throw"});
    if (request.path == "/endless") co_return streamed(std::deque<std::string>(5000, std::string(100'000, 'x')));
    if (request.path == "/throw") throw std::runtime_error("the disk is on fire");
    if (request.path == "/slow") {
        Task<Response> answer = slow_answer(std::move(request));
        co_return co_await std::move(answer);
    }
    if (request.path == "/big") co_return text_response(200, std::string(20'000'000, 'x'));
    if (request.path == "/unchanged") {
        Response unchanged;
        unchanged.status = 304;
        unchanged.headers.emplace_back("ETag", "\"a\"");
        co_return unchanged;
    }
    const bool over_unix = request.peer.kind == Peer::Kind::unix_socket;
    co_return text_response(200, fmt::format("{} {} body={} peer={}", request.method, request.path, request.body.size(),
                                             over_unix ? fmt::format("uid {}", request.peer.uid) : "tcp"));
}

Task<Result<std::string>> piece_of(std::string text) { co_return text; }
Task<Result<std::string>> no_piece() { co_return fail(ErrorKind::storage, "the disk is gone"); }

// Takes the body piece by piece and sends it back so; "/refused" wants none of it.
Task<Response> send_back(Request request) {
    if (!request.pieces || request.path == "/refused") co_return text_response(403, "not wanted");
    const auto taken = std::make_shared<std::deque<std::string>>();
    Response back;
    for (bool is_all = false; !is_all;) {
        Result<std::string> piece = co_await request.pieces();
        if (!piece) co_return text_response(400, piece.error().message);
        is_all = piece->empty();
        back.pieces_bytes += piece->size();
        taken->push_back(std::move(*piece));
    }
    back.pieces = [taken] {
        std::string piece = std::move(taken->front());
        taken->pop_front();
        return piece_of(std::move(piece));
    };
    co_return back;
}

bool is_put(const Request& request) { return request.method == "PUT"; }

}  // namespace

TEST_CASE("a body taken in pieces may be longer than the limit, goes back in pieces, and the connection goes on") {
    ServerLimits limits;
    limits.unix_body_bytes = 1000;
    RunningServer server(send_back, limits, is_put);
    std::string body;
    for (int i = 0; i < 300'000; ++i) body += std::to_string(i);
    Client client = server.unix_client();
    const Reply reply =
        client.ask(fmt::format("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.size()) + body);
    CHECK(reply.status() == 200);
    CHECK(reply.body == body);
    CHECK(client.ask("PUT /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").body == "abc");
}

TEST_CASE("a body that its handler does not want is not asked for, and ends the connection") {
    RunningServer server(send_back, {}, is_put);
    Client waiting = server.unix_client();
    const Reply refused =
        waiting.ask("PUT /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9000000000\r\n\r\n");
    CHECK(refused.status() == 403);  // no 100 before it
    CHECK(refused.field("Connection") == "close");
    CHECK(waiting.closed_by_server());
    Client sending = server.unix_client();
    CHECK(sending.ask("PUT /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + std::string(500'000, 'b'))
              .status() == 403);
    CHECK(sending.closed_by_server());
}

TEST_CASE("over TCP, and for other requests, a body is never taken in pieces") {
    RunningServer server(send_back, {}, is_put);
    CHECK(server.tcp_client().ask("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc").status() == 403);
    CHECK(server.unix_client().ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc").status() ==
          403);
}

TEST_CASE("pieces that end early end the connection, so that nobody takes half a body for a whole one") {
    const auto half = [](Request) -> Task<Response> {
        Response cut;
        cut.pieces_bytes = 10;
        cut.pieces = [left = std::make_shared<int>(1)]() -> Task<Result<std::string>> {
            return std::exchange(*left, 0) == 1 ? piece_of("half") : no_piece();
        };
        co_return cut;
    };
    RunningServer server(half);
    Client client = server.unix_client();
    CHECK(client.ask(get("/")).body == "half");
    CHECK(client.closed_by_server());
}

TEST_CASE("the same answer comes over the Unix socket and over TCP") {
    RunningServer server(echo);
    const Reply over_unix = server.unix_client().ask(get("/feed.atom"));
    CHECK(over_unix.status() == 200);
    CHECK(over_unix.body == fmt::format("GET /feed.atom body=0 peer=uid {}\n", ::getuid()));
    CHECK(over_unix.field("Content-Type") == "text/plain; charset=utf-8");
    CHECK(parse_http_date(over_unix.field("Date")));
    CHECK(server.tcp_client().ask(get("/feed.atom")).body == "GET /feed.atom body=0 peer=tcp\n");
}

TEST_CASE("a connection serves many requests, one after the other") {
    RunningServer server(echo);
    Client client = server.tcp_client();
    for (int i = 0; i < 5; ++i)
        CHECK(client.ask(get(fmt::format("/{}", i))).body == fmt::format("GET /{} body=0 peer=tcp\n", i));
}

TEST_CASE("pipelined requests are answered in order") {
    RunningServer server(echo);
    Client client = server.unix_client();
    client.send(get("/slow?ms=50") + get("/second") +
                "POST /third HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + get("/fourth"));
    CHECK(client.read().body == "slow\n");
    CHECK(client.read().body.starts_with("GET /second"));
    CHECK(client.read().body.starts_with("POST /third body=3"));
    CHECK(client.read().body.starts_with("GET /fourth"));
}

TEST_CASE("a request may arrive byte by byte") {
    RunningServer server(echo);
    Client client = server.unix_client();
    for (const char byte : get("/drops")) client.send({&byte, 1});
    CHECK(client.read().body.starts_with("GET /drops"));
}

TEST_CASE("HEAD gets the fields of GET and no body") {
    RunningServer server(echo);
    Client client = server.unix_client();
    const Reply head = client.ask("HEAD /feed.atom HTTP/1.1\r\nHost: a\r\n\r\n", true);
    CHECK(head.status() == 200);
    CHECK(std::stoi(head.field("Content-Length")) > 0);
    CHECK(client.ask(get("/next")).body.starts_with("GET /next"));
}

TEST_CASE("a 304 has no body and no length, and the connection goes on") {
    RunningServer server(echo);
    Client client = server.unix_client();
    const Reply unchanged = client.ask(get("/unchanged"));
    CHECK(unchanged.status() == 304);
    CHECK(unchanged.field("ETag") == "\"a\"");
    CHECK(unchanged.field("Content-Length").empty());
    CHECK(client.ask(get("/next")).status() == 200);
}

TEST_CASE("HTTP/1.0 closes after the answer unless the client asks to keep the connection") {
    RunningServer server(echo);
    Client closing = server.tcp_client();
    CHECK(closing.ask("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").field("Connection") == "close");
    CHECK(closing.closed_by_server());
    Client keeping = server.tcp_client();
    CHECK(keeping.ask("GET / HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n").field("Connection") ==
          "keep-alive");
    CHECK(keeping.ask(get("/")).status() == 200);
}

TEST_CASE("Connection: close is honoured") {
    RunningServer server(echo);
    Client client = server.unix_client();
    CHECK(client.ask(get("/", "Connection: close\r\n")).field("Connection") == "close");
    CHECK(client.closed_by_server());
}

TEST_CASE("what cannot be a request gets a status, a short text and the end of the connection") {
    struct Case {
        const char* what;
        std::string bytes;
        int status;
    };
    const std::string large(20'000, 'a');
    const std::vector<Case> cases = {
        {"garbage", "\x16\x03\x01 hello\r\n\r\n", 400},
        {"no version", "GET /\r\n\r\n", 400},
        {"unknown version", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"relative target", "GET feed.atom HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"broken escape in the query", "GET /?q=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"space in a field name", "GET / HTTP/1.1\r\nHost: localhost\r\nA b: c\r\n\r\n", 400},
        {"folded field name with NUL", std::string("GET / HTTP/1.1\r\nHost: localhost\r\nA: \0\r\n\r\n", 41), 400},
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"two Hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400},
        {"length that is no number", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400},
        {"two lengths", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
        {"length and chunks",
         "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"bad chunk", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        {"target over 8 KiB", get("/" + large.substr(0, 9000)), 414},
        {"target over the header limit", get("/" + large), 414},
        {"header over 16 KiB", get("/", "X: " + large + "\r\n"), 431},
        {"many fields",
         get("/",
             [] {
                 std::string many;
                 for (int i = 0; i < 100; ++i) many += "X: y\r\n";
                 return many;
             }()),
         431},
        {"announced body over 1 MiB",
         "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n" + std::string(3'000'000, 'b'), 413},
        {"chunked body over 1 MiB",
         "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n" +
             std::string(0x200000, 'b') + "\r\n0\r\n\r\n",
         413},
    };
    ServerLimits limits;
    limits.unix_body_bytes = limits.body_bytes;
    RunningServer server(echo, limits);
    for (const Case& each : cases) {
        for (const bool tcp : {false, true}) {
            CAPTURE(each.what, tcp);
            Client client = tcp ? server.tcp_client() : server.unix_client();
            const Reply reply = client.ask(each.bytes);
            CHECK(reply.status() == each.status);
            CHECK(reply.field("Connection") == "close");
            CHECK(reply.body.size() > 10);
            CHECK(reply.body.size() < 300);
            CHECK(client.closed_by_server());
        }
    }
    CHECK(server.unix_client().ask(get("/still-alive")).status() == 200);
}

TEST_CASE("random bytes never hang or end the server") {
    ServerLimits limits;
    limits.read_timeout = 200ms;
    RunningServer server(echo, limits);
    const auto seed = static_cast<unsigned>(std::time(nullptr));
    CAPTURE(seed);
    std::srand(seed);
    for (int round = 0; round < 50; ++round) {
        std::string bytes = round % 2 == 0 ? get("/feed.atom?n=5", "Accept-Encoding: gzip\r\n") : std::string(300, ' ');
        for (int change = 0; change < 1 + round / 2; ++change)
            bytes[static_cast<std::size_t>(std::rand()) % bytes.size()] = static_cast<char>(std::rand());
        Client client = server.unix_client();
        client.send(bytes);
        ::shutdown(client.descriptor(), SHUT_WR);
        while (client.read().status() != 0) {
        }
    }
    CHECK(server.unix_client().ask(get("/still-alive")).status() == 200);
}

TEST_CASE("a body of exactly the limit is taken, chunked or announced") {
    RunningServer server(echo);
    const std::string body(1024 * 1024, 'b');
    Client client = server.unix_client();
    CHECK(client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + body)
              .body.starts_with("POST / body=1048576"));
    CHECK(
        client
            .ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + body + "\r\n0\r\n\r\n")
            .body.starts_with("POST / body=1048576"));
}

TEST_CASE("a client that waits for 100 Continue gets it") {
    RunningServer server(echo);
    Client client = server.unix_client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.read().status() == 100);
    CHECK(client.ask("abc").body.starts_with("POST / body=3"));
}

TEST_CASE("TCP answers this machine's own names only") {
    struct Case {
        const char* host;
        int status;
    };
    const std::vector<Case> cases = {
        {"localhost", 200},
        {"localhost:8137", 200},
        {"LOCALHOST", 200},
        {"127.0.0.1", 200},
        {"127.0.0.1:8137", 200},
        {"[::1]", 200},
        {"[::1]:8137", 200},
        {"aggd.localhost:80", 200},
        {"evil.example", 421},
        {"127.0.0.1.evil.example", 421},
        {"localhost.evil.example", 421},
        {"evillocalhost", 421},
        {".localhost", 421},
        {"localhost:80:evil", 421},
        {"localhost:port", 421},
        {"", 421},
        {"192.168.1.1", 421},
        {"user@localhost", 421},
    };
    RunningServer server(echo);
    for (const Case& each : cases) {
        CAPTURE(each.host);
        const Reply reply = server.tcp_client().ask(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", each.host));
        CHECK(reply.status() == each.status);
        if (each.status == 421) CHECK_THAT(reply.body, Catch::Contains("DNS rebinding"));
        CHECK(server.unix_client().ask(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", each.host)).status() == 200);
    }
}

TEST_CASE("the host of an absolute target overrides the Host field") {
    RunningServer server(echo);
    CHECK(server.tcp_client()
              .ask("GET http://localhost:1/a?b HTTP/1.1\r\nHost: evil.example\r\n\r\n")
              .body.starts_with("GET /a "));
    CHECK(server.tcp_client().ask("GET http://evil.example/a HTTP/1.1\r\nHost: localhost\r\n\r\n").status() == 421);
}

TEST_CASE("what the handler throws is a 500, and the connection goes on") {
    RunningServer server(echo);
    Client client = server.unix_client();
    const Reply reply = client.ask(get("/throw"));
    CHECK(reply.status() == 500);
    CHECK(reply.body.find("fire") == std::string::npos);
    CHECK(client.ask(get("/")).status() == 200);
}

TEST_CASE("a request that does not arrive whole in time gets 408, and silence no word at all") {
    ServerLimits limits;
    limits.read_timeout = 100ms;
    RunningServer server(echo, limits);
    Client silent = server.tcp_client();
    Client slow = server.tcp_client();
    slow.send("GET / HTTP/1.1\r\nHo");
    Client no_body = server.tcp_client();
    no_body.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
    CHECK(silent.closed_by_server());
    for (Client* late : {&slow, &no_body}) {
        const Reply reply = late->read();
        CHECK(reply.status() == 408);
        CHECK(reply.field("Connection") == "close");
        CHECK(late->closed_by_server());
    }
}

TEST_CASE("a header that trickles in is cut off in time, however many of its bytes come") {
    ServerLimits limits;
    limits.read_timeout = 200ms;
    RunningServer server(echo, limits);
    Client loris = server.tcp_client();
    loris.send("GET / HTTP/1.1\r\nHost: localhost\r\n");
    pollfd answered{loris.descriptor(), POLLIN, 0};
    for (int i = 0; i < 1000 && ::poll(&answered, 1, 20) == 0; ++i) loris.send("X");
    CHECK(loris.read().status() == 408);
}

TEST_CASE("an idle connection is closed after its time, not before") {
    ServerLimits limits;
    limits.idle_timeout = 150ms;
    RunningServer server(echo, limits);
    Client client = server.unix_client();
    CHECK(client.ask(get("/")).status() == 200);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(client.closed_by_server());
    CHECK(std::chrono::steady_clock::now() - begin >= 100ms);
}

TEST_CASE("a client that stops reading is dropped, one that reads slowly is not") {
    ServerLimits limits;
    limits.write_timeout = 1s;
    RunningServer server(echo, limits);
    Client stuck = server.unix_client();
    stuck.send(get("/big"));
    Client slow = server.unix_client();
    slow.send(get("/big"));
    std::string piece(1'000'000, ' ');
    std::size_t slowly_read = 0;
    for (int i = 0; i < 40 && slowly_read < 20'000'000; ++i) {
        std::this_thread::sleep_for(20ms);  // the client's slowness is what is tested
        const ssize_t count = ::recv(slow.descriptor(), piece.data(), piece.size(), MSG_WAITALL);
        if (count > 0) slowly_read += static_cast<std::size_t>(count);
    }
    CHECK(slowly_read >= 20'000'000);
    pollfd hung_up{stuck.descriptor(), 0, 0};
    CHECK(::poll(&hung_up, 1, 10'000) == 1);
    const Reply cut = stuck.read();
    CHECK(cut.body.size() < 20'000'000);
}

TEST_CASE("one connection too many closes the one that has been idle longest") {
    ServerLimits limits;
    limits.connections = 3;
    RunningServer server(echo, limits);
    std::vector<Client> open;
    for (int i = 0; i < 3; ++i) {
        open.push_back(server.unix_client());
        CHECK(open.back().ask(get("/")).status() == 200);
    }
    CHECK(open[0].ask(get("/")).status() == 200);
    Client extra = server.tcp_client();
    CHECK(extra.ask(get("/")).status() == 200);
    CHECK(open[1].closed_by_server());
    CHECK(open[0].ask(get("/")).status() == 200);
    CHECK(open[2].ask(get("/")).status() == 200);
}

TEST_CASE("one connection too many gets 503 when all are at work") {
    ServerLimits limits;
    limits.connections = 2;
    RunningServer server(echo, limits);
    slow_requests_running = 0;
    std::vector<Client> busy;
    for (int i = 0; i < 2; ++i) {
        busy.push_back(server.unix_client());
        busy.back().send(get("/slow?ms=1000"));
    }
    while (slow_requests_running < 2) std::this_thread::yield();
    Client extra = server.unix_client();
    const Reply reply = extra.ask(get("/"));
    CHECK(reply.status() == 503);
    CHECK(reply.field("Retry-After") == "5");
    CHECK(extra.closed_by_server());
    CHECK(busy[1].read().status() == 200);
}

TEST_CASE("whatever keeps the TCP port busy leaves the Unix socket free") {
    ServerLimits limits;
    limits.tcp_connections = 2;
    RunningServer server(echo, limits);
    slow_requests_running = 0;
    std::vector<Client> busy;
    for (int i = 0; i < 2; ++i) {
        busy.push_back(server.tcp_client());
        busy.back().send(get("/slow?ms=1000"));
    }
    while (slow_requests_running < 2) std::this_thread::yield();
    CHECK(server.tcp_client().ask(get("/")).status() == 503);
    CHECK(server.unix_client().ask(get("/")).status() == 200);
}

TEST_CASE("a stream is sent in chunks, and the connection goes on") {
    RunningServer server(echo);
    Client client = server.tcp_client();
    const Reply reply = client.ask(get("/pieces"));
    CHECK(reply.field("Transfer-Encoding") == "chunked");
    CHECK(reply.field("Content-Length").empty());
    CHECK(reply.body == "one, two, three");
    CHECK(client.ask("HEAD /pieces HTTP/1.1\r\nHost: localhost\r\n\r\n", true).status() == 200);
    CHECK(client.ask(get("/")).status() == 200);
}

TEST_CASE("to HTTP/1.0 a stream ends with the connection") {
    RunningServer server(echo);
    Client client = server.tcp_client();
    const Reply reply = client.ask("GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\nHost: localhost\r\n\r\n");
    CHECK(reply.field("Connection") == "close");
    CHECK(reply.field("Transfer-Encoding").empty());
    CHECK(client.rest() == "one, two, three");
}

TEST_CASE("a stream that breaks off leaves its last chunk out") {
    RunningServer server(echo);
    Client client = server.unix_client();
    client.send(get("/broken"));
    const std::string all = client.rest();
    CHECK_THAT(all, Catch::Contains("3\r\none\r\n") && !Catch::Contains("0\r\n\r\n"));
}

TEST_CASE("a stream that waits is told at once that its client is gone") {
    RunningServer server(echo);
    Stream::abandoned = 0;
    {
        Client client = server.unix_client();
        client.send(get("/waiting"));
        CHECK_THAT(client.take_some(), Catch::Contains("200 OK"));
    }
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    while (Stream::abandoned == 0 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    CHECK(Stream::abandoned == 1);
}

TEST_CASE("a stream makes no more than its client takes, and a client that takes nothing is dropped") {
    ServerLimits limits;
    limits.write_timeout = 200ms;
    RunningServer server(echo, limits);
    Stream::asked = 0;
    Client stuck = server.unix_client();
    stuck.send(get("/endless"));
    pollfd hung_up{stuck.descriptor(), 0, 0};
    CHECK(::poll(&hung_up, 1, 10'000) == 1);
    CHECK(Stream::asked < 100);
}

TEST_CASE("a thousand idle connections leave room for a request") {
    RunningServer server(echo);
    std::vector<Client> idle;
    for (int i = 0; i < 1000; ++i) idle.push_back(server.unix_client());
    CHECK(server.unix_client().ask(get("/")).status() == 200);
    CHECK(idle.back().ask(get("/")).status() == 200);
}

TEST_CASE("stop lets a running answer finish, closes idle connections at once and leaves no work and no file") {
    ServerLimits limits;
    limits.stop_grace = 20s;
    RunningServer server(echo, limits);
    Client idle = server.unix_client();
    CHECK(idle.ask(get("/")).status() == 200);
    slow_requests_running = 0;
    Client busy = server.unix_client();
    busy.send(get("/slow?ms=200"));
    while (slow_requests_running == 0) std::this_thread::yield();
    const auto took = server.stop_and_join();
    const Reply reply = busy.read();
    CHECK(reply.body == "slow\n");
    CHECK(reply.field("Connection") == "close");
    CHECK(idle.closed_by_server());
    CHECK(took < 10s);
    CHECK_FALSE(std::filesystem::exists(server.socket()));
}

TEST_CASE("stop cancels an answer that takes longer than the grace") {
    ServerLimits limits;
    limits.stop_grace = 100ms;
    RunningServer server(echo, limits);
    slow_requests_running = 0;
    Client busy = server.unix_client();
    busy.send(get("/slow?ms=60000"));
    while (slow_requests_running == 0) std::this_thread::yield();
    CHECK(server.stop_and_join() < 5s);
    CHECK(busy.closed_by_server());
}

TEST_CASE("a whole list of feeds may come over the Unix socket, but not over TCP") {
    RunningServer server(echo);
    const std::string request =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'b');
    CHECK(server.unix_client().ask(request).status() == 200);
    CHECK(server.tcp_client().ask(request).status() == 413);
}
