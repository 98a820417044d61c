#include "store/key_index.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "store/columns.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;

namespace {

constexpr std::size_t k_batch = 10;

// Items with keys of their own, as the writer's triggers see them, under an index whose batches are small.
struct Shelf {
    TemporaryFolder folder;
    SQLite::Database database;
    store::KeyIndex index;

    Shelf() : database(made(folder / "aggd.db"), SQLite::OPEN_READWRITE), index(database, k_batch) { index.reload(); }

    static std::string made(const std::string& path) {
        auto writer = *store::Writer::open(path);
        (void)writer.subscribe({feed("a")}, k_noon);
        return path;
    }
    // Item `number`, under the key 1000 + `number` and the keys given.
    void put(std::int64_t number, std::uint64_t guid = 0, std::uint64_t page = 0) {
        database.exec("INSERT OR IGNORE INTO story (id, uid, sort_ms, changed_ms) VALUES (1, 'one', 0, 0)");
        SQLite::Statement row(
            database,
            "INSERT INTO item (id, feed_id, story_id, rule, identity, url_key, guid_key, page_key, content, "
            "first_seen_ms, guid, link, canonical_url, title, published_ms, published_repaired) VALUES "
            "(?1, 1, 1, 0, ?1, 1000 + ?1, ?2, ?3, 0, 0, '', '', '', '', 0, 0)");
        row.bind(1, number);
        row.bind(2, store::to_column(guid));
        row.bind(3, store::to_column(page));
        row.exec();
        dedup::Keys keys;
        keys.url = 1000 + static_cast<std::uint64_t>(number);
        keys.guid = guid;
        keys.page = page;
        index.add(ItemId{number}, keys);
    }
    std::vector<int> find(std::uint64_t key) {
        std::vector<int> all;
        index.each(key, [&](ItemId item) {
            const int number = static_cast<int>(item);
            if (std::find(all.begin(), all.end(), number) == all.end()) all.push_back(number);
            return true;
        });
        return all;
    }
    std::int64_t written() { return database.execAndGet("SELECT count(*) FROM item_key").getInt64(); }
};

constexpr std::uint64_t k_shared = 0xF000'0000'0000'0001ULL;  // negative as a column

}  // namespace

TEST_CASE("an item is found under each of its keys before, while and after they are written to the table") {
    Shelf shelf;
    std::vector<int> sharing;
    for (int number = 1; number <= 60; ++number) {
        shelf.put(number, number % 3 == 0 ? k_shared : 0, 5000 + static_cast<std::uint64_t>(number));
        if (number % 3 == 0) sharing.insert(sharing.begin(), number);
        shelf.index.write(1);
        INFO("after item " << number << ", " << shelf.written() << " written");
        for (int known = 1; known <= number; ++known) {
            CHECK(shelf.find(1000 + static_cast<std::uint64_t>(known)) == std::vector<int>{known});
            CHECK(shelf.find(5000 + static_cast<std::uint64_t>(known)) == std::vector<int>{known});
        }
        CHECK(shelf.find(k_shared) == sharing);
        CHECK(shelf.find(9999).empty());
    }
    CHECK(shelf.written() > 60);
}

TEST_CASE("nothing is written before a batch is full, then piece by piece in keeping with what is added") {
    Shelf shelf;
    for (int number = 1; number < static_cast<int>(k_batch); ++number) {
        shelf.put(number, 100 + static_cast<std::uint64_t>(number), 200 + static_cast<std::uint64_t>(number));
        shelf.index.write(1);
    }
    CHECK(shelf.written() == 0);
    shelf.put(k_batch, 100 + k_batch, 200 + k_batch);
    shelf.index.write(1);
    CHECK(shelf.written() == 6);
    CHECK(shelf.database.execAndGet("SELECT value FROM meta WHERE name = 'keyed_until'").getInt() == 0);
    shelf.index.write(100);
    CHECK(shelf.written() == 3 * k_batch);
    CHECK(shelf.database.execAndGet("SELECT value FROM meta WHERE name = 'keyed_until'").getInt() == k_batch);
}

TEST_CASE("a start in the middle of a batch finds the same") {
    Shelf shelf;
    for (int number = 1; number <= 12; ++number) shelf.put(number, k_shared);
    shelf.index.write(1);
    REQUIRE(shelf.written() == 6);
    store::KeyIndex again(shelf.database, k_batch);
    again.reload();
    std::vector<int> found;
    again.each(k_shared, [&](ItemId item) {
        found.push_back(static_cast<int>(item));
        return found.size() < 12;
    });
    CHECK(found == std::vector<int>{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
    again.write(100);
    CHECK(shelf.written() == 24);
}

TEST_CASE("the newest come first, and the look ends when enough are found") {
    Shelf shelf;
    for (int number = 1; number <= 40; ++number) {
        shelf.put(number, k_shared);
        shelf.index.write(1);
    }
    std::vector<int> found;
    shelf.index.each(k_shared, [&](ItemId item) {
        found.push_back(static_cast<int>(item));
        return found.size() < 3;
    });
    CHECK(found == std::vector<int>{40, 39, 38});
}

TEST_CASE("keys that change or go are no longer in the table, and the new ones are found") {
    Shelf shelf;
    for (int number = 1; number <= 12; ++number) shelf.put(number, k_shared);
    shelf.index.write(100);
    REQUIRE(shelf.written() == 24);
    shelf.database.exec("UPDATE item SET url_key = 7777 WHERE id = 5");
    CHECK(shelf.find(1005).empty());
    CHECK(shelf.find(7777) == std::vector<int>{5});
    shelf.database.exec("DELETE FROM item WHERE id = 6");
    CHECK(shelf.find(1006).empty());
    CHECK(shelf.find(k_shared).size() == 11);
    CHECK(shelf.written() == 22);
}

TEST_CASE("who does not know the writer's memory finds an item by its key all the same") {
    Shelf shelf;
    for (int number = 1; number <= 15; ++number) {
        shelf.put(number);
        if (number == 10) shelf.index.write(100);
    }
    REQUIRE(shelf.written() == 10);
    for (const int number : {3, 10, 11, 15}) {
        const std::uint64_t key = 1000 + static_cast<std::uint64_t>(number);
        CHECK(shelf.database.execAndGet("SELECT group_concat(id) FROM item WHERE " + store::has_key("url_key", key))
                  .getInt() == number);
    }
}
