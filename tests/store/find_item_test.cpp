#include "store/find_item.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;

namespace {

// Two outlets; "b 1" tells the same story as "a 1".
struct House {
    TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    SQLite::Database database{folder / "aggd.db", SQLite::OPEN_READONLY};

    House() {
        const auto feeds = writer.subscribe({feed("a"), feed("b")}, k_noon);
        Item copy = item("b", "1");
        copy.canonical_url = "a.example/1";
        Item percent = item("a", "100");
        percent.title = "100% of it";
        Item number = item("a", "2");
        number.title = "2022 in words";
        (void)writer.commit({poll(feeds[0].id, k_noon, {percent, number, item("a", "1")})});
        (void)writer.commit({poll(feeds[1].id, k_noon, {copy})});
    }
    [[nodiscard]] Result<store::FoundItem> find(std::string_view text, std::string_view canonical_url = {}) {
        return store::find_item(database, text, canonical_url);
    }
};

}  // namespace

TEST_CASE("an item is found by its number, its address, its feed's id for it, and the beginning of its title") {
    House house;
    const auto first = house.find("1");
    REQUIRE(first);
    CHECK(first->item == ItemId{1});
    for (const char* name : {"#1", " 1 ", "https://a.example/1", "a 1", "A 1"}) {
        CAPTURE(name);
        const auto found = house.find(name);
        REQUIRE(found);
        CHECK(found->item == first->item);
    }
    CHECK(house.find("https://b.example/1")->item == ItemId{4});
    CHECK(house.find("https://b.example/1")->story == first->story);
    CHECK(house.find("https://www.a.example/1/?utm_source=x", "a.example/1")->story == first->story);
}

TEST_CASE("an item is found by its entry's id in the merged feed") {
    House house;
    store::Reader reader(house.folder / "aggd.db");
    for (const store::Story& story : reader.newest(10).stories) CHECK(house.find(story.uid)->story == story.id);
}

TEST_CASE("a number that no item has can still be the beginning of a title") {
    House house;
    CHECK(house.find("2022")->item == ItemId{2});
}

TEST_CASE("a title is taken literally") {
    House house;
    CHECK(house.find("100%")->item == ItemId{3});
    CHECK(house.find("%").error().kind == ErrorKind::not_found);
    CHECK(house.find("_ 1").error().kind == ErrorKind::not_found);
}

TEST_CASE("a name that fits several stories lists them with their numbers") {
    House house;
    (void)house.writer.commit({poll(FeedId{1}, k_noon, {item("a", "17")})});
    const auto found = house.find("a 1");
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::ambiguous);
    CHECK_THAT(found.error().message,
               Catch::Contains("fits 2 items") && Catch::Contains("1  a: a 1\n") && Catch::Contains("5  a: a 17"));
}

TEST_CASE("what no item is called is not found, and nothing is invalid") {
    House house;
    CHECK(house.find("99").error().kind == ErrorKind::not_found);
    CHECK(house.find("https://a.example/none").error().kind == ErrorKind::not_found);
    CHECK(house.find("  ").error().kind == ErrorKind::invalid);
}

TEST_CASE("a title is found whether the full-text index has it already or not, and as it is now") {
    House house;
    const auto titles =
        GENERATE(values<std::vector<std::string>>({{"a 1", "A 1"}, {"100% of", "100%"}, {"2022 in w"}}));
    for (const bool indexed : {false, true}) {
        if (indexed) (void)house.writer.index_pending(100);
        for (const std::string& title : titles) {
            CAPTURE(title, indexed);
            CHECK(house.find(title));
        }
        CHECK_FALSE(house.find("in words"));
    }
    Item revised = item("a", "2");
    revised.title = "Слова года";
    const auto feeds = house.writer.subscribe({feed("a"), feed("b")}, k_noon);
    (void)house.writer.commit({poll(feeds[0].id, k_noon + 1h, {revised})});
    CHECK(house.find("Слова г"));
    CHECK_FALSE(house.find("2022 in"));
}
