#include "store/writer.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;
using store::Writer;

TEST_CASE("a purged feed's items go; a story that others tell stays, under its own id") {
    const TemporaryFolder folder;
    auto writer = Writer::open(folder / "aggd.db");
    REQUIRE(writer);
    store::Reader reader(folder / "aggd.db");
    const auto feeds = writer->subscribe({feed("a"), feed("b")}, k_noon);
    Item copy = item("a", "1");
    copy.id = "b-1";
    writer->commit({poll(feeds[0].id, k_noon, {item("a", "1"), item("a", "2")})});
    writer->commit({poll(feeds[1].id, k_noon, {copy, item("b", "3")})});
    std::string shared_uid;
    for (const store::Story& story : reader.newest(10).stories)
        if (story.members.size() == 2) shared_uid = story.uid;
    REQUIRE_FALSE(shared_uid.empty());
    const std::uint64_t generation = writer->generation();

    (void)writer->subscribe({feed("b")}, k_noon);
    CHECK(writer->purge_feed(feeds[0].id, k_noon + 1h) == 2);
    const store::Page page = reader.newest(10);
    REQUIRE(page.stories.size() == 2);
    for (const store::Story& story : page.stories) {
        REQUIRE(story.members.size() == 1);
        CHECK(story.members[0].feed_name == "b");
        if (story.uid == shared_uid) CHECK(story.changed_at == k_noon + 1h);
    }
    CHECK(std::any_of(page.stories.begin(), page.stories.end(),
                      [&](const store::Story& story) { return story.uid == shared_uid; }));
    CHECK(page.generation > generation);
    CHECK(reader.totals().items == 2);
    SQLite::Database database(folder / "aggd.db");
    CHECK(database.execAndGet("SELECT count(*) FROM story_feed").getInt() == 2);
    CHECK(database.execAndGet("SELECT count(*) FROM item_key WHERE item_id NOT IN (SELECT id FROM item)").getInt() == 0);
}

TEST_CASE("a poll of a purged feed that finishes late is dropped, and those beside it are stored") {
    const TemporaryFolder folder;
    auto writer = Writer::open(folder / "aggd.db");
    REQUIRE(writer);
    const auto feeds = writer->subscribe({feed("a"), feed("b")}, k_noon);
    (void)writer->subscribe({feed("b")}, k_noon);
    CHECK(writer->purge_feed(feeds[0].id, k_noon) == 0);
    const auto done =
        writer->commit({poll(feeds[0].id, k_noon, {item("a", "1")}), poll(feeds[1].id, k_noon, {item("b", "1")})});
    CHECK(done.polls[0].fresh == 0);
    CHECK(done.polls[1].fresh == 1);
}

TEST_CASE("a purged feed that is subscribed again begins anew") {
    const TemporaryFolder folder;
    auto writer = Writer::open(folder / "aggd.db");
    REQUIRE(writer);
    const FeedId first = writer->subscribe({feed("a")}, k_noon)[0].id;
    writer->commit({poll(first, k_noon, {item("a", "1")})});
    (void)writer->subscribe({}, k_noon);
    writer->purge_feed(first, k_noon);
    const auto again = writer->subscribe({feed("a")}, k_noon);
    CHECK(again[0].id != first);
    CHECK(again[0].items == 0);
    CHECK(again[0].poll.validators.empty());
}
