#include "base/mapped_file.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "support/temporary_folder.hpp"

using namespace agg;

namespace {

std::string text_of(const MappedFile& file) {
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace

TEST_CASE("a mapped file has the file's bytes, also after a rest, and when the file is gone") {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "a") << "what is in it";
    auto file = MappedFile::open(folder / "a");
    REQUIRE(file);
    CHECK(text_of(*file) == "what is in it");
    std::filesystem::remove(folder / "a");
    file->rest();
    CHECK(text_of(*file) == "what is in it");
    const MappedFile another = std::move(*file);
    CHECK(text_of(another) == "what is in it");
}

TEST_CASE("what is not there, empty, a folder or a link is not mapped") {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "empty").close();
    std::ofstream(folder / "a") << "a";
    std::filesystem::create_symlink(folder / "a", folder / "link");
    CHECK_FALSE(MappedFile::open(folder / "nothing"));
    CHECK_FALSE(MappedFile::open(folder / "empty"));
    CHECK_FALSE(MappedFile::open(folder / ""));
    CHECK_FALSE(MappedFile::open(folder / "link"));
}
