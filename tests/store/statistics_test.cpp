// Figures of the last 30 days.
#include "store/statistics.hpp"

#include <catch2/catch.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

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

TEST_CASE("polls are counted by day, for all feeds and for each") {
    Newsroom room;
    const auto polled = [&](std::size_t feed, TimePoint at, const store::PollCounts& counts) {
        store::Poll one = poll(room.feeds.at(feed).id, at, {});
        one.counts = counts;
        (void)room.writer.commit({one});
    };
    polled(0, k_noon - 24h, {.polls = 1, .answers = 1, .bytes_received = 500, .duration = 20ms, .longest = 20ms});
    polled(0, k_noon, {.polls = 1, .answers = 1, .not_modified = 1, .bytes_received = 100, .bytes_saved = 400});
    polled(0, k_noon, {.polls = 1, .answers = 1, .bytes_received = 500, .duration = 30ms, .longest = 30ms});
    polled(1, k_noon, {.polls = 1, .failures = 1});
    (void)room.writer.commit({poll(room.feeds.at(2).id, k_noon, {})});  // counts for nothing

    const store::Statistics figures = room.statistics();
    REQUIRE(figures.polls.size() == 30);
    CHECK(figures.polls[28].bytes_received == 500);
    const store::PollCounts& today = figures.polls[29];
    CHECK(today.polls == 3);
    CHECK(today.answers == 2);
    CHECK(today.not_modified == 1);
    CHECK(today.failures == 1);
    CHECK(today.bytes_received == 600);
    CHECK(today.bytes_saved == 400);
    CHECK(today.duration == 30ms);
    CHECK(today.longest == 30ms);

    const auto by_feed = store::Reader(room.folder / "aggd.db").poll_days(k_noon);
    REQUIRE(by_feed.size() == 2);
    CHECK(by_feed[0].feed == room.feeds[0].id);
    CHECK(by_feed[0].polls[28] == 1);
    CHECK(by_feed[0].polls[29] == 2);
    CHECK(by_feed[1].failures[29] == 1);
}

TEST_CASE("keeping house notes the size of the database, and forgets figures of days long past") {
    Newsroom room;
    const auto counted = [&](TimePoint at) {
        store::Poll one = poll(room.feeds.at(0).id, at, {});
        one.counts = {.polls = 1};
        (void)room.writer.commit({one});
        while (room.writer.tidy(at).more) {
        }
    };
    counted(k_noon);
    counted(k_noon + 24h * 10);
    const store::Statistics figures = room.statistics(k_noon + 24h * 20);
    CHECK(figures.database_bytes[9].value_or(0) > 0);
    CHECK(figures.database_bytes[19].value_or(0) > 0);
    CHECK_FALSE(figures.database_bytes[18]);
    CHECK(figures.database_bytes[29].value_or(0) > 0);  // as it is now
    counted(k_noon + 24h * 40);
    SQLite::Database database(room.folder / "aggd.db");
    CHECK(database.execAndGet("SELECT count(*) FROM poll_day").getInt() == 1);  // today stands elsewhere
    CHECK(database.execAndGet("SELECT count(*) FROM size_day").getInt() == 2);
}

TEST_CASE("the database settles when items are as old as their feeds keep them, and grows for those kept for ever") {
    TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    std::vector<Feed> wanted = {feed("alpha"), feed("beta")};
    wanted[0].keep = 24h * 60;
    wanted[1].keep.reset();
    const auto feeds = writer.subscribe(wanted, k_noon);
    std::vector<Item> items;
    for (int n = 0; n < 60; ++n) items.push_back(item("alpha", std::to_string(n), k_noon - 1h * n));
    (void)writer.commit({poll(feeds[0].id, k_noon, items)});
    items.resize(30);
    for (Item& one : items) one.link = one.canonical_url = "", one.id = "b" + one.id;
    (void)writer.commit({poll(feeds[1].id, k_noon, items)});

    const store::Outlook outlook = store::Reader(folder / "aggd.db").statistics(k_noon).outlook;
    // Of three days, for those before are not known.
    CHECK(outlook.items_a_day == Approx(30));
    CHECK(outlook.bytes_an_item > 0);
    CHECK(outlook.settles_at_bytes == 20 * 60 * outlook.bytes_an_item);
    CHECK(outlook.grows_bytes_a_day == Approx(static_cast<double>(10 * outlook.bytes_an_item)));
    CHECK(outlook.feeds_for_ever == 1);
}
