#include <sys/stat.h>
#include <unistd.h>

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
