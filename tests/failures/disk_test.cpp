// A disk that is full, read-only, or taken away: nothing is lost, everybody is told, and aggd goes on by itself.
#include "disk.hpp"

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

namespace fs = std::filesystem;

// A document whose items do not fit into what the database has allocated already.
std::string large_document(const std::string& channel, const std::string& prefix) {
    Strings titles;
    for (int i = 0; i < 200; ++i) titles.push_back(prefix + std::to_string(i) + std::string(4000, 'x'));
    return rss(channel, titles, "https://" + channel + ".example");
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

bool is_served(const DaemonUnderTest& aggd, const std::string& prefix) {
    const Strings titles = aggd.titles();
    return std::any_of(titles.begin(), titles.end(), [&](const auto& title) { return title.starts_with(prefix); });
}

void wait_until_not_stored(const DaemonUnderTest& aggd) {
    wait_until("it is told that nothing can be stored", [&] { return aggd.get("/healthz").status == 503; });
}

}  // namespace

TEST_CASE("what was fetched while the disk is full is stored as soon as there is room, without a restart") {
    const auto disk = Disk::mounted();
    if (!disk) return;
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    origin.on("/harbour", document(rss("harbour", {"early"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay"), "interval = \"1s\"") +
                             feed_table("harbour", origin.url("/harbour"), "interval = \"1s\""),
                         disk->path());
    aggd.start();
    wait_until("both are polled", [&] { return aggd.titles().size() == 2; });

    disk->fill();
    origin.on("/quay", document(large_document("quay", "while-full-")));
    wait_until_not_stored(aggd);
    CHECK(aggd.get("/healthz").body ==
          "what polls bring cannot be stored: the disk of " + disk->path() + " is full: make room there\n");
    CHECK_THAT(aggd.aggctl({"status"}).out,
               Contains("needs you") && Contains("the disk of " + disk->path() + " is full: make room there"));
    CHECK_THAT(aggd.get("/metrics").body, Contains("aggd_storing 0\n"));
    CHECK(aggd.titles().size() == 2);
    // The feed does not carry them any more: they are nowhere but in aggd's hands.
    origin.on("/quay", document(rss("quay", {"later"})));
    origin.on("/harbour", document(large_document("harbour", "late-")));

    disk->make_room();
    wait_until("all is stored", [&] { return is_served(aggd, "while-full-199") && is_served(aggd, "late-199"); });
    wait_until("it goes on polling", [&] { return is_served(aggd, "later"); });
    CHECK(aggd.get("/healthz").status == 200);
    CHECK(aggd.titles().size() == 2 + 200 + 200 + 1);
    CHECK_THAT(aggd.aggctl({"status"}).out, Contains("2 fine") && !Contains("needs you"));
    CHECK(count_of(aggd.process().err(), "what polls bring cannot be stored") == 1);
    CHECK(count_of(aggd.process().err(), "what polls bring is stored again") == 1);
    wait_until("the search index has caught up",
               [&] { return aggd.get("/search.atom?q=later").body.find("<entry") != std::string::npos; });
}

TEST_CASE("what a person asks for while the disk is full is refused with the reason and changes nothing") {
    const auto disk = Disk::mounted();
    if (!disk) return;
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    origin.on("/harbour", document(large_document("harbour", "big-")));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay")), disk->path());
    aggd.start();
    wait_until("it is polled", [&] { return aggd.titles().size() == 1; });

    disk->fill();
    origin.on("/quay", document(large_document("quay", "while-full-")));
    const Finished refreshed = aggd.aggctl({"refresh", "--wait", "--force"});
    CHECK(refreshed.exit_code == 1);
    CHECK_THAT(refreshed.err, Contains("the disk of " + disk->path() + " is full: make room there"));
    const std::string configuration = read_file(aggd.config_file());
    // Small changes may fit into what the database has already; what does not must leave no half of itself.
    const Finished added = aggd.aggctl({"add", origin.url("/harbour"), "--name", "harbour"});
    if (added.exit_code != 0) {
        CHECK_THAT(added.err, Contains("is full: make room there"));
        CHECK(read_file(aggd.config_file()) == configuration);
        CHECK_THAT(aggd.aggctl({"list"}).out, !Contains("harbour"));
    }
    CHECK_THAT(aggd.aggctl({"backup", aggd.database() + ".tar.zst"}).err,
               Contains("o space left on device") || Contains("full"));
    disk->make_room();
    wait_until("all is stored", [&] { return is_served(aggd, "while-full-199"); });
}

TEST_CASE("a stop while the disk is full is a clean one, and the next start fetches what was not stored again") {
    const auto disk = Disk::mounted();
    if (!disk) return;
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay"), "interval = \"1s\""), disk->path());
    aggd.start();
    wait_until("it is polled", [&] { return aggd.titles().size() == 1; });
    disk->fill();
    origin.on("/quay", document(large_document("quay", "while-full-")));
    wait_until_not_stored(aggd);
    const Finished stopped = aggd.stop();
    INFO(stopped.err);
    CHECK(stopped.exit_code == 0);
    disk->make_room();
    aggd.start();
    wait_until("all is stored", [&] { return is_served(aggd, "while-full-199"); });
    CHECK(aggd.titles().size() == 201);
}

TEST_CASE("a start on a full disk fails with the reason, and succeeds as soon as there is room") {
    const auto disk = Disk::mounted();
    if (!disk) return;
    DaemonUnderTest aggd("", disk->path());
    disk->fill();
    const Finished refused = run({AGGD_PROGRAM, "--config", aggd.config_file()});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err, Contains("the disk of " + disk->path() + " is full: make room there"));
    disk->make_room();
    aggd.start();
    CHECK(aggd.get("/healthz").status == 200);
}

TEST_CASE("a start on a read-only disk fails with the reason") {
    const auto disk = Disk::mounted();
    if (!disk) return;
    DaemonUnderTest aggd("", disk->path());
    disk->make_read_only();
    const Finished refused = run({AGGD_PROGRAM, "--config", aggd.config_file()});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err, Contains(disk->path()) && Contains("Read-only file system") && Contains("may write"));
    disk->make_writable();
    aggd.start();
    CHECK(aggd.get("/healthz").status == 200);
}

TEST_CASE("a state folder of somebody else's is told with who may not write where") {
    if (::geteuid() != 0) {
        WARN("skipped: only root can run aggd as another user");
        return;
    }
    DaemonUnderTest aggd("");
    fs::permissions(fs::path(aggd.config_file()).parent_path(), fs::perms::all & ~fs::perms::others_write);
    fs::permissions(aggd.config_file(), fs::perms::all);
    const Finished refused = run({"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", AGGD_PROGRAM,
                                  "--config", aggd.config_file()});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err, Contains(aggd.database() + ".lock: Permission denied") && Contains("may write"));
}

TEST_CASE("a database that is taken away while aggd has it open is told, and used again when it is back") {
    Origin origin;
    origin.on("/quay", document(rss("quay", {"first"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay"), "interval = \"1s\""));
    aggd.start();
    wait_until("it is polled", [&] { return aggd.titles().size() == 1; });
    fs::rename(aggd.database(), aggd.database() + ".away");
    origin.on("/quay", document(rss("quay", {"second"})));
    wait_until_not_stored(aggd);
    CHECK_THAT(aggd.get("/healthz").body, Contains(aggd.database() + " was moved away or deleted"));
    fs::rename(aggd.database() + ".away", aggd.database());
    wait_until("it is stored", [&] { return is_served(aggd, "second"); });
    CHECK(aggd.get("/healthz").status == 200);
}
