// A database whose bytes are not what was written: told at once, never made worse, and healed by a backup.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

namespace fs = std::filesystem;

void overwrite(const std::string& file, std::uintmax_t from, std::uintmax_t bytes) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(from));
    out << std::string(bytes, '\xa5');
}

Strings many_titles() {
    Strings titles;
    for (int i = 0; i < 300; ++i) titles.push_back("title-" + std::to_string(i) + std::string(200, 'x'));
    return titles;
}

// A daemon that has polled and made a backup, and has been stopped.
struct Stopped {
    Origin origin;
    std::unique_ptr<DaemonUnderTest> aggd;
    std::string backup;

    Stopped() {
        origin.on("/quay", document(rss("quay", many_titles())));
        aggd = std::make_unique<DaemonUnderTest>(feed_table("quay", origin.url("/quay")));
        aggd->start();
        wait_until("it is polled", [&] { return aggd->titles().size() == 300; });
        backup = aggd->database() + ".tar.zst";
        REQUIRE(aggd->aggctl({"backup", backup}).exit_code == 0);
        REQUIRE(aggd->stop().exit_code == 0);
    }
};

}  // namespace

TEST_CASE("a database that is damaged from its first page on is refused, with what to do; aggd --restore heals it") {
    Stopped stopped;
    DaemonUnderTest& aggd = *stopped.aggd;
    SECTION("garbage") { overwrite(aggd.database(), 0, 8192); }
    SECTION("another file") { write_file(aggd.database(), "these are somebody's notes, and no database\n"); }
    SECTION("cut off within its first page") { fs::resize_file(aggd.database(), 1000); }
    const std::string before = read_file(aggd.database());
    const Finished refused = run({AGGD_PROGRAM, "--config", aggd.config_file()});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err, Contains(aggd.database() + " is damaged") && Contains("aggd --restore FILE"));
    CHECK(read_file(aggd.database()) == before);

    const Finished restored = run({AGGD_PROGRAM, "--config", aggd.config_file(), "--restore", stopped.backup});
    INFO(restored.err);
    CHECK(restored.exit_code == 0);
    aggd.start();
    CHECK(aggd.titles().size() == 300);
}

TEST_CASE("damage in the middle is told to who reads it and by healthz; aggctl restore heals it without a restart") {
    Stopped stopped;
    DaemonUnderTest& aggd = *stopped.aggd;
    const std::uintmax_t size = fs::file_size(aggd.database());
    SECTION("garbage") { overwrite(aggd.database(), size / 4, size / 2); }
    SECTION("cut off") { fs::resize_file(aggd.database(), size / 2 / 4096 * 4096); }
    Process process({AGGD_PROGRAM, "--config", aggd.config_file()});
    const auto get = [&](const std::string& path) { return http("http://aggd" + path, {}, aggd.socket()); };
    wait_until("it answers, or says why it does not",
               [&] { return process.has_ended() || get("/healthz").status != 0; });
    if (process.has_ended()) {
        CHECK_THAT(process.err(), Contains("is damaged") && Contains("restore"));
        return;
    }
    const HttpAnswer river = get("/feed.atom?n=1000");
    CHECK(river.status == 503);
    CHECK_THAT(river.body, Contains("is damaged") && Contains("aggctl restore FILE"));
    CHECK(get("/healthz").status == 503);
    CHECK_THAT(get("/healthz").body, Contains("is damaged"));
    const Finished restored = aggd.aggctl({"restore", stopped.backup});
    INFO(restored.err << process.err());
    CHECK(restored.exit_code == 0);
    wait_until("it does well again", [&] { return get("/healthz").status == 200; });
    CHECK(entry_titles(get("/feed.atom?n=1000").body).size() == 300);
    CHECK_FALSE(process.has_ended());
}

TEST_CASE("what a damaged write-ahead log has lost is fetched again: no validator outlives its items") {
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay")));
    aggd.start();
    wait_until("it is polled", [&] { return aggd.titles().size() == 1; });
    REQUIRE(aggd.stop().exit_code == 0);  // which writes all of the log into the database
    aggd.start();
    origin.on("/quay", document(rss("quay", many_titles())));
    aggd.refresh();
    REQUIRE(aggd.titles().size() == 301);
    aggd.kill();
    const std::string log = aggd.database() + "-wal";
    const std::uintmax_t size = fs::file_size(log);
    SECTION("garbage from the middle on") { overwrite(log, size / 2, size / 4); }
    SECTION("garbage all over") { overwrite(log, 0, size); }
    SECTION("cut off") { fs::resize_file(log, size / 3); }
    SECTION("gone") { fs::remove(log); }
    aggd.start();
    aggd.refresh();
    CHECK(aggd.titles().size() == 301);
    CHECK(aggd.get("/healthz").status == 200);
}
