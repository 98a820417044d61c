// The lists that pages are walked by, story_feed and story_tag, against what they stand for, whatever is done by hand.
#include <ctime>
#include <random>
#include <set>

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::store;
using namespace agg::test;

namespace {

struct House {
    TemporaryFolder folder;
    std::string path = folder / "aggd.db";
    Writer writer = *Writer::open(path);
    Reader reader{path};
    std::vector<StoredFeed> feeds = writer.subscribe({feed("alpha"), feed("beta"), feed("gamma")}, k_noon);
    TimePoint now = k_noon;

    void commit(std::size_t of, const std::vector<Item>& items) {
        (void)writer.commit({poll(feeds[of].id, now += 1min, items)});
    }
    std::vector<ItemId> items() {
        std::vector<ItemId> all;
        for (const Story& story : reader.newest(1000).stories)
            for (const Member& member : story.members) all.push_back(member.id);
        return all;
    }
    ItemId item(const std::string& title) { return reader.find_item(title).value().item; }
    StoryId story(const std::string& title) { return reader.find_item(title).value().story; }
    std::vector<std::string> of_query(Query::Kind kind, const std::string& text) {
        Selection selection;
        selection.query = Query{.kind = kind, .text = text};
        selection.now = now;
        return titles(reader.page(selection));
    }
    std::int64_t count(const std::string& sql) {
        SQLite::Database database(path, SQLite::OPEN_READONLY);
        return database.execAndGet("SELECT count(*) FROM (" + sql + ")").getInt64();
    }
    void check_lists() {
        const std::string told =
            "SELECT DISTINCT feed_id, sort_ms, story.id FROM item JOIN story ON story.id = item.story_id";
        const std::string listed = "SELECT feed_id, sort_ms, story_id FROM story_feed";
        CHECK(count(told + " EXCEPT " + listed) == 0);
        CHECK(count(listed + " EXCEPT " + told) == 0);
        CHECK(
            count(
                "SELECT * FROM story_tag WHERE NOT EXISTS (SELECT 1 FROM story WHERE story.id = story_tag.story_id AND "
                "story.sort_ms = story_tag.sort_ms)") == 0);
        CHECK(count("SELECT * FROM story WHERE NOT EXISTS (SELECT 1 FROM item WHERE story_id = story.id)") == 0);
    }
};

using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE("a merged story stands once in the list of each feed that tells it, and has the tags of both") {
    House house;
    house.commit(0, {item("alpha", "1")});
    house.commit(1, {item("beta", "2")});
    house.commit(0, {item("alpha", "3")});
    (void)house.writer.tag({{house.story("alpha 1")}, "later"});
    (void)house.writer.tag({{house.story("beta 2")}, "quay"});
    REQUIRE(house.writer.merge(house.item("beta 2"), house.item("alpha 1"), house.now));
    CHECK(house.of_query(Query::Kind::source, "alpha") == Titles{"alpha 3", "alpha 1"});
    CHECK(house.of_query(Query::Kind::source, "beta") == Titles{"alpha 1"});
    CHECK(house.of_query(Query::Kind::tag, "later") == Titles{"alpha 1"});
    CHECK(house.of_query(Query::Kind::tag, "quay") == Titles{"alpha 1"});
    REQUIRE(house.writer.merge(house.item("alpha 3"), house.item("alpha 1"), house.now));
    CHECK(house.of_query(Query::Kind::source, "alpha") == Titles{"alpha 1"});
    house.check_lists();
}

TEST_CASE("a split item leaves its feed's place in the old story unless the feed tells that twice") {
    House house;
    house.commit(0, {item("alpha", "1"), item("alpha", "2")});
    house.commit(1, {item("beta", "3")});
    REQUIRE(house.writer.merge(house.item("alpha 2"), house.item("alpha 1"), house.now));
    REQUIRE(house.writer.merge(house.item("beta 3"), house.item("alpha 1"), house.now));
    (void)house.writer.tag({{house.story("alpha 1")}, "later"});
    REQUIRE(house.writer.split(house.item("beta 3"), house.now));
    CHECK(house.of_query(Query::Kind::source, "beta") == Titles{"beta 3"});
    CHECK(house.of_query(Query::Kind::source, "alpha").size() == 1);
    CHECK(house.of_query(Query::Kind::tag, "later").size() == 1);
    REQUIRE(house.writer.split(house.item("alpha 2"), house.now));
    CHECK(house.of_query(Query::Kind::source, "alpha").size() == 2);
    house.check_lists();
}

TEST_CASE("the lists are right after anything done in any order") {
    const auto seed = static_cast<unsigned>(std::time(nullptr));
    CAPTURE(seed);
    std::mt19937 random(seed);
    House house;
    const auto any_of = [&](const std::vector<ItemId>& all) { return all[random() % all.size()]; };
    for (int step = 0; step < 300; ++step) {
        const std::size_t of = random() % 3;
        const std::vector<ItemId> all = house.items();
        const auto what = all.size() < 3 ? 0U : random() % 6;
        if (what == 0)
            house.commit(of, {item(fmt::format("outlet{}", of), std::to_string(step)),
                              item("shared", std::to_string(random() % 20))});
        else if (what == 1)
            (void)house.writer.merge(any_of(all), any_of(all), house.now);
        else if (what == 2)
            (void)house.writer.split(any_of(all), house.now);
        else if (what == 3)
            (void)house.writer.purge({any_of(all)}, house.now);
        else
            (void)house.writer.tag(
                {{house.reader.newest(1).stories.front().id}, fmt::format("tag{}", random() % 3), what == 4});
    }
    CHECK(house.items().size() > 10);
    house.check_lists();
}
