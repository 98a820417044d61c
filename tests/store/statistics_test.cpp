// Figures of the last 30 days.
#include "store/statistics.hpp"

#include <catch2/catch.hpp>

#include "store/samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;

namespace {

// `id` as `outlet` tells it, at an address that all share.
Item shared(const std::string& outlet, const std::string& id, TimePoint published) {
    Item one = item(outlet, id, published);
    one.canonical_url = "wire.example/" + id;
    return one;
}

struct Newsroom {
    TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    std::vector<store::StoredFeed> feeds = writer.subscribe({feed("alpha"), feed("beta"), feed("gamma")}, k_noon);

    void tell(std::size_t feed, const std::vector<Item>& items) {
        (void)writer.commit({poll(feeds.at(feed).id, k_noon, items)});
    }
    store::Statistics statistics(TimePoint now = k_noon) { return store::Reader(folder / "aggd.db").statistics(now); }
};

}  // namespace

TEST_CASE("every day counts tellings, and those of a story that was told elsewhere") {
    Newsroom room;
    room.tell(0, {shared("alpha", "1", k_noon - 24h), item("alpha", "2", k_noon - 24h), item("alpha", "3")});
    room.tell(1, {shared("beta", "1", k_noon - 23h)});
    const store::Statistics figures = room.statistics();
    REQUIRE(figures.days.size() == 30);
    CHECK(to_rfc3339(figures.days.back()) == "2022-01-10T00:00:00Z");
    CHECK(figures.tellings[28] == 3);
    CHECK(figures.repeated[28] == 1);
    CHECK(figures.tellings[29] == 1);
    REQUIRE(figures.outlets.size() == 2);
    CHECK(figures.outlets[0].name == "alpha");
    CHECK(figures.outlets[0].total == 3);
    CHECK(figures.outlets[0].shared == 1);
    CHECK(figures.outlets[0].stories[28] == 2);
}

TEST_CASE("of every two outlets it is told who was first, by the date of publication") {
    Newsroom room;
    room.tell(1, {shared("beta", "1", k_noon - 1h), shared("beta", "2", k_noon - 5h), item("beta", "own")});
    room.tell(0, {shared("alpha", "1", k_noon - 2h), shared("alpha", "2", k_noon - 2h)});
    room.tell(2, {shared("gamma", "2", k_noon - 4h)});
    const store::Statistics figures = room.statistics();
    const auto place = [&](const std::string& name) {
        for (std::size_t row = 0; row < figures.sharing.outlets.size(); ++row)
            if (figures.outlets[figures.sharing.outlets[row]].name == name) return row;
        return std::size_t{99};
    };
    const auto& first = figures.sharing.first;
    CHECK(first.at(place("alpha")).at(place("beta")) == 1);
    CHECK(first.at(place("beta")).at(place("alpha")) == 1);
    CHECK(first.at(place("gamma")).at(place("alpha")) == 1);
    CHECK(first.at(place("beta")).at(place("gamma")) == 1);
    CHECK(first.at(place("alpha")).at(place("gamma")) == 0);
}

TEST_CASE("what is older than 30 days is left out, and an empty store is no outlets") {
    Newsroom room;
    CHECK(room.statistics().outlets.empty());
    room.tell(0, {item("alpha", "1", k_noon - 24h * 40)});
    CHECK(room.statistics(k_noon + 24h * 31).outlets.empty());
}
