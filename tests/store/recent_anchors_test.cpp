#include "store/recent_anchors.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "samples.hpp"
#include "store/columns.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;
using store::RecentAnchors;
using store::Writer;

namespace {

namespace fs = std::filesystem;

constexpr int k_enough = 1'500;  // items that are worth a file
constexpr int k_a_poll = 250;

// Items that share some of their words with others.
class News {
  public:
    explicit News(unsigned seed) : random_(seed) {}

    // A number below `end`.
    std::size_t any(std::size_t end) { return random_() % end; }

    Item next(const std::string& outlet, TimePoint now) {
        Item one = item(outlet, fmt::format("{}", ++number_), now);
        const std::size_t topic = any(400);
        one.title = fmt::format("headline of topic{} as number{} says to us", topic, any(5));
        one.content_html = "<p>";
        for (int n = 0; n < 24; ++n)
            one.content_html += fmt::format("word{} ", n < 12 ? topic * 12 + static_cast<std::size_t>(n) : any(5'000));
        return one;
    }

  private:
    std::minstd_rand random_;
    int number_ = 0;
};

struct Recent {
    TemporaryFolder folder;
    std::string path = folder / "aggd.db";
    std::optional<Writer> writer = std::move(*Writer::open(path));
    std::vector<store::StoredFeed> feeds = writer->subscribe({feed("a"), feed("b"), feed("c")}, k_noon);
    News news{Catch::rngSeed()};
    TimePoint now = k_noon;

    void store(int items) {
        static const std::string outlets[] = {"a", "b", "c"};
        for (; items > 0; items -= k_a_poll) {
            std::vector<Item> all;
            const std::size_t outlet = news.any(3);
            now += 1min;
            for (int n = 0; n < std::min(items, k_a_poll); ++n) all.push_back(news.next(outlets[outlet], now));
            (void)writer->commit({poll(feeds[outlet].id, now, all)});
        }
    }

    void restart() {
        writer.reset();
        writer = std::move(*Writer::open(path));
    }

    std::int64_t number(const std::string& query) const {
        return SQLite::Database(path, SQLite::OPEN_READONLY).execAndGet(query).getInt64();
    }
    ItemId any_item() { return ItemId{number("SELECT id FROM item ORDER BY random() LIMIT 1")}; }
};

// All that an index on these files suggests, for the anchors of every fifth item that is stored.
std::string suggestions(const std::string& database_file, const std::string& anchor_file) {
    SQLite::Database database(database_file, SQLite::OPEN_READWRITE);
    RecentAnchors anchors(database, anchor_file);
    anchors.load();
    std::string text;
    SQLite::Statement rows(database, "SELECT text, title FROM anchor WHERE item_id % 5 = 0 ORDER BY item_id");
    const auto tags = [](const SQLite::Column& column) {
        std::vector<std::uint32_t> all(static_cast<std::size_t>(column.getBytes()) / 4);
        if (!all.empty()) std::memcpy(all.data(), column.getBlob(), all.size() * 4);
        return all;
    };
    while (rows.executeStep())
        for (const dedup::Candidate& one : anchors.index().candidates(
                 {tags(rows.getColumn(0)), tags(rows.getColumn(1))}, FeedId{9}, k_noon, 30 * 24h, 30))
            text +=
                fmt::format("{} {} {} {} {} {}\n", store::to_column(one.known.item), store::to_column(one.known.story),
                            one.shared, one.rare, one.title, one.recurring_title);
    return text;
}

struct Crashed {
    bool takes_file_up = false;
    bool finds_the_same = false;
};

// What is on the disk now, as after a crash, is opened by another one.
Crashed after_a_crash(const std::string& path) {
    const TemporaryFolder folder;
    for (const char* file : {"", "-wal", "-anchors"})
        if (fs::exists(path + file)) fs::copy_file(path + file, (folder / "aggd.db") + file);
    const std::string copy = folder / "aggd.db";
    const std::string plain = suggestions(copy, "");
    const auto stamp = [&] {
        SQLite::Database database(copy, SQLite::OPEN_READONLY);
        SQLite::Statement row(database, "SELECT value FROM meta WHERE name = 'anchor_file'");
        return row.executeStep() ? row.getColumn(0).getInt64() : 0;
    };
    const std::int64_t before = stamp();
    const bool same = suggestions(copy, copy + "-anchors") == plain;
    return {before != 0 && stamp() == before, same && !plain.empty()};
}

}  // namespace

TEST_CASE("what was sealed is taken up by the next start, with what came after it") {
    Recent s;
    s.store(k_enough);
    s.writer->rest();
    CHECK(fs::exists(s.path + "-anchors"));
    CHECK(after_a_crash(s.path).takes_file_up);
    s.store(300);
    const Crashed crashed = after_a_crash(s.path);
    CHECK(crashed.takes_file_up);
    CHECK(crashed.finds_the_same);
}

TEST_CASE("items that changed their story, or went, are told by the table until all is sealed anew") {
    Recent s;
    s.store(k_enough);
    (void)s.writer->merge(ItemId{1}, ItemId{2}, s.now);
    s.writer->rest();
    const bool was_restarted = GENERATE(false, true);
    if (was_restarted) s.restart();
    const std::string change = GENERATE("split", "merge", "purge");
    INFO(change << (was_restarted ? " after a restart" : ""));
    if (change == "split") REQUIRE(s.writer->split(ItemId{2}, s.now));
    if (change == "merge")
        REQUIRE(s.writer->merge(ItemId{s.number("SELECT id FROM item WHERE story_id = (SELECT min(id) FROM story)")},
                                ItemId{s.number("SELECT id FROM item WHERE story_id = (SELECT max(id) FROM story)")},
                                s.now));
    if (change == "purge") REQUIRE(s.writer->purge({ItemId{700}, ItemId{701}}, s.now) == 2);
    Crashed crashed = after_a_crash(s.path);
    CHECK_FALSE(crashed.takes_file_up);
    CHECK(crashed.finds_the_same);
    s.store(1);
    s.writer->rest();
    crashed = after_a_crash(s.path);
    CHECK(crashed.takes_file_up);
    CHECK(crashed.finds_the_same);
}

TEST_CASE("a transaction that is rolled back leaves no file that is believed") {
    Recent s;
    s.store(k_enough);
    s.writer->rest();
    SQLite::Database database(s.path, SQLite::OPEN_READWRITE);
    database.exec(
        "CREATE TRIGGER refuse BEFORE INSERT ON poll WHEN new.feed_id = 2 BEGIN SELECT raise(ABORT, 'no'); END");
    std::vector<Item> many;
    for (int n = 0; n < 5'000; ++n) many.push_back(s.news.next("a", s.now));  // sealed on the way
    CHECK_THROWS(s.writer->commit({poll(FeedId{1}, s.now, many), poll(FeedId{2}, s.now, {})}));
    CHECK(after_a_crash(s.path).finds_the_same);
    CHECK(s.number("SELECT count(*) FROM item") == k_enough);
    database.exec("DROP TRIGGER refuse");
    s.store(100);
    CHECK(after_a_crash(s.path).finds_the_same);
}

TEST_CASE("an older database beside a newer file finds what it found") {
    Recent s;
    s.store(k_enough);
    s.writer->rest();
    const std::string older = s.folder / "older.db";
    {
        SQLite::Database database(s.path, SQLite::OPEN_READWRITE);
        database.backup(older.c_str(), SQLite::Database::Save);
    }
    s.store(500);
    const bool was_sealed_anew = GENERATE(false, true);
    if (was_sealed_anew) {
        (void)s.writer->merge(ItemId{1}, ItemId{2}, s.now);
        s.writer->rest();
    }
    s.writer.reset();
    fs::remove(s.path + "-wal");
    fs::rename(older, s.path);
    CHECK(after_a_crash(s.path).finds_the_same);
    CHECK(after_a_crash(s.path).takes_file_up == !was_sealed_anew);
}

TEST_CASE("the file may go, be rubbish, or be impossible to write, and nothing is lost") {
    Recent s;
    s.store(k_enough);
    s.writer->rest();
    s.writer.reset();
    const std::string what = GENERATE("gone", "rubbish", "a folder");
    INFO(what);
    fs::remove(s.path + "-anchors");
    if (what == "rubbish") std::ofstream(s.path + "-anchors") << "rubbish";
    if (what == "a folder") fs::create_directories(s.path + "-anchors/x");
    const std::string plain = suggestions(s.path, "");
    CHECK(suggestions(s.path, s.path + "-anchors") == plain);
    s.restart();
    s.store(300);
    s.writer->rest();
    s.writer.reset();
    CHECK(suggestions(s.path, s.path + "-anchors") == suggestions(s.path, ""));
}

TEST_CASE("whatever happens, in whatever order, what is found is what the table says") {
    Recent s;
    s.store(k_enough);
    for (int step = 0; step < 20; ++step) {
        const std::size_t what = s.news.any(8);
        INFO("step " << step << ", " << what << ", seed " << Catch::rngSeed());
        switch (what) {
            case 0:
            case 1: s.store(static_cast<int>(s.news.any(400))); break;
            case 2: (void)s.writer->split(s.any_item(), s.now); break;
            case 3: (void)s.writer->merge(s.any_item(), s.any_item(), s.now); break;
            case 4: (void)s.writer->purge({s.any_item(), s.any_item()}, s.now); break;
            case 5: s.writer->rest(); break;
            case 6: s.restart(); break;
            case 7: s.now += 36h; break;  // the oldest go
        }
        if (step % 3 == 0) REQUIRE(after_a_crash(s.path).finds_the_same);
    }
}
