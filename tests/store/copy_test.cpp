#include "store/copy.hpp"

#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/files.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;
using store::Check;
using store::Writer;

namespace {

const store::Progress k_go_on = [](std::uint64_t, std::uint64_t) { return true; };

// Enough items that a copy takes several steps.
std::vector<Item> many_items(const std::string& prefix) {
    std::vector<Item> items;
    for (int i = 0; i < 400; ++i) {
        items.push_back(item("a", prefix + std::to_string(i)));
        items.back().content_html =
            "<p>" + noise(30'000, static_cast<unsigned>(i) + 1) + prefix + std::to_string(i) + "</p>";
    }
    return items;
}

}  // namespace

TEST_CASE("a copy is one whole file of mode 0600 that holds what was there") {
    const TemporaryFolder folder;
    auto writer = Writer::open(folder / "aggd.db");
    REQUIRE(writer);
    const auto feeds = writer->subscribe({feed("a"), feed("b")}, k_noon);
    writer->commit({poll(feeds[0].id, k_noon, {item("a", "1"), item("a", "2")})});
    REQUIRE(store::copy_database(folder / "aggd.db", folder / "copy", k_go_on));
    CHECK(std::filesystem::status(folder / "copy").permissions() == std::filesystem::perms(0600));
    CHECK_FALSE(std::filesystem::exists(folder / "copy-wal"));
    CHECK(read_file(folder / "copy")[18] ==
          1);  // needs no log: https://sqlite.org/fileformat.html#file_format_version_numbers

    const auto facts = store::examine_database(folder / "copy", Check::everything);
    REQUIRE(facts);
    CHECK(facts->feeds == 2);
    CHECK(facts->items == 2);
    CHECK(facts->stories == 2);
    CHECK(facts->newest_item == k_noon);
    CHECK_FALSE(store::copy_database(folder / "aggd.db", folder / "copy", k_go_on));  // it is there
}

TEST_CASE("a copy is of one moment, however much is written while it is made, and holds up nobody") {
    const TemporaryFolder folder;
    auto writer = Writer::open(folder / "aggd.db");
    REQUIRE(writer);
    const auto feeds = writer->subscribe({feed("a")}, k_noon);
    writer->commit({poll(feeds[0].id, k_noon, many_items("before-"))});
    int steps = 0;
    const store::Progress write_between = [&](std::uint64_t, std::uint64_t) {
        ++steps;
        writer->commit({poll(feeds[0].id, k_noon + std::chrono::minutes(steps),
                             {item("a", "meanwhile" + std::to_string(steps))})});
        return true;
    };
    REQUIRE(store::copy_database(folder / "aggd.db", folder / "copy", write_between));
    CHECK(steps > 1);
    const auto facts = store::examine_database(folder / "copy", Check::everything);
    REQUIRE(facts);
    CHECK(facts->items == 400);
    CHECK(store::Reader(folder / "aggd.db").totals().items == 400U + static_cast<unsigned>(steps));
}

TEST_CASE("a copy that is stopped says so") {
    const TemporaryFolder folder;
    auto writer = Writer::open(folder / "aggd.db");
    REQUIRE(writer);
    const auto feeds = writer->subscribe({feed("a")}, k_noon);
    writer->commit({poll(feeds[0].id, k_noon, many_items(""))});
    const auto copied =
        store::copy_database(folder / "aggd.db", folder / "copy", [](std::uint64_t, std::uint64_t) { return false; });
    REQUIRE_FALSE(copied);
    CHECK(copied.error().kind == ErrorKind::unavailable);
}

TEST_CASE("what is no database of aggd's, or a damaged one, is told apart from a sound one") {
    const TemporaryFolder folder;
    write_file(folder / "text",
               "not a database at all, but long enough to be read as the header of one, which it is not");
    CHECK(store::examine_database(folder / "text", Check::pages).error().kind == ErrorKind::invalid);
    CHECK_FALSE(store::examine_database(folder / "absent", Check::pages));
    {
        auto writer = Writer::open(folder / "aggd.db");
        REQUIRE(writer);
        const auto feeds = writer->subscribe({feed("a")}, k_noon);
        writer->commit({poll(feeds[0].id, k_noon, many_items(""))});
    }
    REQUIRE(store::examine_database(folder / "aggd.db", Check::pages));
    std::string bytes = read_file(folder / "aggd.db");
    bytes.replace(bytes.size() / 2 / 4096 * 4096, 4096, std::string(4096, '\xAA'));
    write_file(folder / "damaged", bytes);
    CHECK_FALSE(store::examine_database(folder / "damaged", Check::everything));
    write_file(folder / "cut", bytes.substr(0, bytes.size() / 2));
    CHECK_FALSE(store::examine_database(folder / "cut", Check::pages));
}
