#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <catch2/catch.hpp>

#include "config/edit.hpp"
#include "support/files.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::config;

namespace {

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator{}));
}

}  // namespace

TEST_CASE("a file is replaced whole and keeps its mode") {
    const test::TemporaryFolder folder;
    const std::string path = test::write_file(folder / "feeds.conf", "old");
    ::chmod(path.c_str(), 0640);
    REQUIRE(replace_file(path, "old", "new"));
    CHECK(test::read_file(path) == "new");
    struct stat now {};
    REQUIRE(::stat(path.c_str(), &now) == 0);
    CHECK((now.st_mode & 07777) == 0640);
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("an edit by somebody else is a conflict and stays") {
    const test::TemporaryFolder folder;
    const std::string path = test::write_file(folder / "feeds.conf", "theirs");
    const auto result = replace_file(path, "old", "new");
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::conflict);
    CHECK(result.error().message ==
          path + " was changed by somebody else meanwhile and is left as they wrote it; try again");
    CHECK(test::read_file(path) == "theirs");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a symbolic link stays one, and what it names is replaced") {
    const test::TemporaryFolder folder;
    std::filesystem::create_directory(folder / "git");
    const std::string target = test::write_file(folder / "git/feeds.conf", "old");
    std::filesystem::create_symlink("git/feeds.conf", folder / "feeds.conf");
    REQUIRE(replace_file(folder / "feeds.conf", "old", "new"));
    CHECK(std::filesystem::is_symlink(folder / "feeds.conf"));
    CHECK(test::read_file(target) == "new");
}

TEST_CASE("what cannot be written fails with the reason and leaves the old file") {
    const test::TemporaryFolder folder;
    const auto missing = replace_file(folder / "feeds.conf", "", "new");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::storage);
    CHECK(missing.error().message ==
          (folder / "feeds.conf") + " could not be written (No such file or directory); it is unchanged");
    if (::geteuid() == 0) return;  // nothing is read-only for root

    const std::string path = test::write_file(folder / "feeds.conf", "old");
    ::chmod(path.c_str(), 0440);
    const auto read_only = replace_file(path, "old", "new");
    REQUIRE_FALSE(read_only);
    CHECK(read_only.error().message ==
          path + " could not be written (asking for permission: Permission denied); it is unchanged");
    ::chmod(path.c_str(), 0640);

    ::chmod(folder.path().c_str(), 0550);
    const auto closed_folder = replace_file(path, "old", "new");
    ::chmod(folder.path().c_str(), 0750);
    REQUIRE_FALSE(closed_folder);
    CHECK(closed_folder.error().message ==
          path + " could not be written (making a file beside it: Permission denied); it is unchanged");
    CHECK(test::read_file(path) == "old");
}

TEST_CASE("a full disk leaves the old file and nothing beside it") {
    const test::TemporaryFolder folder;
    const std::string path = test::write_file(folder / "feeds.conf", "old");
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit full{8192, before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
    const auto result = replace_file(path, "old", std::string(100'000, 'x'));
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, handler);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::storage);
    CHECK(result.error().message == path + " could not be written (writing: File too large); it is unchanged");
    CHECK(test::read_file(path) == "old");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a write that is killed at any moment leaves one of the two files, whole") {
    const test::TemporaryFolder folder;
    const std::string first(300'000, 'a');
    const std::string second(200'000, 'b');
    const std::string path = test::write_file(folder / "feeds.conf", first);
    for (int round = 0; round < 20; ++round) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            for (bool is_first = test::read_file(path) == first;; is_first = !is_first)
                if (!replace_file(path, is_first ? first : second, is_first ? second : first)) ::_exit(1);
        }
        ::usleep(static_cast<useconds_t>(1000 + round * 700));
        ::kill(child, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        const std::string left = test::read_file(path);
        CHECK((left == first || left == second));
    }
}
