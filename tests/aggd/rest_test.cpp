#include "aggd/rest.hpp"

#include <filesystem>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "support/temporary_folder.hpp"

using namespace agg;

namespace {

// Connections of this process to the database, by its log: SQLite may keep other descriptors for the next one.
std::size_t open_on(const std::string& database) {
    std::size_t count = 0;
    std::error_code gone;
    for (const auto& descriptor : std::filesystem::directory_iterator("/proc/self/fd"))
        if (std::filesystem::read_symlink(descriptor, gone) == database + "-wal") ++count;
    return count;
}

}  // namespace

TEST_CASE("when it is quiet after hard work, readers that nobody uses are let go, once") {
    const test::TemporaryFolder folder;
    const std::string path = folder / "aggd.db";
    asio::io_context io;
    asio::thread_pool writer_pool(1);
    auto writer = store::Writer::open(path);
    REQUIRE(writer);
    store::ReaderPool readers(path);
    aggd::CommitQueue commits(io.get_executor(), writer_pool, *writer);
    aggd::Rest rest(io.get_executor(), commits, *writer, readers);
    const std::size_t without_readers = open_on(path);
    const auto read = [&] { return readers.with([](store::Reader& reader) { return reader.totals().items; }); };
    CHECK(read() == 0);
    CHECK(open_on(path) > without_readers);

    SECTION("a start or a reload") { rest.worked_hard(); }
    SECTION("many polls") {
        for (int poll = 0; poll < 1'000; ++poll) rest.stored();
    }
    io.run();  // returns: nothing waits any more
    CHECK(open_on(path) == without_readers);
    CHECK(read() == 0);
    io.restart();
    rest.stored();
    CHECK(io.run() == 0);  // one poll is no hard work
    writer_pool.join();
}

TEST_CASE("nobody waits for a rest when the daemon stops") {
    const test::TemporaryFolder folder;
    asio::io_context io;
    asio::thread_pool writer_pool(1);
    auto writer = store::Writer::open(folder / "aggd.db");
    REQUIRE(writer);
    store::ReaderPool readers(folder / "aggd.db");
    aggd::CommitQueue commits(io.get_executor(), writer_pool, *writer);
    aggd::Rest rest(io.get_executor(), commits, *writer, readers);
    rest.worked_hard();
    io.poll();
    rest.stop();
    const auto begin = std::chrono::steady_clock::now();
    io.run();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{1});
    writer_pool.join();
}
