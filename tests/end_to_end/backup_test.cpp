// Backups of a working daemon and what becomes of them, through the real programs.
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

std::set<std::string> files_in(const std::string& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
    return names;
}

// Gives `path` of the origin another document with every request: each poll has something to store.
void tell_something_new_each_time(Origin& origin, const std::string& path) {
    origin.on(path, [count = std::make_shared<int>(0), path](const SeenRequest&) -> Reply {
        std::vector<std::string> titles;
        for (int i = 0; i < 50; ++i) titles.push_back(path.substr(1) + "-" + std::to_string((*count) * 50 + i));
        ++*count;
        return Answer{200, {{"Content-Type", "application/rss+xml"}}, rss(path.substr(1), titles)};
    });
}

}  // namespace

TEST_CASE("a daemon that is busy writing is backed up, and restored as it was, feeds.conf and all") {
    Origin origin;
    for (const char* path : {"/a", "/b", "/c"}) tell_something_new_each_time(origin, path);
    DaemonUnderTest aggd(feed_table("a", origin.url("/a"), "tags = ['mine']  # a comment\n") +
                         feed_table("b", origin.url("/b")) + feed_table("c", origin.url("/c")));
    aggd.start();
    aggd.refresh();
    TemporaryFolder folder;
    const std::string archive = folder / "aggd.tar.zst";
    const std::string config = read_file(aggd.config_file());
    {
        std::atomic<bool> enough = false;
        std::thread busy([&] {
            while (!enough) aggd.refresh();
        });
        const Finished done = aggd.aggctl({"backup", archive});
        enough = true;
        busy.join();
        INFO(done.err);
        REQUIRE(done.exit_code == 0);
        CHECK_THAT(done.out, Contains("keep it private"));
    }
    CHECK(fs::status(archive).permissions() == fs::perms(0600));
    CHECK(files_in(folder.path()) == std::set<std::string>{"aggd.tar.zst"});
    CHECK_FALSE(fs::exists(aggd.database() + ".staging"));

    const Finished dry = aggd.aggctl({"restore", "--dry-run", archive});
    INFO(dry.err);
    CHECK(dry.exit_code == 0);
    CHECK_THAT(dry.out, Contains("it holds  3 feeds, ") && Contains("here are  3 feeds, "));

    // Everything goes another way from here on.
    CHECK(aggd.aggctl({"--yes", "remove", "--purge", "b"}).exit_code == 0);
    CHECK(aggd.aggctl({"set", "a", "title=Other"}).exit_code == 0);
    const std::string changed = read_file(aggd.config_file());
    CHECK_THAT(aggd.aggctl({"restore", "--dry-run", archive}).out, Contains("+b") && Contains("~a: title"));
    const Finished unasked = aggd.aggctl({"restore", archive});
    CHECK(unasked.exit_code == 1);
    CHECK_THAT(unasked.err, Contains("add --yes"));
    CHECK(read_file(aggd.config_file()) == changed);

    const std::string tcp = aggd.tcp_url();
    const Finished restored = aggd.aggctl({"restore", "--yes", archive});
    INFO(restored.err << aggd.process().err());
    REQUIRE(restored.exit_code == 0);
    CHECK(read_file(aggd.config_file()) == config);
    CHECK(read_file(aggd.config_file() + ".before-restore") == changed);
    CHECK(fs::exists(aggd.database() + ".before-restore"));
    CHECK(aggd.tcp_url() == tcp);  // any free port: it was kept open
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("b "));
    bool tells_b = false;
    for (const std::string& title : aggd.titles()) tells_b = tells_b || title.starts_with("b-");
    CHECK(tells_b);
    CHECK_FALSE(fs::exists(aggd.database() + ".staging"));
    CHECK(aggd.stop().exit_code == 0);
    CHECK_FALSE(fs::exists(aggd.socket()));
}

TEST_CASE("tar opens a backup, and what tar packs anew is restored") {
    if (!is_installed("zstd")) {
        WARN("skipped: zstd is not installed, which tar needs");
        return;
    }
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    aggd.refresh();
    TemporaryFolder folder;
    const std::string archive = folder / "out.tar.zst";
    CHECK(run({"sh", "-c", std::string(AGGCTL_PROGRAM) + " --socket " + aggd.socket() + " backup - >" + archive})
              .exit_code == 0);
    REQUIRE(run({"tar", "-C", folder.path(), "-xf", archive}).exit_code == 0);
    CHECK(read_file(folder / "aggd-backup/feeds.conf") == read_file(aggd.config_file()));
    CHECK_THAT(read_file(folder / "aggd-backup/manifest.json"), Contains("\"feeds\":1") && Contains("\"items\":1"));
    CHECK(run({"sqlite3", folder / "aggd-backup/aggd.db", "SELECT count(*) FROM item"}).out == "1\n");
    REQUIRE(run({"tar", "-C", folder.path(), "-czf", folder / "again.tar.gz", "aggd-backup/manifest.json",
                 "aggd-backup/feeds.conf", "aggd-backup/aggd.db"})
                .exit_code == 0);
    const Finished restored = aggd.aggctl({"--yes", "restore", folder / "again.tar.gz"});
    INFO(restored.err);
    CHECK(restored.exit_code == 0);
}

TEST_CASE("an archive that is cut off, tampered with or another thing changes nothing and says why") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    aggd.refresh();
    TemporaryFolder folder;
    REQUIRE(aggd.aggctl({"backup", folder / "good"}).exit_code == 0);
    const std::string good = read_file(folder / "good");
    const std::string config = read_file(aggd.config_file());
    const std::string started = aggd.get("/v1/status").body.substr(0, 80);

    const auto refused = [&](const std::string& name, const std::string& why) {
        const Finished done = aggd.aggctl({"--yes", "restore", folder / name});
        INFO(name << ": " << done.err);
        CHECK(done.exit_code == 1);
        CHECK_THAT(done.err, Contains(why) && Contains("Nothing has changed."));
        CHECK(read_file(aggd.config_file()) == config);
        CHECK(aggd.get("/v1/status").body.substr(0, 80) == started);  // it has not begun anew
        CHECK_FALSE(fs::exists(aggd.database() + ".before-restore"));
        CHECK_FALSE(fs::exists(aggd.database() + ".staging"));
    };
    write_file(folder / "cut", good.substr(0, good.size() / 2));
    refused("cut", "cut off or damaged");
    write_file(folder / "empty", "");
    refused("empty", "no backup of aggd's");
    write_file(folder / "text", "[feed.a]\nurl = 'https://a.example/'\n");
    refused("text", "no backup of aggd's");

    // The same parts with a byte of one changed, packed anew.
    if (!is_installed("zstd")) return;
    REQUIRE(run({"tar", "-C", folder.path(), "-xf", folder / "good"}).exit_code == 0);
    const std::string parts = folder / "aggd-backup";
    const auto pack_as = [&](const std::string& name) {
        REQUIRE(run({"tar", "-C", parts, "-cf", folder / name, "manifest.json", "feeds.conf", "aggd.db"}).exit_code ==
                0);
    };
    const std::string database = read_file(parts + "/aggd.db");
    std::string other = database;
    other[other.size() / 2] = static_cast<char>(other[other.size() / 2] ^ 1);
    write_file(parts + "/aggd.db", other);
    pack_as("database");
    refused("database", "its database is not the one that its manifest names");
    write_file(parts + "/aggd.db", database);
    write_file(parts + "/feeds.conf", config + "# more\n");
    pack_as("config");
    refused("config", "its feeds.conf is not the one that its manifest names");
    REQUIRE(run({"tar", "-C", parts, "-cf", folder / "lacking", "manifest.json"}).exit_code == 0);
    refused("lacking", "it lacks");
}

TEST_CASE("a backup replaces no file unasked, and leaves nothing behind when it fails") {
    DaemonUnderTest aggd("");
    aggd.start();
    TemporaryFolder folder;
    write_file(folder / "there", "mine");
    const Finished refused = aggd.aggctl({"backup", folder / "there"});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err, Contains("--force"));
    CHECK(read_file(folder / "there") == "mine");
    CHECK(aggd.aggctl({"backup", "--force", folder / "there"}).exit_code == 0);
    CHECK(read_file(folder / "there") != "mine");
    CHECK(aggd.aggctl({"backup", folder / "nowhere/x"}).exit_code == 1);
    (void)aggd.stop();
    CHECK(aggd.aggctl({"backup", folder / "down"}).exit_code == 3);
    CHECK(files_in(folder.path()) == std::set<std::string>{"there"});
    // A device that is always full.
    if (!fs::exists("/dev/full")) return;
    DaemonUnderTest other("");
    other.start();
    const Finished full =
        run({"sh", "-c", std::string(AGGCTL_PROGRAM) + " --socket " + other.socket() + " backup - >/dev/full"});
    CHECK(full.exit_code == 1);
    CHECK_THAT(full.err, Contains("cannot write the output"));
}

TEST_CASE("aggd --restore puts an archive in place where no daemon runs") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    TemporaryFolder folder;
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    aggd.refresh();
    REQUIRE(aggd.aggctl({"backup", folder / "archive"}).exit_code == 0);
    const std::map<std::string, std::string> home = {{"XDG_STATE_HOME", folder / "state"}};
    const std::vector<std::string> command = {AGGD_PROGRAM, "--config", folder / "feeds.conf", "--restore",
                                              folder / "archive"};
    const Finished running = run(command, home);
    CHECK(running.exit_code == 1);
    CHECK_THAT(running.err, Contains("aggctl restore") && Contains("Nothing has changed"));

    (void)aggd.stop();
    fs::remove(aggd.database());
    const Finished restored = run(command, home);
    INFO(restored.err);
    CHECK(restored.exit_code == 0);
    CHECK_THAT(restored.out, Contains("1 feeds, 1 items"));
    CHECK(read_file(folder / "feeds.conf") == read_file(aggd.config_file()));
    CHECK(fs::status(folder / "feeds.conf").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    aggd.start();
    CHECK(aggd.titles() == std::vector<std::string>{"A1"});
}

TEST_CASE("aggd --restore keeps also what a killed daemon had in its log") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    TemporaryFolder folder;
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    REQUIRE(aggd.aggctl({"backup", folder / "archive"}).exit_code == 0);
    aggd.refresh();
    aggd.kill();
    REQUIRE(fs::exists(aggd.database() + "-wal"));
    const Finished restored = run({AGGD_PROGRAM, "--config", aggd.config_file(), "--restore", folder / "archive"});
    INFO(restored.err);
    REQUIRE(restored.exit_code == 0);
    CHECK_FALSE(fs::exists(aggd.database() + "-wal"));
    CHECK(run({"sqlite3", aggd.database() + ".before-restore", "SELECT count(*) FROM item"}).out == "1\n");
}

TEST_CASE("a restore that cannot be begun with is undone, and status says why") {
    Origin origin;
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a"), "paused = true"));
    aggd.start();
    TemporaryFolder folder;
    REQUIRE(aggd.aggctl({"backup", folder / "archive"}).exit_code == 0);
    // In the way of what is to be kept.
    fs::create_directory(aggd.database() + ".before-restore");
    write_file(aggd.database() + ".before-restore/x", "");
    const std::string config = read_file(aggd.config_file());
    const Finished undone = aggd.aggctl({"restore", "--yes", folder / "archive"});
    CHECK(undone.exit_code == 1);
    CHECK_THAT(undone.err, Contains("was undone") && Contains("before-restore"));
    CHECK(read_file(aggd.config_file()) == config);
    CHECK_THAT(aggd.get("/v1/status").body, Contains("restore_problem"));
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("alpha"));
}
