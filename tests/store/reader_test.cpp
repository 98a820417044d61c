#include "store/reader.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;

TEST_CASE("a feed's first poll places its items by their dates") {
    TemporaryFolder folder;
    auto writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader(folder / "aggd.db");
    const auto feeds = writer.subscribe({feed("a"), feed("b")}, k_noon);
    (void)writer.commit({poll(feeds[0].id, k_noon, {item("a", "2", k_noon - 1h), item("a", "1", k_noon - 3h)}),
                         poll(feeds[1].id, k_noon, {item("b", "1", k_noon - 2h)})});
    CHECK(titles(reader.newest(10)) == std::vector<std::string>{"a 2", "b 1", "a 1"});
    CHECK(titles(reader.newest(2)) == std::vector<std::string>{"a 2", "b 1"});
}

TEST_CASE("an item that a later poll brings stands above what was there before that poll, whatever its date") {
    TemporaryFolder folder;
    auto writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader(folder / "aggd.db");
    const FeedId a = writer.subscribe({feed("a")}, k_noon)[0].id;
    (void)writer.commit({poll(a, k_noon, {item("a", "1", k_noon - 1h)})});
    (void)writer.commit(
        {poll(a, k_noon + 1h, {item("a", "backdated", k_noon - 24h * 30), item("a", "1", k_noon - 1h)})});
    CHECK(titles(reader.newest(1)) == std::vector<std::string>{"a backdated"});
    CHECK(reader.newest(1).stories[0].members[0].item.published == k_noon - 24h * 30);
}

TEST_CASE("items of one moment keep the document's order") {
    TemporaryFolder folder;
    auto writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader(folder / "aggd.db");
    const FeedId a = writer.subscribe({feed("a")}, k_noon)[0].id;
    (void)writer.commit({poll(a, k_noon, {item("a", "third"), item("a", "second"), item("a", "first")})});
    CHECK(titles(reader.newest(10)) == std::vector<std::string>{"a third", "a second", "a first"});
}

TEST_CASE("an outlet is shown by the user's title, else the feed's, else its name") {
    TemporaryFolder folder;
    auto writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader(folder / "aggd.db");
    Feed one = feed("a");
    const auto shown = [&] { return reader.newest(1).stories[0].members[0].feed_title; };
    const FeedId a = writer.subscribe({one}, k_noon)[0].id;
    auto first = poll(a, k_noon, {item("a", "1")});
    (void)writer.commit({first});
    CHECK(shown() == "a");
    first.info = FeedInfo{.title = "The A Times", .site = "https://a.example/"};
    (void)writer.commit({first});
    CHECK(shown() == "The A Times");
    CHECK(reader.newest(1).stories[0].members[0].feed_site == "https://a.example/");
    one.title = "Mine";
    (void)writer.subscribe({one}, k_noon);
    CHECK(shown() == "Mine");
}

TEST_CASE("an item comes back whole") {
    TemporaryFolder folder;
    auto writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader(folder / "aggd.db");
    Item full = item("a", "1");
    full.title = "Сводка 天气 ⛈";
    full.summary_html = "<p>short</p>";
    full.authors = {{"A. Writer", "", ""}};
    full.categories = {"weather"};
    full.enclosures = {{"https://a.example/a.mp3", "audio/mpeg", 9}};
    full.updated = full.published + 5min;
    full.published_text = "soon";
    full.published_repaired = true;
    (void)writer.commit({poll(writer.subscribe({feed("a")}, k_noon)[0].id, k_noon, {full})});
    CHECK(reader.newest(1).stories[0].members[0].item == full);
}

TEST_CASE(
    "a story changes when it is revised or told again, not when it arrives; the page changes with every arrival") {
    TemporaryFolder folder;
    auto writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader(folder / "aggd.db");
    const FeedId a = writer.subscribe({feed("a")}, k_noon)[0].id;
    (void)writer.commit({poll(a, k_noon, {item("a", "1", k_noon - 24h)})});
    CHECK(reader.newest(1).stories[0].changed_at == k_noon - 24h);
    CHECK(reader.newest(1).changed_at == k_noon);
    (void)writer.commit({poll(a, k_noon + 1h, {item("a", "1", k_noon - 24h)})});
    CHECK(reader.newest(1).changed_at == k_noon);
}

TEST_CASE("an empty store has an empty page and no totals") {
    TemporaryFolder folder;
    auto writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader(folder / "aggd.db");
    CHECK(reader.newest(10).stories.empty());
    CHECK(reader.totals().items == 0);
    CHECK(reader.generation() == writer.generation());
}
