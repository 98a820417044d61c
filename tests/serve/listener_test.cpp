#include "serve/listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

#include <catch2/catch.hpp>

#include "serve/running_server.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;
using agg::test::TemporaryFolder;

TEST_CASE("the Unix socket is for its owner and group, whatever the umask") {
    const TemporaryFolder folder;
    const mode_t before = ::umask(GENERATE(0, 022, 077));
    const auto listener = listen_unix(folder / "s");
    ::umask(before);
    REQUIRE(listener);
    struct stat file {};
    REQUIRE(::stat((folder / "s").c_str(), &file) == 0);
    CHECK((file.st_mode & 07777) == 0660);
    CHECK(listener->description == "unix:" + (folder / "s"));
    ::close(listener->descriptor);
}

TEST_CASE("a socket file that nobody listens on is replaced") {
    const TemporaryFolder folder;
    const auto dead = listen_unix(folder / "s");
    REQUIRE(dead);
    ::close(dead->descriptor);  // as kill -9 leaves it
    const auto listener = listen_unix(folder / "s");
    REQUIRE(listener);
    CHECK(Client::to_unix(folder / "s").descriptor() >= 0);
    ::close(listener->descriptor);
}

TEST_CASE("a second instance is refused and told which socket is in use") {
    const TemporaryFolder folder;
    const auto first = listen_unix(folder / "s");
    REQUIRE(first);
    const auto second = listen_unix(folder / "s");
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::unavailable);
    CHECK_THAT(second.error().message, Catch::Contains(folder / "s"));
    CHECK(Client::to_unix(folder / "s").descriptor() >= 0);
    ::close(first->descriptor);
}

TEST_CASE("only a socket is ever removed to make room") {
    const TemporaryFolder folder;
    std::ofstream(folder / "s") << "precious";
    const auto listener = listen_unix(folder / "s");
    REQUIRE_FALSE(listener);
    CHECK(listener.error().kind == ErrorKind::conflict);
    CHECK(std::filesystem::file_size(folder / "s") == 8);
}

TEST_CASE("a path that no socket can have is an error that says why") {
    const TemporaryFolder folder;
    CHECK(listen_unix(folder / std::string(120, 'x')).error().kind == ErrorKind::invalid);
    CHECK(listen_unix(folder / "no/such/folder").error().kind == ErrorKind::storage);
    CHECK(listen_unix("").error().kind == ErrorKind::invalid);
}

TEST_CASE("the socket file is removed only while it is the one that was made") {
    const TemporaryFolder folder;
    const auto first = listen_unix(folder / "s");
    REQUIRE(first);
    ::close(first->descriptor);
    // Kept under another name, so that the file system cannot give its inode number to the next one.
    std::filesystem::rename(folder / "s", folder / "old");
    const auto second = listen_unix(folder / "s");
    REQUIRE(second);
    remove_socket_file(*first);
    CHECK(std::filesystem::exists(folder / "s"));
    remove_socket_file(*second);
    CHECK_FALSE(std::filesystem::exists(folder / "s"));
    ::close(second->descriptor);
}

TEST_CASE("TCP listens on loopback addresses only") {
    struct Case {
        const char* address;
        ErrorKind kind;
    };
    const std::vector<Case> refused = {
        {"0.0.0.0:0", ErrorKind::forbidden},    {"192.168.1.5:80", ErrorKind::forbidden},
        {"[::]:0", ErrorKind::forbidden},       {"127.0.0.1", ErrorKind::invalid},
        {"127.0.0.1:", ErrorKind::invalid},     {"127.0.0.1:70000", ErrorKind::invalid},
        {"example.org:80", ErrorKind::invalid}, {"", ErrorKind::invalid},
        {"::1:80", ErrorKind::invalid},
    };
    for (const Case& each : refused) {
        CAPTURE(each.address);
        const auto listener = listen_tcp(each.address);
        REQUIRE_FALSE(listener);
        CHECK(listener.error().kind == each.kind);
    }
    const auto listener = listen_tcp("localhost:0");
    REQUIRE(listener);
    CHECK(listener->port != 0);
    CHECK(listener->description == fmt::format("http://127.0.0.1:{}/", listener->port));
    const auto taken = listen_tcp(fmt::format("127.0.0.1:{}", listener->port));
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind == ErrorKind::unavailable);
    CHECK_THAT(taken.error().message, Catch::Contains(std::to_string(listener->port)));
    ::close(listener->descriptor);
}

TEST_CASE("a descriptor that listens already is adopted, any other is not") {
    const auto listener = listen_tcp("127.0.0.1:0");
    REQUIRE(listener);
    const auto adopted = adopt_listener(listener->descriptor);
    REQUIRE(adopted);
    CHECK(adopted->description == listener->description);
    CHECK(adopted->path.empty());
    ::close(listener->descriptor);
    const int plain = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(adopt_listener(plain).error().kind == ErrorKind::invalid);
    ::close(plain);
    CHECK(adopt_listener(-1).error().kind == ErrorKind::invalid);
}
