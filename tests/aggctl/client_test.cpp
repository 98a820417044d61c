#include "aggctl/client.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/files.hpp"
#include "support/scripted_daemon.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::aggctl;

namespace {

tl::expected<std::string, Failure> get(const std::string& socket, const std::string& path) {
    return Client(socket).send("GET", path, "", Patience::moments);
}

}  // namespace

TEST_CASE("a request arrives as it was meant, and the answer comes back unchanged") {
    const test::TemporaryFolder folder;
    test::ScriptedDaemon daemon(folder / "aggd.sock");
    daemon.on("POST /v1/refresh", {200, "{\"feeds\": [] }\n"});
    const auto answer = Client(daemon.socket()).send("POST", "/v1/refresh", "{\"wait\":true}", Patience::unlimited);
    REQUIRE(answer);
    CHECK(*answer == "{\"feeds\": [] }\n");
    REQUIRE(daemon.requests().size() == 1);
    CHECK(daemon.requests()[0].line == "POST /v1/refresh");
    CHECK(daemon.requests()[0].body == "{\"wait\":true}");
}

TEST_CASE("a proxy of the environment is not asked for the way to a socket") {
    const test::TemporaryFolder folder;
    test::ScriptedDaemon daemon(folder / "aggd.sock");
    daemon.on("GET /v1/status", {200, "{}"});
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    const auto answer = get(daemon.socket(), "/v1/status");
    ::unsetenv("http_proxy");
    CHECK(answer);
}

TEST_CASE("what an aggd of another version does not know is told so, and what to do") {
    const test::TemporaryFolder folder;
    test::ScriptedDaemon daemon(folder / "aggd.sock");
    daemon.on("GET /v1/space", {404, R"({"error":{"kind":"not_found","message":"There is no /v1/space here."}})"});
    const auto answer = get(daemon.socket(), "/v1/space");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ExitCode::failed);
    CHECK_THAT(answer.error().message, Catch::Contains("another version") && Catch::Contains("systemctl restart aggd"));
}

TEST_CASE("the daemon's own words and the kind of its error decide message and exit code") {
    struct Row {
        int status;
        std::string kind;
        ExitCode code;
    };
    const auto row = GENERATE(values<Row>({
        {404, "not_found", ExitCode::no_such_feed},
        {409, "ambiguous", ExitCode::no_such_feed},
        {409, "conflict", ExitCode::failed},
        {502, "network", ExitCode::failed},
    }));
    const test::TemporaryFolder folder;
    test::ScriptedDaemon daemon(folder / "aggd.sock");
    daemon.on("GET /v1/feeds",
              {row.status, R"({"error":{"kind":")" + row.kind + R"(","message":"no feed is named \"x\""}})"});
    const auto answer = get(daemon.socket(), "/v1/feeds");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == row.code);
    CHECK(answer.error().message == "no feed is named \"x\"");
}

TEST_CASE("without a socket or a listener the daemon is not running, and how to start it is said") {
    const test::TemporaryFolder folder;
    const std::string socket = folder / "aggd.sock";
    const auto nothing = get(socket, "/v1/status");
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error().code == ExitCode::not_running);
    CHECK(nothing.error().message ==
          "aggd is not running: there is no socket " + socket +
              ". Start it: systemctl start aggd, or aggd --config feeds.conf (or name another --socket)");

    { const test::ScriptedDaemon gone(socket); }  // leaves its socket behind
    const auto stale = get(socket, "/v1/status");
    REQUIRE_FALSE(stale);
    CHECK(stale.error().code == ExitCode::not_running);
    CHECK(stale.error().message == "aggd is not running: nobody listens on " + socket +
                                       ". Start it: systemctl start aggd, or aggd --config feeds.conf");
}

TEST_CASE("a file that is no socket is told apart from a daemon that is not running") {
    const test::TemporaryFolder folder;
    const std::string file = test::write_file(folder / "file", "");
    const auto answer = get(file, "/v1/status");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ExitCode::failed);
    CHECK(answer.error().message == "cannot reach aggd at " + file + ": that is no socket");
}

TEST_CASE("who may not use the socket is told which group to join") {
    if (::geteuid() == 0) return;  // root may use every socket
    const test::TemporaryFolder folder;
    const test::ScriptedDaemon daemon(folder / "aggd.sock");
    ::chmod(daemon.socket().c_str(), 0060);
    const auto answer = get(daemon.socket(), "/v1/status");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ExitCode::failed);
    CHECK_THAT(answer.error().message,
               Catch::StartsWith("cannot reach aggd at " + daemon.socket() + ": permission denied. You are "));
    CHECK_THAT(answer.error().message, Catch::EndsWith("log in again.") || Catch::EndsWith("then log in again."));
}

TEST_CASE("a stranger behind the socket and an answer cut short are named as such") {
    const test::TemporaryFolder folder;
    test::ScriptedDaemon daemon(folder / "aggd.sock");
    daemon.on("GET /v1/status", {500, "<html>oops</html>"});
    daemon.on("GET /v1/feeds", {200, R"({"feeds":[]})", true});
    const auto stranger = get(daemon.socket(), "/v1/status");
    REQUIRE_FALSE(stranger);
    CHECK(stranger.error().message ==
          "what listens on " + daemon.socket() +
              " answered 500 and does not speak as aggd does; is it another program, or an aggd of another version?");
    const auto cut = get(daemon.socket(), "/v1/feeds");
    REQUIRE_FALSE(cut);
    CHECK_THAT(cut.error().message,
               Catch::StartsWith("aggd at " + daemon.socket() + " broke off before it had answered ("));
}

TEST_CASE("names become one segment of a path") {
    CHECK(percent_encoded("bbc-world") == "bbc-world");
    CHECK(percent_encoded("https://example.org/a b?c") == "https%3A%2F%2Fexample.org%2Fa%20b%3Fc");
}
