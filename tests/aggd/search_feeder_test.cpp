#include "aggd/search_feeder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "support/temporary_folder.hpp"

using namespace agg;
using namespace std::chrono_literals;

namespace {

// The way of a story from its poll to the index: real threads, a real database.
struct House {
    test::TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    FeedId feed = subscribe();
    asio::io_context io;
    asio::thread_pool writer_pool{1};
    aggd::CommitQueue commits{io.get_executor(), writer_pool, writer};
    int indexed = 0;  // times
    store::ReaderPool readers{folder / "aggd.db"};
    aggd::Rest rest{io.get_executor(), commits, writer, readers};
    aggd::SearchFeeder feeder{io.get_executor(), commits, writer, rest, [this](std::uint64_t) { ++indexed; }};

    FeedId subscribe() {
        Feed one;
        one.name = "a";
        one.url = "https://a.example/feed";
        return writer.subscribe({one}, TimePoint{})[0].id;
    }
    void store(const std::string& word) {
        Item item;
        item.id = item.title = item.content_html = word;
        std::vector<store::Poll> polls(1);
        polls[0].feed = feed;
        polls[0].items = dedup::keyed_items({item});
        (void)writer.commit(polls);
        feeder.stored();
    }
    // Until all is done that has been begun.
    void run() {
        io.restart();
        io.run();
    }
    void exec(const std::string& sql) { SQLite::Database(folder / "aggd.db", SQLite::OPEN_READWRITE).exec(sql); }
    std::int64_t waiting() {
        return SQLite::Database(folder / "aggd.db").execAndGet("SELECT count(*) FROM search_pending").getInt64();
    }
};

}  // namespace

TEST_CASE("what is stored within a second is indexed at once, and told once") {
    House house;
    house.store("rain");
    asio::steady_timer later(house.io, 300ms);
    later.async_wait([&](const boost::system::error_code&) { house.store("snow"); });
    house.run();
    CHECK(house.waiting() == 0);
    CHECK(house.indexed == 1);
}

TEST_CASE("polls that never pause do not keep the index waiting") {
    House house;
    const auto begin = std::chrono::steady_clock::now();
    asio::steady_timer next(house.io);
    std::function<void()> poll = [&] {
        house.store(std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()));
        if (house.indexed > 0 || std::chrono::steady_clock::now() - begin > 30s) return;
        next.expires_after(100ms);
        next.async_wait([&](const boost::system::error_code&) { poll(); });
    };
    poll();
    house.run();
    CHECK(house.indexed > 0);
    CHECK(house.waiting() == 0);
}

TEST_CASE("after the index could not be fed, the next poll feeds it with all that waits") {
    House house;
    house.exec("ALTER TABLE search_document RENAME TO away");
    house.store("rain");
    house.run();
    CHECK(house.indexed == 0);
    CHECK(house.waiting() == 1);
    house.exec("ALTER TABLE away RENAME TO search_document");
    house.store("snow");
    house.run();
    CHECK(house.indexed == 1);
    CHECK(house.waiting() == 0);
}

TEST_CASE("a stop does not wait for polls to pause") {
    House house;
    house.store("rain");
    house.feeder.stop();
    house.run();
    CHECK(house.waiting() == 1);
}
