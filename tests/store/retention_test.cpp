// What goes for its age, what stays, and that the database gets smaller.
#include <filesystem>

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;
using Strings = std::vector<std::string>;

namespace {

constexpr auto k_month = 24h * 30;

Feed kept(const std::string& name, std::optional<std::chrono::milliseconds> keep) {
    Feed one = feed(name);
    one.keep = keep;
    return one;
}

struct House {
    TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader{folder / "aggd.db"};
    std::vector<FeedId> feeds;

    explicit House(const std::vector<Feed>& all) {
        for (const store::StoredFeed& stored : writer.subscribe(all, k_noon)) feeds.push_back(stored.id);
    }
    store::Ingest store(std::size_t from, const std::vector<Item>& items, TimePoint now = k_noon) {
        return writer.commit({poll(feeds.at(from), now, items)}).polls.at(0);
    }
    // Returns how many items went.
    std::uint64_t tidy(TimePoint now) {
        std::uint64_t gone = 0;
        for (bool more = true; more;) {
            const store::Tidied done = writer.tidy(now);
            for (const auto& [feed, count] : done.gone) gone += count;
            more = done.more;
        }
        return gone;
    }
    void index() {
        while (writer.index_pending(500).stories == 500) {
        }
    }
    [[nodiscard]] Strings titles() { return test::titles(reader.newest(1000)); }
    [[nodiscard]] Strings find(const std::string& query) {
        return test::titles(reader.page({.query = *parse_query(query), .limit = 1000, .before = {}, .now = k_noon}));
    }
    StoryId story(const std::string& title) {
        for (const store::Story& story : reader.newest(1000).stories)
            if (story.members[0].item.title == title) return story.id;
        FAIL(title);
        return {};
    }
};

}  // namespace

TEST_CASE("items go when their feed's time for them is over, counted from when they came") {
    House house({kept("a", k_month), kept("b", 3 * k_month), kept("c", std::nullopt)});
    for (std::size_t n : {0, 1, 2}) {
        const std::string outlet(1, static_cast<char>('a' + n));
        house.store(n, {item(outlet, "old", k_noon - 10 * k_month)});
        house.store(n, {item(outlet, "old", k_noon - 10 * k_month), item(outlet, "new")}, k_noon + 24h);
    }
    CHECK(house.tidy(k_noon + k_month) == 0);
    CHECK(house.tidy(k_noon + k_month + 1h) == 1);
    CHECK(house.titles() == Strings{"c new", "b new", "a new", "c old", "b old"});
    CHECK(house.tidy(k_noon + 40 * k_month) == 3);
    CHECK(house.titles() == Strings{"c new", "c old"});
}

TEST_CASE("starred and labelled stories stay until they are neither") {
    House house({kept("a", k_month)});
    house.store(0, {item("a", "starred"), item("a", "labelled"), item("a", "plain")});
    const auto mark = [&](store::Mark what) {
        store::MarkRequest request;
        request.mark = what;
        request.stories = {house.story("a starred")};
        (void)house.writer.mark(request);
    };
    mark(store::Mark::starred);
    (void)house.writer.tag({.stories = {house.story("a labelled")}, .tag = "later"});
    CHECK(house.tidy(k_noon + 2 * k_month) == 1);
    CHECK(house.titles().size() == 2);
    mark(store::Mark::unstarred);
    (void)house.writer.tag({.stories = {house.story("a labelled")}, .tag = "later", .given = false});
    CHECK(house.tidy(k_noon + 2 * k_month) == 2);
}

TEST_CASE("an item that went does not come back while its feed still carries it") {
    House house({kept("a", k_month)});
    house.store(0, {item("a", "1")});
    const TimePoint later = k_noon + 2 * k_month;
    CHECK(house.tidy(later) == 1);
    CHECK(house.store(0, {item("a", "1"), item("a", "2", later)}, later).fresh == 1);
    CHECK(house.titles() == Strings{"a 2"});
}

TEST_CASE("of a story that several feeds tell, the tellings go one by one, and its entry stays the same one") {
    House house({kept("a", k_month), kept("b", 3 * k_month)});
    Item copy = item("a", "1");
    copy.id = "b-1";
    house.store(0, {item("a", "1")});
    house.store(1, {copy});
    const store::Story before = house.reader.newest(1).stories.at(0);
    REQUIRE(before.members.size() == 2);
    CHECK(house.tidy(k_noon + 2 * k_month) == 1);
    const store::Story after = house.reader.newest(1).stories.at(0);
    CHECK(after.members.size() == 1);
    CHECK(after.uid == before.uid);
    CHECK(after.changed_at == before.changed_at);  // nothing that a reader would show as news
}

TEST_CASE("the items of a feed that is no longer subscribed go by its last setting") {
    House house({kept("a", k_month)});
    house.store(0, {item("a", "1")});
    (void)house.writer.subscribe({}, k_noon + 1h);
    CHECK(house.tidy(k_noon + k_month) == 0);
    CHECK(house.tidy(k_noon + 2 * k_month) == 1);
    CHECK(house.titles().empty());
}

TEST_CASE("the file gets smaller, the index with it, and searches find what is left in the order they did") {
    Feed apart = kept("b", std::nullopt);
    apart.dedup = Dedup::off;
    House house({kept("a", k_month), apart});
    const auto fill = [&](std::size_t from, const std::string& outlet, TimePoint now) {
        std::vector<Item> items;
        for (int n = 0; n < 1'500; ++n) {
            items.push_back(item(outlet, std::to_string(n), now - 1h));
            items.back().content_html = "<p>about weather" + std::to_string(n) + " and much else that takes room</p>";
        }
        house.store(from, items, now);
        house.index();
    };
    fill(0, "a", k_noon);
    fill(1, "b", k_noon + 1h);
    const Strings found = house.find("source:b weather*");
    const Strings one = house.find("weather77");
    REQUIRE(one.size() == 2);
    const auto bytes = [&] { return std::filesystem::file_size(house.folder / "aggd.db"); };
    {
        SQLite::Database database(house.folder / "aggd.db", SQLite::OPEN_READWRITE);
        database.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const auto before = bytes();
    CHECK(house.tidy(k_noon + 2 * k_month) == 1'500);
    {
        SQLite::Database database(house.folder / "aggd.db", SQLite::OPEN_READWRITE);
        database.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)");
        CHECK(database.execAndGet("SELECT count(*) FROM search_docsize").getInt() == 1'500);
        CHECK_FALSE(database.tableExists("search_new"));
        CHECK(database.execAndGet("SELECT v FROM search_config WHERE k = 'hashsize'").getInt() == 16'000'000);
        CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
    }
    CHECK(bytes() < before * 3 / 4);
    CHECK(house.find("source:b weather*") == found);
    CHECK(house.find("weather77") == Strings{"b 77"});
}

TEST_CASE("what is stored while the index is made anew is in it") {
    House house({kept("a", k_month), kept("b", std::nullopt)});
    std::vector<Item> old, lasting;
    for (int n = 0; n < 1'500; ++n) {
        old.push_back(item("a", std::to_string(n)));
        lasting.push_back(item("b", std::to_string(n)));
    }
    house.store(0, old);
    house.store(1, lasting);
    house.index();
    const TimePoint later = k_noon + 2 * k_month;
    store::Tidied done{.gone = {}, .generation = 0, .more = true};
    for (int step = 0; done.more; ++step) {
        done = house.writer.tidy(later);
        house.store(1, {item("b", "meanwhile" + std::to_string(step), later)}, later);
        house.index();
        REQUIRE(house.find("meanwhile*").size() == static_cast<std::size_t>(step + 1));
    }
    CHECK(house.find("1499") == Strings{"b 1499"});
}
