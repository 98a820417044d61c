// What happens when something goes wrong: kills, hangs, stops under load, no network.
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "machine.hpp"

using namespace agg::test;

namespace {

namespace fs = std::filesystem;

// The thread of that name of a process inside, by its number outside; -1 when there is none.
pid_t thread_outside(const Machine& machine, const std::string& pid_inside, const std::string& name) {
    std::error_code gone;
    const auto inside = fs::read_symlink(machine.init() + "/ns/pid");
    for (const auto& process : fs::directory_iterator("/proc")) {
        if (fs::read_symlink(process.path() / "ns/pid", gone) != inside) continue;
        if (read_file(process.path() / "status").find("\t" + pid_inside + "\nNSpgid:") == std::string::npos) continue;
        for (const auto& thread : fs::directory_iterator(process.path() / "task", gone))
            if (read_file(thread.path() / "comm") == name + "\n") return std::stoi(thread.path().filename().string());
    }
    return -1;
}

void wait_for_restart(const Machine& machine, const std::string& pid_before) {
    wait_until(
        "aggd is restarted",
        [&] {
            const std::string pid = machine.property("MainPID");
            return pid != pid_before && pid != "0" && machine.property("ActiveState") == "active";
        },
        std::chrono::seconds{60});
}

// A hung process keeps SIGABRT pending: do not wait for it.
const std::string k_short_watchdog = "WatchdogSec=6s\nTimeoutAbortSec=1s\n";

}  // namespace

TEST_CASE("requests that wait while aggd is killed are answered by the next one") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    machine->prepare(k_test_fetch);
    machine->start();
    const std::string pid = machine->property("MainPID");
    machine->must({"kill", "-STOP", pid});
    std::vector<HttpAnswer> answers(20);
    std::vector<std::thread> clients;
    for (HttpAnswer& answer : answers)
        clients.emplace_back([&answer] { answer = http("http://127.0.0.1:8137/healthz"); });
    machine->must({"kill", "-KILL", pid});
    for (std::thread& client : clients) client.join();
    for (const HttpAnswer& answer : answers) CHECK(answer.status == 200);
    CHECK(machine->property("MainPID") != pid);
    CHECK(machine->property("NRestarts") == "1");
}

TEST_CASE("what was stored is there after a kill") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    machine->start_with_polled_feed(origin);
    machine->must({"systemctl", "kill", "-s", "KILL", "aggd"});
    CHECK(machine->titles() == std::vector<std::string>{"Ferry sinks"});
}

TEST_CASE("the watchdog restarts an aggd that hangs, and leaves one alone that does not") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    machine->prepare(k_test_fetch, k_short_watchdog);
    machine->start();
    const std::string pid = machine->property("MainPID");
    const std::string first = machine->property("WatchdogTimestampMonotonic");
    wait_until("the watchdog was fed again and again", [&, last = first, times = 0]() mutable {
        const std::string fed = machine->property("WatchdogTimestampMonotonic");
        if (fed != last) ++times;
        last = fed;
        return times == 2;
    });
    CHECK(machine->property("MainPID") == pid);

    machine->must({"kill", "-STOP", pid});
    wait_for_restart(*machine, pid);
    CHECK(http("http://127.0.0.1:8137/healthz").status == 200);
}

TEST_CASE("the watchdog restarts an aggd whose writer hangs, though it still answers") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    machine->prepare(k_test_fetch, k_short_watchdog);
    machine->start();
    const std::string pid = machine->property("MainPID");
    const pid_t writer = thread_outside(*machine, pid, "aggd-writer");
    REQUIRE(writer > 0);
    REQUIRE(::ptrace(PTRACE_SEIZE, writer, nullptr, nullptr) == 0);
    REQUIRE(::ptrace(PTRACE_INTERRUPT, writer, nullptr, nullptr) == 0);
    REQUIRE(::waitpid(writer, nullptr, __WALL) == writer);
    CHECK(http("http://127.0.0.1:8137/feed.atom").status == 200);
    // A traced thread is gone only once its tracer has seen that.
    wait_until(
        "the watchdog has spoken",
        [&] {
            int status = 0;
            return ::waitpid(writer, &status, __WALL | WNOHANG) == writer && (WIFSIGNALED(status) || WIFEXITED(status));
        },
        std::chrono::seconds{60});
    wait_for_restart(*machine, pid);
    CHECK(machine->journal("MESSAGE_ID=4e39ca9a5792469cabeaaa3348336638")
              .starts_with("the writer of the database has not answered"));
    CHECK(http("http://127.0.0.1:8137/healthz").status == 200);
}

TEST_CASE("a stop takes less than two seconds, with polls and slow clients under way") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    Origin origin;
    std::string feeds = k_test_fetch;
    for (int i = 0; i < 20; ++i) {
        const std::string name = "slow" + std::to_string(i);
        origin.on("/" + name, hang());
        feeds += feed_table(name, origin.url("/" + name));
    }
    // Past this it is killed, and has failed.
    machine->prepare(feeds, "TimeoutStopSec=2s\n");
    machine->start();
    (void)origin.wait_for_requests(2);
    std::thread client([] { (void)raw_exchange("http://127.0.0.1:8137", "GET /feed.atom HTTP/1.1\r\nHost: loc"); });
    machine->must({"systemctl", "stop", "aggd"});
    CHECK(machine->property("Result") == "success");
    CHECK(fs::exists(machine->path("/run/aggd.sock")));  // the next request would start it again
    machine->must({"systemctl", "stop", "aggd.socket"});
    CHECK_FALSE(fs::exists(machine->path("/run/aggd.sock")));
    client.join();
}

TEST_CASE("aggd starts without a network, and says that it is offline") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    std::string feeds;
    for (const char* name : {"one", "two", "three", "four"})
        feeds += feed_table(name, std::string("https://") + name + ".example/feed");
    machine->prepare(feeds);
    machine->start();
    wait_until("it says so",
               [&] { return machine->property("StatusText").find("offline since") != std::string::npos; });
    CHECK(machine->journal("MESSAGE_ID=9d7037c59a654bcbb089d99f749bc2df").starts_with("offline:"));
}
