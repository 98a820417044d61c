#include "store/writer.hpp"

#include <sys/stat.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;
using store::Writer;

namespace {

struct Stored {
    TemporaryFolder folder;
    std::string path = folder / "state/aggd.db";
    std::optional<Writer> writer = std::move(*Writer::open(path));
    store::Reader reader{path};

    void reopen() {
        writer.reset();
        writer = std::move(*Writer::open(path));
    }
};

}  // namespace

TEST_CASE("the same items stored again change nothing, not even the generation") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    const auto first = s.writer->commit({poll(a, k_noon, {item("a", "2"), item("a", "1")})});
    CHECK(first.polls[0].fresh == 2);
    const auto second = s.writer->commit({poll(a, k_noon + 1h, {item("a", "2"), item("a", "1")})});
    CHECK(second.polls[0].unchanged == 2);
    CHECK(second.generation == first.generation);
    CHECK(s.reader.totals().items == 2);
}

TEST_CASE("items that came unchanged and were left out count, and are no sign of rewritten ids") {
    Stored s;
    const auto feeds = s.writer->subscribe({feed("a")}, k_noon);
    const std::vector<Item> before = {item("a", "5"), item("a", "4"), item("a", "3"), item("a", "2"), item("a", "1")};
    CHECK(s.writer->commit({poll(feeds[0].id, k_noon, before)}).polls[0].knows_items);
    // Three items with the addresses of stored ones and ids of their own: all of a document's, they are those rewritten.
    std::vector<Item> news;
    for (const char* id : {"3", "2", "1"}) {
        news.push_back(item("a", id));
        news.back().id = std::string("new-") + id;
        news.back().title = std::string("Another thing altogether at ") + id;
    }
    store::Poll some = poll(feeds[0].id, k_noon + 1h, news);
    some.unchanged.assign(47, 1);
    const auto done = s.writer->commit({some});
    CHECK(done.polls[0].unchanged == 47);
    CHECK(s.reader.dedup_stats().healed == 0);
}

TEST_CASE("nothing is known of the items of a poll that was dropped, or whose ids stand on several items") {
    Stored s;
    const auto feeds = s.writer->subscribe({feed("a")}, k_noon);
    store::Poll of_another = poll(feeds[0].id, k_noon, {item("a", "1")});
    of_another.url = "https://elsewhere.example/feed";
    CHECK_FALSE(s.writer->commit({of_another}).polls[0].knows_items);
    std::vector<Item> alike = {item("a", "1"), item("a", "2"), item("a", "3")};
    for (Item& each : alike) each.id = "the same";
    CHECK_FALSE(s.writer->commit({poll(feeds[0].id, k_noon, alike)}).polls[0].knows_items);
    CHECK(s.writer->commit({poll(feeds[0].id, k_noon, {})}).polls[0].knows_items);
}

TEST_CASE("two outlets with the same canonical URL make one story that lists both") {
    Stored s;
    const auto feeds = s.writer->subscribe({feed("a"), feed("b")}, k_noon);
    Item copy = item("a", "1");
    copy.id = "b-1";
    copy.title = "The same article at b";
    s.writer->commit({poll(feeds[0].id, k_noon, {item("a", "1")})});
    const auto done = s.writer->commit({poll(feeds[1].id, k_noon + 5min, {copy})});
    CHECK(done.polls[0].same_story == 1);

    const auto page = s.reader.newest(10);
    REQUIRE(page.stories.size() == 1);
    REQUIRE(page.stories[0].members.size() == 2);
    CHECK(page.stories[0].members[0].feed_name == "a");
    CHECK(page.stories[0].members[1].item.title == "The same article at b");
    CHECK(page.stories[0].changed_at == k_noon + 5min);
}

TEST_CASE("the outlet that published first leads its story, whichever arrived first") {
    Stored s;
    const auto feeds = s.writer->subscribe({feed("a"), feed("b")}, k_noon);
    Item earlier = item("a", "1", k_noon - 2h);
    earlier.id = "b-1";
    s.writer->commit({poll(feeds[0].id, k_noon, {item("a", "1", k_noon - 1h)})});
    const std::string uid = s.reader.newest(1).stories[0].uid;
    s.writer->commit({poll(feeds[1].id, k_noon, {earlier})});
    CHECK(s.reader.newest(1).stories[0].members[0].feed_name == "b");
    CHECK(s.reader.newest(1).stories[0].uid == uid);
}

TEST_CASE("a revision replaces the item, keeps its story's id and moves its change time") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    const auto first = s.writer->commit({poll(a, k_noon, {item("a", "1")})});
    const std::string uid = s.reader.newest(1).stories[0].uid;
    Item revised = item("a", "1");
    revised.title = "a 1, corrected";
    const auto second = s.writer->commit({poll(a, k_noon + 1h, {revised})});
    CHECK(second.polls[0].revised == 1);
    CHECK(second.generation > first.generation);
    const auto page = s.reader.newest(10);
    REQUIRE(page.stories.size() == 1);
    CHECK(page.stories[0].uid == uid);
    CHECK(page.stories[0].changed_at == k_noon + 1h);
    CHECK(page.stories[0].members[0].item.title == "a 1, corrected");
}

TEST_CASE("a date of our own repair stays the one of first sight") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    Item undated = item("a", "1", k_noon);
    undated.published_repaired = true;
    s.writer->commit({poll(a, k_noon, {undated})});
    undated.published = k_noon + 1h;
    CHECK(s.writer->commit({poll(a, k_noon + 1h, {undated})}).polls[0].unchanged == 1);
    undated.title = "changed";
    CHECK(s.writer->commit({poll(a, k_noon + 2h, {undated})}).polls[0].revised == 1);
    CHECK(s.reader.newest(1).stories[0].members[0].item.published == k_noon);
}

TEST_CASE("an id that a feed repeats for different items loses none of them") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    Item one = item("a", "1");
    Item other = item("a", "2");
    other.id = one.id;
    CHECK(s.writer->commit({poll(a, k_noon, {one, other})}).polls[0].fresh == 2);
    CHECK(s.writer->commit({poll(a, k_noon + 1h, {one, other})}).polls[0].unchanged == 2);
}

TEST_CASE("poll state survives a restart, byte for byte") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    auto done = poll(a, k_noon, {});
    done.state.validators = {"W/\"odd, \xE9\"", "Mon, 10 Jan 2022 10:00:00 GMT"};
    done.state.validators_url = "https://a.example/moved";
    done.state.body_fingerprint = 0xFEDC'BA98'7654'3210;
    done.state.hints = {.ttl = 90min, .syndication_interval = 24h, .skip_hours = {0, 23}, .skip_days = {6}};
    done.state.rhythm_since = k_noon - 5h;
    done.state.rhythm_items = 20;
    done.state.next_poll_reason = "every 20 min";
    done.state.not_before = k_noon + 30min;
    done.state.last_result = "200, 3 items";
    done.state.last_status = 200;
    done.state.failures = 3;
    done.state.failing_since = k_noon - 2h;
    done.state.gone_answers = 1;
    done.state.item_identities = {1, 0xFEDC'BA98'7654'3210};
    done.state.newest_item = k_noon - 1h;
    done.state.lying_since = k_noon - 3h;
    done.state.move = Move{.url = "https://b.example/feed", .since = k_noon - 24h, .polls = 2, .confirmed = true};
    done.state.last_bytes = 12'345;
    done.state.last_duration = 130ms;
    done.state.condition = Condition::broken;
    s.writer->commit({done});
    s.reopen();
    const PollState read = s.writer->subscribe({feed("a")}, k_noon)[0].poll;
    CHECK(read.validators == done.state.validators);
    CHECK(read.validators_url == done.state.validators_url);
    CHECK(read.body_fingerprint == done.state.body_fingerprint);
    CHECK(read.hints == done.state.hints);
    CHECK(read.item_identities == done.state.item_identities);
    CHECK(read.newest_item == done.state.newest_item);
    CHECK(read.lying_since == done.state.lying_since);
    CHECK(read.move == done.state.move);
    CHECK(read.last_bytes == done.state.last_bytes);
    CHECK(read.last_duration == done.state.last_duration);
    CHECK(read.condition == done.state.condition);
    CHECK(read.rhythm_since == k_noon - 5h);
    CHECK(read.rhythm_items == 20);
    CHECK(read.last_poll == k_noon);
    CHECK(read.next_poll == k_noon + 1h);
    CHECK(read.next_poll_reason == "every 20 min");
    CHECK(read.not_before == k_noon + 30min);
    CHECK(read.last_status == 200);
    CHECK(read.failures == 3);
    CHECK(read.failing_since == k_noon - 2h);
    CHECK(read.gone_answers == 1);
    CHECK_FALSE(read.gone);
}

TEST_CASE("when a batch fails, neither items nor validators of any of its polls are stored") {
    Stored s;
    const auto feeds = s.writer->subscribe({feed("a"), feed("b")}, k_noon);
    const FeedId a = feeds[0].id;
    SQLite::Database database(s.path, SQLite::OPEN_READWRITE);
    database.exec("CREATE TRIGGER refuse BEFORE INSERT ON poll WHEN new.feed_id = (SELECT id FROM feed WHERE name = 'b') "
                  "BEGIN SELECT raise(ABORT, 'the disk is on fire'); END");
    CHECK_THROWS(s.writer->commit({poll(a, k_noon, {item("a", "1")}), poll(feeds[1].id, k_noon, {})}));
    CHECK(s.reader.totals().items == 0);
    CHECK(s.writer->subscribe({feed("a"), feed("b")}, k_noon)[0].poll.validators.empty());
    CHECK(s.writer->commit({poll(a, k_noon, {item("a", "1")})}).polls[0].fresh == 1);
}

TEST_CASE("a feed whose URL becomes that of its move is the same feed still, a password in it or not") {
    const char* url = GENERATE("https://b.example/feed", "https://joe:pw@b.example/feed");
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    auto done = poll(a, k_noon, {});
    done.state.validators.etag = "\"x\"";
    done.state.move = Move{.url = "https://b.example/feed", .since = k_noon, .polls = 3, .confirmed = true};
    s.writer->commit({done});
    Feed accepted = feed("a");
    accepted.url = url;
    const PollState state = s.writer->subscribe({accepted}, k_noon)[0].poll;
    CHECK(state.validators.etag == "\"x\"");
    CHECK_FALSE(state.move);
}

TEST_CASE("a poll of an address that the feed no longer has is dropped") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    Feed moved = feed("a");
    moved.url = "https://new.example/feed";
    (void)s.writer->subscribe({moved}, k_noon);
    auto late = poll(a, k_noon, {item("a", "1")});
    late.url = feed("a").url;
    CHECK(s.writer->commit({late}).polls[0].fresh == 0);
    CHECK(s.reader.totals().items == 0);
    CHECK(s.writer->subscribe({moved}, k_noon)[0].poll.validators.empty());
}

TEST_CASE("a name that was given up and is used again gives no items to the new feed") {
    Stored s;
    s.writer->commit({poll(s.writer->subscribe({feed("a")}, k_noon)[0].id, k_noon, {item("a", "1")})});
    (void)s.writer->subscribe({}, k_noon);
    Feed other = feed("a");
    other.url = "https://other.example/feed";
    CHECK(s.writer->subscribe({other}, k_noon)[0].items == 0);
    CHECK(s.reader.newest(1).stories[0].members[0].feed_url == feed("a").url);
}

TEST_CASE("thousands of items under one id are stored in one go, each with a name of its own") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    std::vector<Item> items;
    for (int i = 0; i < 3000; ++i) {
        items.push_back(item("a", std::to_string(i)));
        items.back().id = "the same";
    }
    CHECK(s.writer->commit({poll(a, k_noon, items)}).polls[0].fresh == 3000);
    Stored other;
    other.writer->commit({poll(other.writer->subscribe({feed("a")}, k_noon)[0].id, k_noon, {items[7], items[8]})});
    const std::string uid = other.reader.newest(1).stories[0].uid;
    const auto all = s.reader.newest(3000).stories;
    CHECK(std::count_if(all.begin(), all.end(), [&](const store::Story& story) { return story.uid == uid; }) == 1);
}

TEST_CASE("a feed is found again by its name, else by its URL, and keeps its items") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    s.writer->commit({poll(a, k_noon, {item("a", "1")})});

    Feed renamed = feed("a");
    renamed.name = "renamed";
    auto stored = s.writer->subscribe({renamed}, k_noon);
    CHECK(stored[0].id == a);
    CHECK(stored[0].poll.validators.etag == "\"1\"");
    CHECK(s.reader.newest(1).stories[0].members[0].feed_name == "renamed");

    Feed moved = renamed;
    moved.url = "https://new.example/feed";
    stored = s.writer->subscribe({moved}, k_noon);
    CHECK(stored[0].id == a);
    CHECK(stored[0].items == 1);
    CHECK(stored[0].poll.validators.empty());
    CHECK_FALSE(stored[0].poll.next_poll);
}

TEST_CASE("two feeds that swap names keep their own items") {
    Stored s;
    const auto before = s.writer->subscribe({feed("a"), feed("b")}, k_noon);
    Feed a = feed("a");
    Feed b = feed("b");
    std::swap(a.url, b.url);
    const auto after = s.writer->subscribe({a, b}, k_noon);
    CHECK(after[0].id == before[0].id);  // the name wins: a person gave it
    CHECK(after[1].id == before[1].id);
}

TEST_CASE("a removed feed keeps its items and is found again when it comes back") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    s.writer->commit({poll(a, k_noon, {item("a", "1")})});
    CHECK(s.writer->subscribe({}, k_noon).empty());
    CHECK(s.reader.newest(10).stories.size() == 1);
    CHECK(s.reader.totals().feeds == 0);
    CHECK(s.writer->subscribe({feed("a")}, k_noon)[0].id == a);
}

TEST_CASE("subscribing to the same feeds again is no change to see") {
    Stored s;
    (void)s.writer->subscribe({feed("a")}, k_noon);
    const auto generation = s.writer->generation();
    (void)s.writer->subscribe({feed("a")}, k_noon);
    CHECK(s.writer->generation() == generation);
}

TEST_CASE("two databases made from the same items give the same entry ids") {
    Stored one;
    Stored other;
    for (Stored* s : {&one, &other})
        s->writer->commit({poll(s->writer->subscribe({feed("a")}, k_noon)[0].id, k_noon, {item("a", "1")})});
    CHECK(one.reader.newest(1).stories[0].uid == other.reader.newest(1).stories[0].uid);
    CHECK(one.writer->uid() != other.writer->uid());
}

TEST_CASE("one aggd per database") {
    Stored s;
    const auto second = Writer::open(s.path);
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::unavailable);
    CHECK_THAT(second.error().message, Catch::Contains(s.path) && Catch::Contains(std::to_string(::getpid())));
}

TEST_CASE("only the owner may read the database") {
    Stored s;
    struct stat status {};
    REQUIRE(::stat(s.path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a file that is no database is refused and left as it is") {
    TemporaryFolder folder;
    std::ofstream(folder / "aggd.db") << std::string(4096, 'x');
    const auto writer = Writer::open(folder / "aggd.db");
    REQUIRE_FALSE(writer);
    CHECK(writer.error().kind == ErrorKind::storage);
    CHECK(std::filesystem::file_size(folder / "aggd.db") == 4096);
}

TEST_CASE("a database of a newer aggd is refused and left as it is") {
    TemporaryFolder folder;
    const std::string path = folder / "aggd.db";
    {
        SQLite::Database newer(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        newer.exec("CREATE TABLE t (x); PRAGMA user_version = 999");
    }
    const auto writer = Writer::open(path);
    REQUIRE_FALSE(writer);
    CHECK_THAT(writer.error().message, Catch::Contains("newer aggd"));
}

TEST_CASE("a URL that is where the feed moved keeps validators and history; any other one drops them") {
    Stored s;
    Feed moving = feed("a");
    const FeedId a = s.writer->subscribe({moving}, k_noon)[0].id;
    auto done = poll(a, k_noon, {item("a", "1")});
    done.state.validators.etag = "\"7\"";
    done.state.move = Move{.url = "https://new.example/feed", .since = k_noon - 24h, .polls = 3, .confirmed = true};
    s.writer->commit({done});

    moving.url = "https://new.example/feed";
    const PollState followed = s.writer->subscribe({moving}, k_noon)[0].poll;
    CHECK(followed.validators.etag == "\"7\"");
    CHECK_FALSE(followed.move);

    moving.url = "https://elsewhere.example/feed";
    CHECK(s.writer->subscribe({moving}, k_noon)[0].poll.validators.empty());
}

TEST_CASE("what a host asked survives a restart, in the transaction of the poll; a host without requests is forgotten") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    const HostState held{.host = "a.example",
                         .held_until = k_noon + 1h,
                         .held_reason = "429 Too Many Requests",
                         .limited = 2,
                         .limited_at = k_noon,
                         .spacing = 10s,
                         .spacing_until = k_noon + 5min};
    auto done = poll(a, k_noon, {});
    done.host = held;
    s.writer->commit({done});
    s.reopen();
    CHECK(s.writer->hosts() == std::vector{held});

    done.host = HostState{.host = "a.example"};
    s.writer->commit({done});
    CHECK(s.writer->hosts().empty());
}

TEST_CASE("health events are read newest first; the newest thousand stay") {
    Stored s;
    const FeedId a = s.writer->subscribe({feed("a")}, k_noon)[0].id;
    auto done = poll(a, k_noon, {});
    for (int number = 1; number <= 1003; ++number)
        done.events.push_back({.kind = HealthKind::broken,
                               .at = k_noon + std::chrono::seconds{number},
                               .feed = "a",
                               .title = "change " + std::to_string(number),
                               .text = "It answers 404.",
                               .fix = "aggctl why a"});
    s.writer->commit({done});
    const auto events = s.reader.health_events(2000);
    REQUIRE(events.size() == 1000);
    CHECK(events.front().event == done.events.back());
    CHECK(events.front().number == 1003);
    CHECK(events.back().event.title == "change 4");
}
