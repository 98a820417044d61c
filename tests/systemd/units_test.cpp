// The units by themselves: what systemd-analyze says of them, and what the sandbox refuses.
#include <filesystem>
#include <regex>
#include <sstream>

#include <catch2/catch.hpp>

#include "machine.hpp"

using namespace agg::test;

namespace {

const std::string k_units = AGGD_SOURCE_DIR "/systemd/";

bool has_systemd_analyze() {
    if (is_installed("systemd-analyze")) return true;
    WARN("skipped: systemd-analyze is not installed");
    return false;
}

}  // namespace

TEST_CASE("the service is exposed as little as a program that fetches from the network can be") {
    if (!has_systemd_analyze()) return;
    const Finished said =
        run({"systemd-analyze", "security", "--offline=yes", "--threshold=11", k_units + "aggd.service"});
    INFO(said.out << said.err);
    CHECK(said.exit_code == 0);
    CHECK(said.out.find("aggd.service: 1.1") != std::string::npos);
}

TEST_CASE("systemd-analyze verify has nothing to say about the units") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    const std::string units = "/usr/local/lib/systemd/";
    for (const char* unit : {"system/aggd.service", "system/aggd.socket", "user/aggd.service"}) {
        std::vector<std::string> command = {"systemd-analyze", "--man=no", "verify", units + unit};
        if (std::string(unit).starts_with("user/"))
            command = {"env", "XDG_RUNTIME_DIR=/run", "systemd-analyze", "--user", "--man=no", "verify", units + unit};
        const Finished verified = machine->run(command);
        INFO(unit);
        CHECK(verified.exit_code == 0);
        CHECK(verified.out + verified.err == "");
    }
}

TEST_CASE("wherever it is installed, the units name the programs of that place") {
    const TemporaryFolder tree;
    const std::string prefix = GENERATE("/usr", "/usr/local", "/opt/feeds");
    const Finished installed =
        run({CMAKE_PROGRAM, "--install", AGGD_BINARY_DIR, "--prefix", prefix}, {{"DESTDIR", tree.path()}});
    INFO(installed.err);
    REQUIRE(installed.exit_code == 0);
    for (const std::string unit : {"system/aggd.service", "user/aggd.service"}) {
        const std::string text = read_file(tree.path() + prefix + "/lib/systemd/" + unit);
        static const std::regex command("(ExecStart|ExecReload)=([^ \n]+)");
        std::size_t count = 0;
        for (std::sregex_iterator match(text.begin(), text.end(), command), end; match != end; ++match, ++count) {
            INFO(unit << ": " << (*match)[0]);
            CHECK((*match)[2].str().starts_with(prefix + "/"));
            CHECK(std::filesystem::exists(tree.path() + (*match)[2].str()));
        }
        CHECK(count == 2);
    }
    // All of it is below the prefix: DESTDIR holds nothing else.
    for (const auto& file : std::filesystem::recursive_directory_iterator(tree.path()))
        if (file.is_regular_file()) CHECK(file.path().string().starts_with(tree.path() + prefix + "/"));
}

TEST_CASE("every kind of change in the journal is explained, in the catalog and in the manual") {
    const std::string ids = read_file(AGGD_SOURCE_DIR "/src/aggd/message_ids.hpp");
    const std::string catalog = read_file(k_units + "aggd.catalog");
    const std::string manual = read_file(AGGD_SOURCE_DIR "/man/aggd.8");
    static const std::regex id("k_[a-z_]+ = \"([0-9a-f]{32})\"");
    std::size_t count = 0;
    for (std::sregex_iterator match(ids.begin(), ids.end(), id), end; match != end; ++match, ++count) {
        INFO((*match)[0]);
        CHECK(catalog.find("-- " + (*match)[1].str() + "\n") != std::string::npos);
        CHECK(manual.find((*match)[1].str()) != std::string::npos);
    }
    CHECK(count >= 18);
}

TEST_CASE("the sandbox refuses what aggd does not need, and allows what it does") {
    const Machine* machine = Machine::booted();
    if (machine == nullptr) return;
    machine->prepare(k_test_fetch);
    // What stands behind each line is tried inside aggd's own sandbox, as its own user.
    const std::vector<std::pair<std::string, std::string>> refused = {
        {"write /etc", "touch /etc/probe"},
        {"write /usr", "touch /usr/probe"},
        {"write /run", "touch /run/probe"},
        {"read the shadow file", "head -c1 /etc/shadow"},
        {"see the homes", "ls /home/alice"},
        {"see other processes", "test -d /proc/1"},
        {"read kernel settings", "cat /proc/sys/kernel/hostname"},
        {"make a packet socket", "perl -e 'socket(S, 17, 3, 0) or exit 1'"},
        {"make a netlink socket", "perl -e 'socket(S, 16, 3, 0) or exit 1'"},
        {"make a raw socket", "perl -e 'socket(S, 2, 3, 1) or exit 1'"},
        {"make memory writable and executable", "perl -e 'exit(syscall(9, 0, 4096, 7, 0x22, -1, 0) == -1)'"},
        {"make a user namespace", "unshare -U true"},
        {"mount", "mount -t tmpfs none /tmp"},
        {"trace a process", "perl -e 'exit(syscall(101, 0, 0, 0, 0) == -1)'"},
        {"set the clock", "date -s 2001-01-01"},
        {"set the host name", "hostname probe"},
        {"change its personality", "setarch i686 true"},
        {"make a file set-user-id", "touch /var/lib/aggd/s && chmod u+s /var/lib/aggd/s"},
        {"make a device", "mknod /var/lib/aggd/null c 1 3"},
        {"raise its priority", "chrt -f 1 true"},
    };
    const std::vector<std::pair<std::string, std::string>> allowed = {
        {"write its database", "touch /var/lib/aggd/probe"},
        {"edit feeds.conf", "touch /etc/aggd/probe && mv /etc/aggd/probe /etc/aggd/probe2 && rm /etc/aggd/probe2"},
        {"read certificates", "head -c1 /etc/ssl/certs/ca-certificates.crt"},
        {"make a TCP socket", "perl -e 'socket(S, 2, 1, 0) or exit 1'"},
        {"make a Unix socket", "perl -e 'socket(S, 1, 1, 0) or exit 1'"},
    };
    std::string probe = "#!/bin/bash\nexec 2>/dev/null\n";
    for (const auto& [what, command] : refused)
        probe += "if { " + command + "; } >/dev/null; then echo '" + what + ": done'; fi\n";
    for (const auto& [what, command] : allowed)
        probe += "if ! { " + command + "; } >/dev/null; then echo '" + what + ": refused'; fi\n";
    probe += "echo end\n";
    write_file(machine->path("/usr/local/bin/aggd-probe"), probe);
    machine->must({"chmod", "755", "/usr/local/bin/aggd-probe"});

    std::string unit = read_file(k_units + "aggd.service");
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"ExecStart=.*", "ExecStart=/usr/local/bin/aggd-probe"},
             {"Type=.*", "Type=oneshot"},
             {"(Requires|After|Sockets|ExecReload|Restart|RestartSec|WatchdogSec|TimeoutStartSec)=.*\n", ""}})
        unit = std::regex_replace(unit, std::regex(from), to);
    write_file(machine->path("/etc/systemd/system/aggd-probe.service"), unit);
    machine->must({"systemctl", "daemon-reload"});
    machine->must({"systemctl", "start", "aggd-probe"});
    CHECK(machine->run({"journalctl", "-o", "cat", "-t", "aggd-probe"}).out == "end\n");
}
