// feeds.conf that vanishes or breaks while aggd runs.
#include <filesystem>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;

namespace fs = std::filesystem;

TEST_CASE("whatever happens to feeds.conf, what was in force stays, and it is told what is wrong") {
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay")));
    aggd.start();
    wait_until("it is polled", [&] { return aggd.titles().size() == 1; });
    const std::string good = read_file(aggd.config_file());
    std::string told;
    SECTION("it is deleted") {
        fs::remove(aggd.config_file());
        told = "there is no such file";
    }
    SECTION("it becomes a folder") {
        fs::remove(aggd.config_file());
        fs::create_directory(aggd.config_file());
        told = "Is a directory";
    }
    SECTION("it is cut off in the middle of a line") {
        write_file(aggd.config_file(), good.substr(0, good.size() - 4));
        told = "feeds.conf:";
    }
    SECTION("it is binary garbage") {
        write_file(aggd.config_file(), std::string("\0\xff\xfe\x01garbage", 11));
        told = "feeds.conf:";
    }
    const Finished reloaded = aggd.aggctl({"reload"});
    CHECK(reloaded.exit_code == 1);
    CHECK_THAT(reloaded.err, Contains(aggd.config_file().substr(0, 9)) && Contains(told));
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("needs you"));
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("quay"));
    CHECK(aggd.aggctl({"add", origin.url("/quay?more"), "--name", "more"}).exit_code != 0);

    fs::remove(aggd.config_file());
    write_file(aggd.config_file(), good);
    CHECK(aggd.aggctl({"reload"}).exit_code == 0);
    CHECK_THAT(aggd.aggctl({"status"}).out, !Contains("needs you"));
}
