// What an administrator and the users of a machine do with the service.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "machine.hpp"

using namespace agg::test;

namespace {

constexpr const char* k_tcp = "http://127.0.0.1:8137";

std::string one_feed(const Origin& origin) { return k_test_fetch + feed_table("quay", origin.url("/quay")); }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the first request starts the service, which polls its feeds and tells how it does") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    origin.on("/quay", document(rss("Quay Notes", {"Ferry sinks", "Ferry sails"})));
    machine->prepare(one_feed(origin));
    REQUIRE(machine->property("ActiveState") == "inactive");

    CHECK(http("http://aggd/healthz", {}, machine->path("/run/aggd.sock")).body == "ok\n");
    CHECK(machine->property("ActiveState") == "active");
    wait_until("the feed is served on TCP", [&] {
        return entry_titles(http(std::string(k_tcp) + "/feed.atom").body) ==
               std::vector<std::string>{"Ferry sinks", "Ferry sails"};
    });
    wait_until("the status line tells it",
               [&] { return machine->property("StatusText").starts_with("1 feeds; next poll "); });
    CHECK(machine->must({"stat", "-c", "%U:%G %a", "/run/aggd.sock"}) == "aggd:aggd 660\n");
    CHECK(machine->must({"stat", "-c", "%U:%G %a", "/var/lib/aggd", "/var/lib/aggd/aggd.db"}) ==
          "aggd:aggd 700\naggd:aggd 600\n");
}

TEST_CASE("a good reload is done when systemctl returns; a bad one fails and changes nothing") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    origin.on("/quay", document(rss("Quay Notes", {"Ferry sinks"})));
    machine->prepare(one_feed(origin));
    machine->start();
    const std::string pid = machine->property("MainPID");

    write_file(machine->path("/etc/aggd/feeds.conf"), one_feed(origin) + feed_table("harbour", origin.url("/harbour")));
    machine->must({"systemctl", "reload", "aggd"});
    CHECK(contains(machine->shell("alice", "aggctl list").out, "harbour"));

    write_file(machine->path("/etc/aggd/feeds.conf"), "[feed.quay]\nurll = \"x\"\n");
    const Finished reload = machine->run({"systemctl", "reload", "aggd"});
    CHECK(reload.exit_code != 0);
    CHECK(machine->property("ActiveState") == "active");
    CHECK(machine->property("MainPID") == pid);
    CHECK(contains(machine->journal("PRIORITY=3"), "/etc/aggd/feeds.conf:2:1: unknown key \"urll\" in [feed.quay]"));
    CHECK(contains(machine->shell("alice", "aggctl list").out, "harbour"));
    wait_until("the status line tells it",
               [&] { return contains(machine->property("StatusText"), "feeds.conf has errors: aggctl status"); });
}

TEST_CASE("a member of group aggd reads with newsboat and manages with aggctl") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    origin.on("/quay", document(rss("Quay Notes", {"Ferry sinks"})));
    machine->prepare(k_test_fetch + "# mine\n");
    machine->start();

    const Finished added = machine->shell("alice", "aggctl add " + origin.url("/quay") + " --name quay");
    INFO(added.out << added.err);
    REQUIRE(added.exit_code == 0);
    const std::string file = read_file(machine->path("/etc/aggd/feeds.conf"));
    CHECK(contains(file, "# mine\n"));
    CHECK(contains(file, "[feed.quay]\n"));
    CHECK(machine->must({"stat", "-c", "%U:%G", "/etc/aggd/feeds.conf"}) == "aggd:aggd\n");
    CHECK(machine->journal("FEED=quay") != "");

    if (!is_installed("newsboat")) {
        WARN("newsboat is not installed");
        return;
    }
    const Finished read = machine->shell("alice", "cd && echo " + std::string(k_tcp) +
                                                      "/feed.atom > urls && newsboat -u urls -c cache.db -x reload && "
                                                      "newsboat -u urls -c cache.db -x print-unread");
    INFO(read.err);
    CHECK(contains(read.out, "1 unread"));
}

TEST_CASE("who is not in group aggd is refused with the hint which group to join") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    machine->prepare(k_test_fetch);
    machine->start();
    const Finished refused = machine->shell("mallory", "aggctl list");
    CHECK(refused.exit_code == 1);
    CHECK(refused.err ==
          "aggctl: cannot reach aggd at /run/aggd.sock: permission denied. You are not in group \"aggd\": sudo usermod "
          "-aG "
          "aggd mallory, then log in again.\n");
}

TEST_CASE("another group reads but does not change when feeds.conf says so") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    machine->prepare("[serve]\ngroup = \"none\"\n" + k_test_fetch);
    machine->start();
    CHECK(machine->shell("alice", "aggctl list").exit_code == 0);
    const Finished refused = machine->shell("alice", "aggctl reload");
    CHECK(refused.exit_code == 1);
    CHECK(contains(refused.err, "[serve] group"));
    CHECK(machine->run({"systemctl", "reload", "aggd"}).exit_code == 0);
}

TEST_CASE("a group that the machine does not know is told with what to do") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    machine->prepare("[serve]\ngroup = \"nosuch\"\n" + k_test_fetch);
    const Finished checked = machine->run({"env", "ASAN_OPTIONS=detect_leaks=0", "/usr/local/sbin/aggd", "--check"});
    CHECK(checked.exit_code == 2);
    CHECK(contains(checked.err, "addgroup --system nosuch"));
}

TEST_CASE("a feed's password comes through a credential that only root can read") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    origin.on("/quay", document(rss("Quay Notes", {"Ferry sinks"})));
    write_file(machine->path("/etc/aggd.passwords"), "machine 127.0.0.1 login ann password s3cret\n");
    machine->must({"chmod", "600", "/etc/aggd.passwords"});
    machine->prepare("[fetch]\nallow_private = [\"127.0.0.0/8\"]\ncredentials_file = \"passwords\"\n" +
                         feed_table("quay", origin.url("/quay")),
                     "LoadCredential=passwords:/etc/aggd.passwords\n");
    machine->start();
    CHECK(origin.wait_for_requests(1).front().header("Authorization") == "Basic YW5uOnMzY3JldA==");
}

TEST_CASE("changes in how a feed does have their MESSAGE_ID in the journal, with FEED and STATUS") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    origin.on("/quay", Answer{404, {}, "no"});
    machine->prepare(one_feed(origin));
    machine->start();
    wait_until("the poll is in the journal", [&] { return machine->journal("STATUS=404") != ""; });
    CHECK(contains(machine->journal("FEED=quay"), "404"));
    CHECK(contains(machine->journal("MESSAGE_ID=4797910ddbe3430f9f96f34d887f652a"), "serves 1 feeds"));
    const std::string explained = machine->must({"journalctl", "-x", "-u", "aggd"});
    CHECK(contains(explained, "aggd has started"));
}
