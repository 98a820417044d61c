#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("SIGTERM and SIGINT end it cleanly and take the socket away") {
    const int signal = GENERATE(SIGTERM, SIGINT);
    DaemonUnderTest aggd("");
    aggd.start();
    aggd.process().send(signal);
    const Finished ended = aggd.process().wait();
    INFO(ended.err);
    CHECK(ended.exit_code == 0);
    CHECK_FALSE(std::filesystem::exists(aggd.socket()));
}

TEST_CASE("it stops at once while a server hangs") {
    Origin origin;
    origin.on("/slow", hang());
    DaemonUnderTest aggd(feed_table("slow", origin.url("/slow")));
    aggd.start();
    (void)origin.wait_for_requests(1);
    CHECK(aggd.stop().exit_code == 0);
}

TEST_CASE("a second aggd on the same database or socket is refused and says why; the first goes on") {
    DaemonUnderTest first("");
    first.start();
    const Finished same_database = run({AGGD_PROGRAM, "--config", first.config_file()});
    CHECK(same_database.exit_code == 1);
    CHECK_THAT(same_database.err, Contains(first.database()) && Contains(std::to_string(first.process().pid())));

    DaemonUnderTest second("");
    std::string config = read_file(second.config_file());
    config.replace(config.find(second.socket()), second.socket().size(), first.socket());
    write_file(second.config_file(), config);
    const Finished same_socket = run({AGGD_PROGRAM, "--config", second.config_file()});
    CHECK(same_socket.exit_code == 1);
    CHECK_THAT(same_socket.err, Contains(first.socket()));
    CHECK(first.get("/healthz").status == 200);
}

TEST_CASE("a stale socket is replaced, another file is not") {
    DaemonUnderTest aggd("");
    aggd.start();
    aggd.kill();
    REQUIRE(std::filesystem::exists(aggd.socket()));
    aggd.start();
    CHECK(aggd.stop().exit_code == 0);

    write_file(aggd.socket(), "somebody's notes");
    const Finished refused = run({AGGD_PROGRAM, "--config", aggd.config_file()});
    CHECK(refused.exit_code == 1);
    CHECK(read_file(aggd.socket()) == "somebody's notes");
}

TEST_CASE("SIGHUP takes over a good file, and a bad one changes nothing") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd("");
    aggd.start();
    const std::string good = read_file(aggd.config_file()) + feed_table("alpha", origin.url("/a"));
    write_file(aggd.config_file(), good);
    aggd.process().send(SIGHUP);
    wait_until("the new feed was polled", [&] { return aggd.titles() == Strings{"A1"}; });

    write_file(aggd.config_file(), good + "\n[feed.beta]\nurl = \"not a url\"\nintervall = \"1h\"\n");
    aggd.process().send(SIGHUP);
    wait_until("the errors are told", [&] { return aggd.process().err().find("intervall") != std::string::npos; });
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("feeds.conf"));
    const Finished reload = aggd.aggctl({"reload"});
    CHECK(reload.exit_code == 1);
    CHECK_THAT(reload.err, Contains("intervall") && Contains("[feed.beta] is not an absolute URL"));
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("alpha") && !Contains("beta"));
}

TEST_CASE("a restart polls nothing that is not due") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    wait_until("it was polled", [&] { return !aggd.titles().empty(); });
    REQUIRE(aggd.stop().exit_code == 0);
    aggd.start();
    CHECK_THAT(aggd.aggctl({"--json", "list"}).out, Contains("\"fine\""));
    CHECK(origin.requests().size() == 1);
}

TEST_CASE("a feed is polled again when its interval is over") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a"), "interval = \"1s\""));
    aggd.start();
    const auto requests = origin.wait_for_requests(3);
    CHECK(requests[0].header("If-None-Match").empty());
    CHECK_FALSE(requests[2].header("If-None-Match").empty());
}

TEST_CASE("database, socket and folder are nobody else's to read") {
    DaemonUnderTest aggd("");
    aggd.start();
    struct stat status {};
    REQUIRE(::stat(aggd.database().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(::stat(aggd.socket().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0660);
}
