#include "machine.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <sched.h>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"

namespace agg::test {
namespace {

std::string without_line_end(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

// AddressSanitizer's look for leaks needs what the sandbox refuses.
const std::string k_leaks_off = "ASAN_OPTIONS=detect_leaks=0";

}  // namespace

Machine* Machine::booted() {
    static std::string problem;
    static const std::unique_ptr<Machine> machine = [] {
        const char* shared = std::getenv("AGGD_SHARED");
        const std::string script = std::string(shared != nullptr ? shared : "") + "/tools/systemd/boot-systemd.sh";
        if (shared == nullptr || !std::filesystem::exists(script))
            problem = "AGGD_SHARED names no folder with tools/systemd/boot-systemd.sh";
        else if (::geteuid() != 0)
            problem = "only root can boot a systemd of its own";
        std::unique_ptr<Machine> made;
        if (problem.empty()) made.reset(new Machine(script, problem));
        if (!problem.empty()) made.reset();
        return made;
    }();
    if (!machine) WARN("skipped: " << problem);
    return machine.get();
}

Machine::Machine(std::string script, std::string& problem) : script_(std::move(script)) {
    const Finished up = test::run({script_, "up"}, {{"SD_DIR", folder_.path()}});
    if (up.exit_code != 0) {
        problem = "no systemd could be booted: " + up.err;
        return;
    }
    root_ = without_line_end(test::run({script_, "root"}, {{"SD_DIR", folder_.path()}}).out);
    const std::string network = init() + "/ns/net";
    const int descriptor = ::open(network.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || ::setns(descriptor, CLONE_NEWNET) != 0) throw std::runtime_error("cannot enter " + network);
    ::close(descriptor);

    const Finished install = test::run({CMAKE_PROGRAM, "--install", AGGD_BINARY_DIR}, {{"DESTDIR", root_}});
    if (install.exit_code != 0) throw std::runtime_error("aggd cannot be installed: " + install.err);
    // This machine is a copy of the one that the test runs on: nothing of an aggd there may count.
    must({"rm", "-rf", "/etc/aggd", "/var/lib/aggd"});
    must({"ip", "link", "set", "lo", "up"});
    // As every machine has it; systemd passes credentials through a mount that must reach the service.
    must({"mount", "--make-rshared", "/"});
    must({"systemd-sysusers"});
    must({"systemd-tmpfiles", "--create"});
    must({"journalctl", "--update-catalog"});
    for (const char* user : {"alice", "mallory"}) must({"useradd", "--create-home", user});
    must({"usermod", "-aG", "aggd", "alice"});
    must({"systemctl", "daemon-reload"});
}

Machine::~Machine() { (void)test::run({script_, "down"}, {{"SD_DIR", folder_.path()}}); }

Finished Machine::run(std::vector<std::string> command) const {
    command.insert(command.begin(), {script_, "exec"});
    return test::run(std::move(command), {{"SD_DIR", folder_.path()}});
}

Finished Machine::shell(const std::string& user, const std::string& script) const {
    return run({"runuser", "-u", user, "--", "env", k_leaks_off, "HOME=/home/" + user, "bash", "-c", script});
}

std::string Machine::must(std::vector<std::string> command) const {
    std::string line;
    for (const std::string& word : command) line += word + " ";
    const Finished done = run(std::move(command));
    if (done.exit_code != 0)
        throw std::runtime_error(line + "failed: " + done.err + done.out + "\naggd's journal:\n" + journal());
    return done.out;
}

void Machine::prepare(const std::string& feeds_conf, const std::string& drop_in) const {
    must({"systemctl", "stop", "aggd.service", "aggd.socket"});
    must({"rm", "-rf", "/var/lib/aggd"});
    write_file(path("/etc/aggd/feeds.conf"), feeds_conf);
    must({"chown", "aggd:aggd", "/etc/aggd/feeds.conf"});
    must({"mkdir", "-p", "/etc/systemd/system/aggd.service.d"});
    write_file(path("/etc/systemd/system/aggd.service.d/test.conf"),
               "[Service]\nEnvironment=" + k_leaks_off + "\nRestartSec=200ms\n" + drop_in);
    must({"systemctl", "daemon-reload"});
    must({"journalctl", "--rotate"});
    must({"journalctl", "--vacuum-time=1us"});
    must({"systemctl", "start", "aggd.socket"});
}

void Machine::start_with_polled_feed(Origin& origin, const std::string& drop_in) const {
    origin.on("/quay", document(rss("Quay Notes", {"Ferry sinks"})));
    prepare(k_test_fetch + feed_table("quay", origin.url("/quay")), drop_in);
    start();
    wait_until("the feed is polled", [&] { return !titles().empty(); });
}

std::vector<std::string> Machine::titles() const { return entry_titles(http("http://127.0.0.1:8137/feed.atom").body); }

std::string Machine::property(const std::string& name) const {
    return without_line_end(run({"systemctl", "show", "-P", name, "aggd"}).out);
}

std::string Machine::journal(const std::string& match) const {
    std::vector<std::string> command = {"journalctl", "-o", "cat", "_SYSTEMD_UNIT=aggd.service"};
    if (!match.empty()) command.push_back(match);
    return run(std::move(command)).out;
}

}  // namespace agg::test
