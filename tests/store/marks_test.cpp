#include "store/marks.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "samples.hpp"
#include "store/migrations.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;

namespace {

struct House {
    TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader{folder / "aggd.db"};
    FeedId a{}, b{};

    House() {
        const auto feeds = writer.subscribe({feed("a"), feed("b")}, k_noon);
        a = feeds[0].id;
        b = feeds[1].id;
        (void)writer.commit({poll(a, k_noon, {item("a", "3"), item("a", "2"), item("a", "1")})});
    }
    [[nodiscard]] std::string unread() {
        std::string all;
        for (const std::string& title : titles(reader.page({.query = *parse_query("is:unread")})))
            all += (all.empty() ? "" : ", ") + title;
        return all;
    }
    std::uint64_t read_all(const std::string& query, TimePoint until) {
        return writer
            .mark({.mark = store::Mark::read, .all = true, .query = *parse_query(query), .until = until, .now = k_noon})
            .changed;
    }
};

}  // namespace

TEST_CASE("a mark says how many stories it changed, and counts only when it changed one") {
    House house;
    const std::uint64_t before = house.reader.marks();
    const auto first = house.writer.mark({.mark = store::Mark::read, .stories = {StoryId{1}, StoryId{2}, StoryId{99}}});
    CHECK(first.changed == 2);
    CHECK(first.marks == before + 1);
    const auto again = house.writer.mark({.mark = store::Mark::read, .stories = {StoryId{1}}});
    CHECK(again.changed == 0);
    CHECK(again.marks == first.marks);
    CHECK(house.unread() == "a 3");
    (void)house.writer.mark({.mark = store::Mark::unread, .stories = {StoryId{2}}});
    CHECK(house.unread() == "a 3, a 2");
}

TEST_CASE("read and starred are two things") {
    House house;
    (void)house.writer.mark({.mark = store::Mark::starred, .stories = {StoryId{1}}});
    (void)house.writer.mark({.mark = store::Mark::read, .stories = {StoryId{1}}});
    const store::Story story = house.reader.stories({StoryId{1}}).stories[0];
    CHECK(story.is_read);
    CHECK(story.is_starred);
    (void)house.writer.mark({.mark = store::Mark::unstarred, .stories = {StoryId{1}}});
    CHECK(house.reader.stories({StoryId{1}}).stories[0].is_read);
    CHECK_FALSE(house.reader.stories({StoryId{1}}).stories[0].is_starred);
}

TEST_CASE("another outlet's telling of a story that was read does not come back as unread, nor does a revision") {
    House house;
    (void)house.writer.mark({.mark = store::Mark::read, .stories = {StoryId{1}}});
    Item copy = item("b", "1");
    copy.canonical_url = "a.example/1";
    Item revised = item("a", "1");
    revised.content_html = "<p>more</p>";
    (void)house.writer.commit({poll(house.b, k_noon + 1h, {copy}), poll(house.a, k_noon + 1h, {revised})});
    CHECK(house.reader.stories({StoryId{1}}).stories[0].members.size() == 2);
    CHECK(house.unread() == "a 3, a 2");
}

TEST_CASE("marking all leaves alone what arrived later") {
    House house;
    (void)house.writer.commit({poll(house.b, k_noon + 2h, {item("b", "2"), item("b", "1")})});
    CHECK(house.read_all("", k_noon - 1ms) == 0);
    CHECK(house.read_all("source:b", k_noon + 1h) == 0);
    CHECK(house.read_all("", k_noon + 1h) == 3);
    CHECK(house.unread() == "b 2, b 1");
    CHECK(house.read_all("source:a", k_noon + 3h) == 0);
    CHECK(house.read_all("source:b", k_noon + 2h) == 2);
}

TEST_CASE("the first arrival is that of the first story begun at that time or later") {
    House house;
    SQLite::Database database(house.folder / "aggd.db", SQLite::OPEN_READONLY);
    Item copy = item("b", "copy");
    copy.canonical_url = "a.example/1";
    (void)house.writer.commit({poll(house.b, k_noon + 1h, {copy})});
    (void)house.writer.commit({poll(house.b, k_noon + 2h, {item("b", "new")})});
    CHECK(store::first_arrival(database, k_noon - 1h) == 1);
    CHECK(store::first_arrival(database, k_noon) == 1);
    CHECK(store::first_arrival(database, k_noon + 1ms) == 4);
    CHECK(store::first_arrival(database, k_noon + 2h) == 4);
    CHECK(store::first_arrival(database, k_noon + 3h) == 5);
}

TEST_CASE("a tag can be given, taken, renamed and found by") {
    House house;
    const auto tagged = [&](const char* tag) {
        return titles(house.reader.page({.query = Query{.kind = Query::Kind::tag, .text = tag}}));
    };
    CHECK(house.writer.tag({.stories = {StoryId{1}, StoryId{3}, StoryId{77}}, .tag = "later"}).changed == 2);
    CHECK(tagged("later") == std::vector<std::string>{"a 3", "a 1"});
    CHECK(house.reader.stories({StoryId{1}}).stories[0].tags == std::vector<std::string>{"later"});
    CHECK(house.writer.tag({.stories = {StoryId{3}}, .tag = "later", .given = false}).changed == 1);
    (void)house.writer.tag({.stories = {StoryId{1}, StoryId{2}}, .tag = "soon"});
    CHECK(house.writer.rename_tag("later", "soon").changed == 1);
    CHECK(tagged("later").empty());
    CHECK(tagged("soon") == std::vector<std::string>{"a 2", "a 1"});
    CHECK(house.writer.rename_tag("soon", "").changed == 2);
    CHECK(tagged("soon").empty());
}
