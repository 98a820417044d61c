// Recognition in the store: evidence, versions, healing, hands, and what a restart leaves as it was.
#include "store/duplicates.hpp"

#include <set>

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/temporary_folder.hpp"
#include "tools/dedup_items/memory_archive.hpp"

using namespace agg;
using namespace agg::test;
using store::Writer;

namespace {

const std::string k_lead =
    "<p>The ferry Aurora sank off Aktau on Sunday after its engine room caught fire, the port authority said.</p>";
const std::string k_body = k_lead +
                           "<p>All 42 passengers were taken aboard a tanker that had heard the call for help. The "
                           "captain was the last to leave, "
                           "according to the authority, which praised the crew of the tanker for its calm.</p>";

Item telling(const std::string& outlet, const std::string& title, const std::string& html,
             TimePoint published = k_noon - 1h) {
    Item one = item(outlet, title, published);
    one.title = title;
    one.content_html = html;
    return one;
}

struct House {
    TemporaryFolder folder;
    std::optional<Writer> writer = std::move(*Writer::open(folder / "aggd.db"));
    std::optional<store::Reader> reader = store::Reader(folder / "aggd.db");
    std::vector<FeedId> feeds;

    explicit House(std::vector<Feed> all = {feed("a"), feed("b"), feed("c")}) {
        for (const auto& stored : writer->subscribe(all, k_noon)) feeds.push_back(stored.id);
    }
    store::Ingest store(std::size_t from, const std::vector<Item>& items, TimePoint now = k_noon) {
        return writer->commit({poll(feeds.at(from), now, items)}).polls.at(0);
    }
    void restart() {
        writer.reset();
        writer = std::move(*Writer::open(folder / "aggd.db"));
    }
    std::vector<std::string> titles() { return test::titles(reader->newest(100)); }
    ItemId id(const std::string& title) { return reader->find_item(title)->item; }
};

// A sentence that has no word in common with that of another number.
std::string sentence(int number) {
    std::string out;
    for (int word = 0; word < 30; ++word) {
        for (int rest = 1000 + number * 30 + word; rest > 0; rest /= 20) out += static_cast<char>('a' + rest % 20);
        out += ' ';
    }
    return out;
}

}  // namespace

TEST_CASE("a telling by another outlet joins the story, and the evidence says why") {
    House house;
    house.store(0, {telling("a", "Ferry sinks off Aktau", k_body)});
    CHECK(house.store(1, {telling("b", "Tanker crew saves dozens", k_body)}).same_story == 1);
    const auto origin = house.reader->origin_of(house.id("Tanker crew"));
    REQUIRE(origin);
    CHECK(origin->rule == dedup::Rule::same_text);
    REQUIRE(origin->match);
    CHECK(origin->match->other->title == "Ferry sinks off Aktau");
    CHECK(origin->match->evidence.containment == 1);
    CHECK(origin->members.size() == 2);
}

TEST_CASE("what a guard refused is kept with the words that differ") {
    House house;
    house.store(0, {telling("a", "Ferry sinks off Aktau", k_body)});
    std::string other = k_body;
    other.replace(other.find("42"), 2, "38");
    CHECK(house.store(1, {telling("b", "Tanker crew saves dozens", other)}).fresh == 1);
    const auto origin = house.reader->origin_of(house.id("Tanker crew"));
    REQUIRE(origin->near_miss);
    CHECK(static_cast<dedup::Guard>(origin->near_miss->reason) == dedup::Guard::figures);
    CHECK(origin->near_miss->evidence.differences.at(0).a == "42");
    CHECK(origin->near_miss->evidence.differences.at(0).b == "38");
    CHECK(house.reader->dedup_stats().near_misses.at(0).item.title == "Tanker crew saves dozens");
}

TEST_CASE("a restart changes no decision") {
    const auto run = [](bool restarts) {
        House house;
        std::vector<StoryId> stories;
        for (int i = 0; i < 60; ++i) {
            Item one = telling("a", "Title of number " + std::to_string(i % 40), "<p>" + sentence(i % 40) + "</p>");
            one.id = "number " + std::to_string(i);
            one.link = "https://a.example/n" + std::to_string(i);
            one.canonical_url = "a.example/n" + std::to_string(i);
            stories.push_back(house.store(static_cast<std::size_t>(i % 3), {one}, k_noon + i * 1h).stories.at(0));
            if (restarts && i % 7 == 0) house.restart();
        }
        return stories;
    };
    const auto stories = run(true);
    CHECK(stories == run(false));
    CHECK(std::set<StoryId>(stories.begin(), stories.end()).size() == 40);
}

TEST_CASE("the store decides as the same items in memory do") {
    House house;
    tools::MemoryArchive archive;
    for (int i = 0; i < 90; ++i) {
        Item one = telling("a", i % 4 == 0 ? "A title that comes back" : "Number " + std::to_string(i),
                           "<p>" + sentence(i % 31) + "</p>");
        one.id = "number " + std::to_string(i % 53);
        one.link = "https://a.example/n" + std::to_string(i % 47);
        one.canonical_url = "a.example/n" + std::to_string(i % 47);
        const auto from = static_cast<std::size_t>(i % 3);
        const StoryId stored = house.store(from, {one}, k_noon + i * 1min).stories.at(0);
        CHECK(stored ==
              archive.take(dedup::keyed_items({one}).at(0), house.feeds[from], k_noon + i * 1min).match.story);
    }
}

TEST_CASE("the versions of an item are kept, and what changed when") {
    House house;
    house.store(0, {telling("a", "Ferry sinks", "<p>Ten people are missing.</p>")});
    Item second = telling("a", "Ferry sinks", "<p>Two people are missing, as is the «captain».</p>");
    house.store(0, {second}, k_noon + 1h);
    Item third = second;
    third.title = "Ferry sinks: all are saved";
    third.content_html = "<p>All were found.</p>";
    house.store(0, {third}, k_noon + 2h);
    const auto versions = house.reader->versions_of(house.id("Ferry sinks"));
    REQUIRE(versions.size() == 3);
    CHECK(versions[0].version->title == "Ferry sinks: all are saved");
    CHECK_FALSE(versions[0].until);
    CHECK(versions[1].version->content_html == second.content_html);
    CHECK(versions[1].until == k_noon + 2h);
    CHECK(versions[2].version->content_html == "<p>Ten people are missing.</p>");
    CHECK(versions[2].until == k_noon + 1h);
}

TEST_CASE("no more than twenty older versions are kept, and a change of a hundred kilobytes is told of, not kept") {
    House house;
    for (int i = 0; i <= 30; ++i)
        house.store(0, {telling("a", "Live", "<p>Version " + std::to_string(i) + " of the live report.</p>")},
                    k_noon + i * 1min);
    CHECK(house.reader->versions_of(house.id("Live")).size() == 21);
    house.store(1, {telling("b", "Long", "<p>" + std::string(100'000, 'x') + "</p>")});
    house.store(1, {telling("b", "Long", "<p>" + std::string(100'000, 'y') + "</p>")}, k_noon + 1h);
    const auto versions = house.reader->versions_of(house.id("Long"));
    REQUIRE(versions.size() == 2);
    CHECK_FALSE(versions[1].version);
}

TEST_CASE("what a revision does to its entry is the feed's choice; another markup does nothing") {
    const auto changed = [](Revisions revisions, const std::string& html) {
        Feed one = feed("a");
        one.revisions = revisions;
        House house({one});
        house.store(0, {telling("a", "Ferry sinks", "<p>Ten people are missing.</p>")});
        const StoryId story = house.reader->newest(1).stories.at(0).id;
        (void)house.writer->mark({.mark = store::Mark::read, .stories = {story}, .now = k_noon});
        house.store(0, {telling("a", "Ferry sinks", html)}, k_noon + 1h);
        const auto after = house.reader->newest(1).stories.at(0);
        CHECK(after.members.at(0).item.content_html == html);
        return std::pair(after.changed_at == k_noon + 1h, after.is_read);
    };
    CHECK(changed(Revisions::updated, "<p>Two people are missing.</p>") == std::pair(true, true));
    CHECK(changed(Revisions::unread, "<p>Two people are missing.</p>") == std::pair(true, false));
    CHECK(changed(Revisions::quiet, "<p>Two people are missing.</p>") == std::pair(false, true));
    CHECK(changed(Revisions::unread, "<div><b>Ten</b> people are missing.</div>") == std::pair(false, true));
}

TEST_CASE("new ids on known items are healed in one go, told of, and taken back for good") {
    House house;
    std::vector<Item> items;
    for (int i = 0; i < 6; ++i)
        items.push_back(telling("a", "Report " + std::to_string(i), "<p>" + sentence(i) + "</p>"));
    house.store(0, items);
    const auto generation = house.writer->generation();
    std::vector<Item> rewritten = items;
    for (Item& one : rewritten) one.id = "urn:new:" + one.id;
    CHECK(house.store(0, rewritten, k_noon + 1h).unchanged == 6);
    CHECK(house.writer->generation() == generation);
    CHECK(house.reader->newest(1).stories.at(0).members.at(0).item.id.starts_with("urn:new:"));
    const auto events = house.reader->health_events(10);
    REQUIRE(events.size() == 1);
    CHECK(events[0].event.kind == HealthKind::ids_healed);
    CHECK(events[0].event.fix == "aggctl undo-heal a");
    CHECK(house.reader->dedup_stats().healed == 6);

    CHECK(*house.writer->undo_heal(house.feeds[0], k_noon + 2h) == 6);
    CHECK_FALSE(house.writer->undo_heal(house.feeds[0], k_noon + 2h));
    CHECK_FALSE(house.reader->newest(1).stories.at(0).members.at(0).item.id.starts_with("urn:new:"));
    // Not healed again: they stand beside the old ones, in the same stories.
    CHECK(house.store(0, rewritten, k_noon + 3h).same_story == 6);
    CHECK(house.reader->health_events(10).size() == 1);
}

TEST_CASE("a healing is closed by its undoing also when the old ids have come back as other items") {
    House house;
    std::vector<Item> items;
    for (int i = 0; i < 6; ++i)
        items.push_back(telling("a", "Report " + std::to_string(i), "<p>" + sentence(i) + "</p>"));
    std::vector<Item> rewritten = items;
    for (Item& one : rewritten) one.id = "urn:new:" + one.id;
    std::vector<Item> both = rewritten;
    both.insert(both.end(), items.begin(), items.end());
    house.store(0, items);
    house.store(0, rewritten, k_noon + 1h);
    house.store(0, both, k_noon + 2h);
    CHECK(*house.writer->undo_heal(house.feeds[0], k_noon + 3h) == 0);
    CHECK_FALSE(house.writer->undo_heal(house.feeds[0], k_noon + 3h));
}

TEST_CASE("a healing gives no item an id that an older one, beyond those that are looked at, has already") {
    House house;
    std::vector<Item> items;
    for (int i = 0; i < 2'100; ++i) items.push_back(telling("a", "Report " + std::to_string(i), ""));
    // Documents list the newest first: the last one is stored first, and is the oldest.
    house.store(0, items);
    std::vector<Item> rewritten(items.begin(), items.begin() + 6);
    for (Item& one : rewritten) one.id = "urn:new:" + one.id;
    rewritten[0].id = items.back().id;
    CHECK_NOTHROW(house.store(0, rewritten, k_noon + 1h));
    CHECK(house.reader->dedup_stats().healed == 5);
}

TEST_CASE("a split holds: the item keeps to itself, and so does what is like it and comes later") {
    House house;
    const std::string credited =
        k_body + "<p>Written for the Courier by its own people at the port, with pictures of the night.</p>";
    house.store(0, {telling("a", "Ferry sinks off Aktau", k_body)});
    house.store(1, {telling("b", "Tanker crew saves dozens", credited)});
    REQUIRE(house.titles().size() == 1);
    REQUIRE(house.writer->split(house.id("Tanker crew"), k_noon + 1h));
    CHECK(house.titles().size() == 2);
    CHECK(house.store(1, {telling("b", "Tanker crew saves dozens", credited)}, k_noon + 2h).unchanged == 1);
    house.restart();
    Item later = telling("c", "Tanker crew saves dozens", credited);
    house.store(2, {later}, k_noon + 3h);
    CHECK(house.titles().size() == 2);
    CHECK(house.reader->origin_of(house.id("Tanker crew"))->members.size() == 2);
    CHECK(house.reader->dedup_stats().rules.size() >= 1);
    CHECK_FALSE(house.writer->split(house.id("Ferry sinks"), k_noon + 4h));
    CHECK_FALSE(house.writer->split(ItemId{999}, k_noon + 4h));
}

TEST_CASE("a merge holds: what joins either joins both, stars and tags come along, and a split undoes it") {
    House house;
    house.store(0, {telling("a", "Ferry sinks off Aktau", k_body)});
    house.store(1, {telling("b", "Port to be closed for a week", "<p>" + sentence(7) + "</p>")});
    const StoryId second = house.reader->find_item("Port to be")->story;
    (void)house.writer->mark({.mark = store::Mark::starred, .stories = {second}, .now = k_noon});
    (void)house.writer->tag({.stories = {second}, .tag = "later"});
    REQUIRE(house.writer->merge(house.id("Port to be"), house.id("Ferry sinks"), k_noon + 1h));
    REQUIRE(house.titles().size() == 1);
    CHECK(house.reader->newest(1).stories.at(0).is_starred);
    CHECK(house.reader->newest(1).stories.at(0).tags == std::vector<std::string>{"later"});
    CHECK(house.store(2, {telling("c", "The port is closed", "<p>" + sentence(7) + "</p>")}, k_noon + 2h).same_story ==
          1);
    CHECK(house.titles().size() == 1);
    CHECK_FALSE(house.writer->merge(house.id("Port to be"), house.id("Ferry sinks"), k_noon + 3h));
    REQUIRE(house.writer->split(house.id("Port to be"), k_noon + 4h));
    CHECK(house.titles().size() == 2);
}

TEST_CASE("what was purged does not come back while its feed carries it, and may after") {
    House house;
    const std::vector<Item> items = {telling("a", "Old news", k_lead),
                                     telling("a", "More news", "<p>" + sentence(3) + "</p>")};
    house.store(0, items);
    CHECK(house.writer->purge({house.id("Old news")}, k_noon + 1h) == 1);
    for (int day = 1; day <= 30; ++day) {
        const auto done = house.store(0, items, k_noon + day * 24h);
        CHECK(done.fresh == 0);
        CHECK(done.stories.at(0) == StoryId{});
    }
    CHECK(house.titles() == std::vector<std::string>{"More news"});
    house.store(0, {items[1]}, k_noon + 31 * 24h);
    house.store(0, {items[1]}, k_noon + 39 * 24h);
    CHECK(house.store(0, items, k_noon + 40 * 24h).fresh == 1);
}

TEST_CASE("the preferred outlet leads its stories, whoever told them first") {
    Feed preferred = feed("b");
    preferred.preference = 1;
    House house({feed("a"), preferred});
    house.store(0, {telling("a", "Ferry sinks off Aktau", k_body)});
    house.store(1, {telling("b", "Tanker crew saves dozens", k_body)});
    CHECK(house.titles() == std::vector<std::string>{"Tanker crew saves dozens"});
}

TEST_CASE("a feed that is not to be collapsed joins nobody, and nobody joins it") {
    Feed alone = feed("b");
    alone.dedup = Dedup::off;
    House house({feed("a"), alone, feed("c")});
    CHECK(house.store(1, {telling("b", "Tanker crew saves dozens", k_body)}).fresh == 1);
    CHECK(house.store(0, {telling("a", "Ferry sinks off Aktau", k_body)}).fresh == 1);
    CHECK(house.store(2, {telling("c", "All saved from a ferry", k_body)}).same_story == 1);
    CHECK(house.store(1, {telling("b", "Another of the crew", k_body)}).fresh == 1);
}

TEST_CASE("a feed that gives one id to all its items loses none of them, one by one either") {
    House house;
    for (int i = 0; i < 20; ++i) {
        Item one = telling("a", "Number " + std::to_string(i), "<p>" + sentence(i) + "</p>");
        one.id = "https://a.example/";
        CHECK(house.store(0, {one}, k_noon + i * 1h).fresh == 1);
        CHECK(house.store(0, {one}, k_noon + i * 1h + 1min).unchanged == 1);
    }
    CHECK(house.titles().size() == 20);
}

TEST_CASE("a transaction that fails leaves no trace in what is recognised later") {
    House house;
    SQLite::Database database(house.folder / "aggd.db", SQLite::OPEN_READWRITE);
    database.exec("CREATE TRIGGER refuse BEFORE INSERT ON poll BEGIN SELECT raise(ABORT, 'the disk is on fire'); END");
    CHECK_THROWS(house.writer->commit({poll(house.feeds[0], k_noon, {telling("a", "Ferry sinks off Aktau", k_body)})}));
    database.exec("DROP TRIGGER refuse");
    CHECK(house.store(1, {telling("b", "Tanker crew saves dozens", k_body)}).fresh == 1);
}

TEST_CASE("the order in which feeds of one cycle arrive changes who is numbered first, not who stands together") {
    const auto stories_of = [](std::vector<std::size_t> order) {
        House house;
        const std::vector<Item> tellings = {telling("a", "Ferry sinks off Aktau", k_body, k_noon - 3h),
                                            telling("b", "Tanker crew saves dozens", k_body, k_noon - 2h),
                                            telling("c", "All saved from a ferry", k_lead, k_noon - 1h)};
        for (const std::size_t from : order) house.store(from, {tellings[from]});
        return house.titles();
    };
    for (const auto& order : {std::vector<std::size_t>{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}})
        CHECK(stories_of(order) == std::vector<std::string>{"Ferry sinks off Aktau"});
}
