// A new aggd in place of the old one, and an archive in place of the database, while people and feeds go on.
#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "machine.hpp"

using namespace agg::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

constexpr const char* k_tcp = "http://127.0.0.1:8137";
const std::string k_program = "/usr/local/sbin/aggd";

// A publisher with something new at every request, never asked twice for the same in vain: it carries its last hundred.
class Busy {
  public:
    explicit Busy(Origin& origin, std::string name) : name_(std::move(name)) {
        origin.on("/" + name_, [this](const SeenRequest&) -> Reply {
            const std::lock_guard guard(mutex_);
            ++told_;
            std::vector<std::string> titles;
            for (int i = told_; i > std::max(0, told_ - 100); --i) titles.push_back(name_ + "-" + std::to_string(i));
            return Answer{.headers = {{"Content-Type", "application/rss+xml"}},
                          .body = rss(name_, titles, "https://" + name_ + ".example")};
        });
    }
    [[nodiscard]] int told() const {
        const std::lock_guard guard(mutex_);
        return told_;
    }
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    std::string name_;
    mutable std::mutex mutex_;
    int told_ = 0;
};

// Clients that ask without a pause until they are stopped.
class Clients {
  public:
    explicit Clients(const Machine& machine) {
        const std::string socket = machine.path("/run/aggd.sock");
        for (const std::string path : {"/healthz", "/feed.atom?n=20"})
            for (const std::string& over : std::vector<std::string>{"", socket})
                threads_.emplace_back([this, path, over] {
                    while (!stop_) {
                        const int status = http(k_tcp + std::string(path), {}, over).status;
                        ++(status == 200 ? answered_ : lost_);
                    }
                });
    }
    ~Clients() { stop(); }
    void stop() {
        stop_ = true;
        for (std::thread& thread : threads_)
            if (thread.joinable()) thread.join();
    }
    [[nodiscard]] int answered() const { return answered_; }
    [[nodiscard]] int lost() const { return lost_; }

  private:
    std::atomic<bool> stop_ = false;
    std::atomic<int> answered_ = 0, lost_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("an upgrade under load refuses nobody, loses no request, and neither loses nor doubles an item") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    std::vector<std::unique_ptr<Busy>> publishers;
    std::string feeds = k_test_fetch + "[defaults]\nmin_interval = \"1s\"\n";
    for (const char* name : {"quay", "harbour", "ferry", "mole"}) {
        publishers.push_back(std::make_unique<Busy>(origin, name));
        feeds += feed_table(name, origin.url(std::string("/") + name), "interval = \"1s\"");
    }
    machine->prepare(feeds);
    machine->start();
    wait_until("polls are under way", [&] { return publishers.front()->told() > 1; });
    Clients clients(*machine);
    for (int upgrade = 0; upgrade < 3; ++upgrade) {
        const std::string pid = machine->property("MainPID");
        const int answered = clients.answered();
        // As dpkg and install(1) do it: another file under the name.
        machine->must({"cp", k_program, k_program + ".dpkg-new"});
        machine->must({"mv", k_program + ".dpkg-new", k_program});
        machine->must({"systemctl", "restart", "aggd"});
        const std::string now = machine->property("MainPID");
        CHECK(now != pid);
        const std::string running = machine->must({"stat", "-Lc", "%i", "/proc/" + now + "/exe"});
        CHECK(running == machine->must({"stat", "-c", "%i", k_program}));
        wait_until("clients are answered again", [&] { return clients.answered() > answered + 50; });
    }
    clients.stop();
    CHECK(clients.lost() == 0);
    CHECK(machine->property("NRestarts") == "0");

    machine->must({"systemctl", "kill", "-s", "STOP", "aggd"});  // no poll from here on
    std::map<std::string, int> told;
    for (const auto& publisher : publishers) told[publisher->name()] = publisher->told();
    machine->must({"systemctl", "kill", "-s", "CONT", "aggd"});
    for (const auto& publisher : publishers)
        (void)machine->shell("alice", "aggctl refresh --wait --force " + publisher->name());
    const std::vector<std::string> served = entry_titles(http(std::string(k_tcp) + "/feed.atom?n=1000").body);
    const std::set<std::string> stories(served.begin(), served.end());
    CHECK(stories.size() == served.size());
    for (const auto& [name, count] : told)
        for (int i = 1; i <= count; ++i) {
            INFO(name << "-" << i);
            CHECK(stories.contains(name + "-" + std::to_string(i)));
        }
}

TEST_CASE("aggctl restore begins anew in the same process, with systemd none the wiser") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    machine->start_with_polled_feed(origin, "WatchdogSec=6s\n");
    const Finished backup = machine->shell("alice", "cd && aggctl backup aggd.tar.zst");
    INFO(backup.err);
    REQUIRE(backup.exit_code == 0);
    const std::string pid = machine->property("MainPID");

    write_file(machine->path("/etc/aggd/feeds.conf"), k_test_fetch);
    machine->must({"systemctl", "reload", "aggd"});
    REQUIRE_THAT(machine->shell("alice", "aggctl list").out, !Contains("quay"));
    Clients clients(*machine);
    const Finished restored = machine->shell("alice", "cd && aggctl restore --yes aggd.tar.zst");
    INFO(restored.err);
    CHECK(restored.exit_code == 0);
    clients.stop();
    CHECK(clients.lost() == 0);
    CHECK_THAT(machine->shell("alice", "aggctl list").out, Contains("quay"));
    CHECK(machine->titles() == std::vector<std::string>{"Ferry sinks"});
    CHECK(machine->property("MainPID") == pid);
    CHECK(machine->property("ActiveState") == "active");
    CHECK(machine->property("NRestarts") == "0");
    CHECK(machine->must({"stat", "-c", "%U:%G %a", "/var/lib/aggd/aggd.db", "/etc/aggd/feeds.conf"}) ==
          "aggd:aggd 600\naggd:aggd 644\n");
    const std::string fed = machine->property("WatchdogTimestampMonotonic");
    wait_until("the watchdog is fed on", [&] { return machine->property("WatchdogTimestampMonotonic") != fed; });
    machine->must({"systemctl", "stop", "aggd"});
    CHECK(machine->property("Result") == "success");
}

TEST_CASE("what root restores into the service's folders is the service's") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    machine->start_with_polled_feed(origin);
    machine->must({"env", "ASAN_OPTIONS=detect_leaks=0", "aggctl", "backup", "--force", "/root/aggd.tar.zst"});
    machine->must({"systemctl", "stop", "aggd.service", "aggd.socket"});
    SECTION("where aggd has run before") {}
    SECTION("where there is nothing of it yet, as on a new machine") {
        machine->must({"rm", "-rf", "/var/lib/aggd", "/etc/aggd/feeds.conf"});
    }
    const std::string said = machine->must({"env", "ASAN_OPTIONS=detect_leaks=0", k_program, "-c",
                                            "/etc/aggd/feeds.conf", "--restore", "/root/aggd.tar.zst"});
    CHECK_THAT(said, Contains("Restored /var/lib/aggd/aggd.db") && Contains("/etc/aggd/feeds.conf"));
    machine->must({"systemctl", "start", "aggd.socket", "aggd.service"});
    CHECK(machine->titles() == std::vector<std::string>{"Ferry sinks"});
    CHECK(machine->must({"stat", "-c", "%U:%G", "/var/lib/aggd", "/var/lib/aggd/aggd.db", "/etc/aggd/feeds.conf"}) ==
          "aggd:aggd\naggd:aggd\naggd:aggd\n");
    const Finished set = machine->shell("alice", "aggctl set quay interval=2h");
    INFO(set.err);
    CHECK(set.exit_code == 0);
}
