// aggd under a service manager that the test plays: what it is told, and sockets that it has made.
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;

namespace {

// NOTIFY_SOCKET, and all that came to it.
class ServiceManager {
  public:
    ServiceManager() {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = folder_ / "notify";
        std::memcpy(address.sun_path, path.data(), path.size());
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
        ::setenv("WATCHDOG_USEC", "2000000", 1);
    }
    ~ServiceManager() {
        ::unsetenv("NOTIFY_SOCKET");
        ::unsetenv("WATCHDOG_USEC");
        ::close(socket_);
    }
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    // All that has come since the last call.
    std::string all() {
        std::string text, message(4096, ' ');
        for (ssize_t size = 0; (size = ::recv(socket_, message.data(), message.size(), MSG_DONTWAIT)) > 0;)
            text.append(message, 0, static_cast<std::size_t>(size)) += '\n';
        return text;
    }

    // Returns as soon as a message with `part` has come since the last call; throws when none does.
    std::string wait_for(const std::string& part) {
        std::string message;
        wait_until(part.c_str(), [&] {
            message.assign(4096, ' ');
            const ssize_t size = ::recv(socket_, message.data(), message.size(), MSG_DONTWAIT);
            message.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
            return message.find(part) != std::string::npos;
        });
        return message;
    }

  private:
    TemporaryFolder folder_;
    int socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

}  // namespace

TEST_CASE("a service manager is told of the start, of reloads and of the stop, and the watchdog is fed") {
    ServiceManager manager;
    Origin origin;
    origin.on("/quay", document(rss("Quay Notes", {"Ferry sinks"})));
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay")));
    aggd.start();
    CHECK_THAT(manager.wait_for("READY=1"), Contains("STATUS=1 feeds"));
    manager.wait_for("WATCHDOG=1");
    manager.wait_for("WATCHDOG=1");
    manager.wait_for("STATUS=1 feeds; next poll ");

    CHECK(aggd.aggctl({"reload"}).exit_code == 0);
    CHECK_THAT(manager.wait_for("RELOADING=1"), Contains("MONOTONIC_USEC="));
    manager.wait_for("READY=1");
    std::ofstream(aggd.config_file(), std::ios::app) << "[feed.quay]\n";
    CHECK(aggd.aggctl({"reload"}).exit_code == 1);
    manager.wait_for("RELOADING=1");
    manager.wait_for("READY=1");
    manager.wait_for("feeds.conf has errors: aggctl status");

    CHECK(aggd.stop().exit_code == 0);
    manager.wait_for("STOPPING=1");
}

TEST_CASE("a restore begins anew without telling that the service stops: systemd would kill what goes on") {
    ServiceManager manager;
    Origin origin;
    origin.on("/quay", document(rss("Quay Notes", {"Ferry sinks"})));
    const TemporaryFolder folder;
    DaemonUnderTest aggd(feed_table("quay", origin.url("/quay")));
    aggd.start();
    manager.wait_for("READY=1");
    REQUIRE(aggd.aggctl({"backup", folder / "archive"}).exit_code == 0);
    REQUIRE(aggd.aggctl({"restore", "--yes", folder / "archive"}).exit_code == 0);
    const std::string told = manager.all();
    CHECK_THAT(told, Contains("RELOADING=1") && Contains("READY=1") && !Contains("STOPPING=1"));
}

TEST_CASE("sockets that the service manager made take the place of those in feeds.conf, and stay when aggd stops") {
    TemporaryFolder folder;
    const std::string path = folder / "theirs.sock";
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(listener, 10) == 0);
    DaemonUnderTest aggd("");
    // A shell that moves the socket to where systemd puts it, and becomes aggd: LISTEN_PID must be its own.
    Process process(
        {"bash", "-c",
         "exec 3<&" + std::to_string(listener) + "; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" --config \"$1\"",
         AGGD_PROGRAM, aggd.config_file()});
    wait_until("aggd answers", [&] { return http("http://aggd/healthz", {}, path).status == 200; });
    CHECK_FALSE(std::filesystem::exists(aggd.socket()));
    process.send(SIGTERM);
    CHECK(process.wait().exit_code == 0);
    CHECK(std::filesystem::exists(path));
    ::close(listener);
}
