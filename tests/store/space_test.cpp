#include "store/space.hpp"

#include <numeric>

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;

TEST_CASE("the parts are the whole database, and the feed with the longest bodies stands first") {
    const TemporaryFolder folder;
    auto writer = store::Writer::open(folder / "aggd.db");
    REQUIRE(writer);
    const auto feeds = writer->subscribe({feed("a"), feed("b"), feed("gone")}, k_noon);
    std::vector<Item> large;
    for (int i = 0; i < 50; ++i) {
        large.push_back(item("b", std::to_string(i)));
        large.back().content_html = noise(40'000, static_cast<unsigned>(i) + 1);
    }
    writer->commit({poll(feeds[0].id, k_noon, {item("a", "1"), item("a", "2")}), poll(feeds[1].id, k_noon, large),
                    poll(feeds[2].id, k_noon, {item("gone", "3")})});
    (void)writer->subscribe({feed("a"), feed("b")}, k_noon);

    store::Reader reader(folder / "aggd.db");
    const store::Space space = reader.space(10);
    const auto sum = std::accumulate(space.parts.begin(), space.parts.end(), std::uint64_t{0},
                                     [](std::uint64_t total, const auto& part) { return total + part.bytes; });
    CHECK(sum == space.database_bytes);
    CHECK(space.parts.front().name == "bodies");
    CHECK(space.parts.front().bytes > 50 * 30'000);
    CHECK(space.log_bytes > 0);
    REQUIRE(space.feeds.size() == 3);
    CHECK(space.feeds[0].name == "b");
    CHECK(space.feeds[0].items == 50);
    CHECK(space.feeds[0].bytes > 50 * 30'000);
    CHECK(space.feeds[0].bytes < space.parts.front().bytes);
    for (const auto& each : space.feeds) CHECK(each.is_subscribed == (each.name != "gone"));
    CHECK(reader.space(1).feeds.size() == 1);
}
