// What feeds.conf says about requests, with the real aggd: passwords arrive where they belong, and appear nowhere else.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"
#include "support/temporary_folder.hpp"

using namespace agg::test;
using Catch::Contains;

namespace {

// A file of passwords for the origins of these tests.
std::string passwords(const TemporaryFolder& folder, mode_t mode) {
    const std::string path = folder / "passwords";
    write_file(path, "machine 127.0.0.1 login joe password h0rse\n");
    ::chmod(path.c_str(), mode);
    return path;
}

}  // namespace

TEST_CASE("no password and no header line of feeds.conf is logged, listed or served") {
    Origin origin, proxy;
    origin.on("/file", document(rss("Members", {"M1"})));
    origin.on("/url", document(rss("Guests", {"G1"})));
    origin.on("/broken", Answer{500, {}, "no"});
    TemporaryFolder folder;
    const std::string with_password = "http://ann:h0rse@127.0.0.1:" + std::to_string(origin.port());
    DaemonUnderTest aggd(
        feed_table("file", origin.url("/file"),
                   "credentials_file = \"" + passwords(folder, 0600) + "\"\nheaders = { X-Token = \"t0ken\" }") +
        feed_table("url", with_password + "/url") + feed_table("broken", with_password + "/broken") +
        feed_table("proxied", "http://a.example/feed",
                   "proxy = \"http://eve:h0rse@127.0.0.1:" + std::to_string(proxy.port()) + "\""));
    aggd.start();
    wait_until("all feeds were polled", [&] { return origin.requests().size() >= 3 && !proxy.requests().empty(); });
    wait_until("both feeds are read", [&] { return aggd.titles().size() == 2; });
    CHECK(origin.requests("/file").at(0).header("Authorization") == "Basic am9lOmgwcnNl");
    CHECK(origin.requests("/file").at(0).header("X-Token") == "t0ken");
    CHECK(proxy.requests().at(0).header("Proxy-Authorization") == "Basic ZXZlOmgwcnNl");

    std::string seen;
    for (const char* verb : {"list", "status"}) {
        seen += aggd.aggctl({verb}).out;
        seen += aggd.aggctl({verb, "--json"}).out;
    }
    for (const char* path : {"/feed.atom", "/feed.rss", "/feed.json"}) seen += aggd.get(path).body;
    seen += aggd.stop().err;
    CHECK_THAT(seen, Contains("proxied") && Contains("Members"));
    CHECK_THAT(seen, !Contains("h0rse") && !Contains("t0ken"));
}

TEST_CASE("a file of passwords that others may read keeps aggd from starting, and says what to do") {
    TemporaryFolder folder;
    const std::string file = passwords(folder, 0644);
    const DaemonUnderTest aggd(feed_table("a", "http://127.0.0.1:1/feed", "credentials_file = \"" + file + "\""));
    for (const std::vector<std::string>& mode : {std::vector<std::string>{}, {"--check"}}) {
        std::vector<std::string> command = {AGGD_PROGRAM, "--config", aggd.config_file()};
        command.insert(command.end(), mode.begin(), mode.end());
        const Finished refused = run(command);
        CHECK(refused.exit_code != 0);
        CHECK_THAT(refused.err, Contains("credentials_file in [feed.a]") && Contains("chmod o= " + file));
    }
}

TEST_CASE("a reload takes over new passwords; a file that lost its mode changes nothing") {
    Origin origin;
    origin.on("/feed", document(rss("Members", {"M1"})));
    TemporaryFolder folder;
    const std::string file = passwords(folder, 0600);
    DaemonUnderTest aggd(feed_table("a", origin.url("/feed"), "credentials_file = \"" + file + "\""));
    aggd.start();
    wait_until("the feed was polled", [&] { return !origin.requests().empty(); });
    ::chmod(file.c_str(), 0644);
    const Finished refused = aggd.aggctl({"reload"});
    CHECK(refused.exit_code != 0);
    CHECK_THAT(refused.err, Contains("chmod o= " + file));

    write_file(file, "machine 127.0.0.1 login ann password cow\n");
    ::chmod(file.c_str(), 0600);
    CHECK(aggd.aggctl({"reload"}).exit_code == 0);
    aggd.refresh();
    CHECK(origin.requests().back().header("Authorization") == "Basic YW5uOmNvdw==");
}

TEST_CASE("a feed's own file of passwords must name the host of its url") {
    TemporaryFolder folder;
    const DaemonUnderTest aggd(
        feed_table("a", "http://a.example/feed", "credentials_file = \"" + passwords(folder, 0600) + "\""));
    const Finished refused = run({AGGD_PROGRAM, "--config", aggd.config_file()});
    CHECK(refused.exit_code != 0);
    CHECK_THAT(refused.err, Contains("machine a.example login USER password PASSWORD"));
}
