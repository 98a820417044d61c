#include "serve/entry.hpp"

#include <catch2/catch.hpp>

#include "serve/samples.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

TEST_CASE("an entry is as new as its newest change") {
    store::Story told = simple_story();
    CHECK(entry_of(told).published == at("2022-01-10T09:00:00Z"));
    CHECK(entry_of(told).updated == at("2022-01-10T10:00:00Z"));
    told.changed_at = at("2022-01-10T08:00:00Z");
    CHECK(entry_of(told).updated == at("2022-01-10T09:00:00Z"));
    told.members[0].item.updated = at("2022-01-10T11:00:00Z");
    CHECK(entry_of(told).updated == at("2022-01-10T11:00:00Z"));
}

TEST_CASE("an entry always has a title that can be read") {
    store::Story told = simple_story(1, " \t ");
    SECTION("another outlet's title comes first") {
        told.members.push_back(member("beta", "Beta's title", "https://beta.example/"));
        CHECK(entry_of(told).title == "Beta's title");
    }
    SECTION("then how the text begins") {
        told.members[0].item.summary_html = "<p>Tom &amp; Jerry<br>said &#8220;hi&#x201D;</p><p>and<b>more</b></p>";
        CHECK(entry_of(told).title == "Tom & Jerry said “hi” andmore");
    }
    SECTION("cut between words") {
        std::string words;
        for (int i = 0; i < 60; ++i) words += "слово ";
        told.members[0].item.content_html = words;
        const std::string title = entry_of(told).title;
        CHECK(title.ends_with("слово…"));
        CHECK(title.size() <= 123);
    }
    SECTION("cut between characters where there are no words") {
        std::string text;
        for (int i = 0; i < 100; ++i) text += "字";
        told.members[0].item.content_html = text;
        CHECK(entry_of(told).title.size() == 123);
    }
    SECTION("then the link") { CHECK(entry_of(told).title == "https://alpha.example/1"); }
    SECTION("then the outlet") {
        told.members[0].item.link = "";
        CHECK(entry_of(told).title == "Untitled (alpha)");
    }
}

TEST_CASE("an entry links to the best address there is") {
    store::Story told = simple_story();
    Item& item = told.members[0].item;
    CHECK(entry_of(told).link == "https://alpha.example/1");
    item.link = "";
    CHECK(entry_of(told).link.empty());
    item.enclosures = {{"https://alpha.example/a.mp3", "", std::nullopt}};
    CHECK(entry_of(told).link == "https://alpha.example/a.mp3");
    item.id = "https://alpha.example/id";
    CHECK(entry_of(told).link == "https://alpha.example/id");
    item.canonical_url = "https://alpha.example/canonical";
    CHECK(entry_of(told).link == "https://alpha.example/canonical");
}

TEST_CASE("who wrote it is the author, else the outlet") {
    store::Story told = simple_story();
    CHECK(entry_of(told).authors == std::vector<Author>{{"alpha", "", "https://alpha.example/"}});
    told.members[0].item.authors = {{"", "a@b.example", ""}, {" Ann  Lee ", "not an address", ""}};
    CHECK(entry_of(told).authors == std::vector<Author>{{"a@b.example", "a@b.example", ""}, {"Ann Lee", "", ""}});
}

TEST_CASE("the body ends with the other outlets, each once") {
    store::Story told = rich_story();
    told.members.push_back(member("beta", "Told again by beta", "https://beta.example/again"));
    const Entry entry = entry_of(told);
    CHECK_THAT(
        entry.content_html,
        Catch::EndsWith(
            "<p><small>Also: <a href=\"https://beta.example/x?q=&quot;1&quot;\">beta</a>, gamma &amp; co</small></p>"));
    CHECK(entry.summary_html == "<p>Кратко &amp; ясно</p>");
    REQUIRE(entry.also.size() == 2);
    CHECK(entry.also[0].url == "https://beta.example/x?q=\"1\"");
}

TEST_CASE("the line of other outlets goes to the summary when there is no content") {
    store::Story told =
        story(1, {member("alpha", "A", "https://alpha.example/"), member("beta", "B", "https://beta.example/")});
    told.members[0].item.summary_html = "<p>Short.</p>";
    told.members[0].item.content_html = "<p>Short.</p>";
    const Entry entry = entry_of(told);
    CHECK(entry.content_html.empty());
    CHECK(entry.summary_html == "<p>Short.</p><p><small>Also: <a href=\"https://beta.example/\">beta</a></small></p>");
}

TEST_CASE("a feed's address is shown without its secrets") {
    store::Story told = simple_story();
    told.members[0].feed_url = "https://user:pass@feeds.example/x?token=abcdef&a=1";
    const Entry entry = entry_of(told);
    CHECK(entry.outlet.feed_url.find("pass") == std::string::npos);
    CHECK(entry.outlet.feed_url.find("abcdef") == std::string::npos);
    CHECK(entry.outlet.id == entry.outlet.feed_url);
    told.members[0].feed_url = "not a url";
    CHECK(entry_of(told).outlet.feed_url.empty());
    CHECK(entry_of(told).outlet.id == "urn:x-aggd:feed:alpha");
}

namespace {

// Told by alpha first, by beta at the same address, by gamma elsewhere.
store::Story told_by_three() {
    store::Story told =
        story(1, {member("alpha", "A", "https://alpha.example/1"), member("beta", "B", "https://beta.example/1"),
                  member("gamma", "C", "https://gamma.example/1")});
    int number = 10;
    for (store::Member& each : told.members) each.id = ItemId{number++};
    told.first = ItemId{10};
    told.members[0].item.canonical_url = told.members[1].item.canonical_url = "alpha.example/1";
    told.members[2].item.canonical_url = "gamma.example/1";
    return told;
}

std::string titles_and_ids(const std::vector<Entry>& entries) {
    std::string all;
    for (const Entry& entry : entries) all += fmt::format("{}+{} {}\n", entry.title, entry.also.size(), entry.id);
    return all;
}

}  // namespace

TEST_CASE("a view shows a story as one entry, one per address, or one per telling") {
    const std::string uid = told_by_three().uid;
    CHECK(titles_and_ids(entries_of(told_by_three(), {.store_identity = "x"})) == "A+2 " + uid + "\n");
    CHECK(titles_and_ids(entries_of(told_by_three(), {.dedup = Dedup::exact, .store_identity = "x"})) ==
          "A+1 " + uid + "\nC+0 urn:x-aggd:x:item:12\n");
    CHECK(titles_and_ids(entries_of(told_by_three(), {.dedup = Dedup::off, .store_identity = "x"})) ==
          "A+0 " + uid + "\nB+0 urn:x-aggd:x:item:11\nC+0 urn:x-aggd:x:item:12\n");
}

TEST_CASE("a story's id stays with the item that came first, whichever leads") {
    store::Story earlier = told_by_three();
    std::swap(earlier.members[0], earlier.members[2]);
    CHECK(titles_and_ids(entries_of(earlier, {.dedup = Dedup::exact, .store_identity = "x"})) ==
          "C+0 urn:x-aggd:x:item:12\nB+1 " + earlier.uid + "\n");
}

TEST_CASE("a story whose first telling is hidden keeps its id, and no other telling takes it") {
    store::Story told = told_by_three();
    told.members.erase(told.members.begin());
    CHECK(titles_and_ids(entries_of(told, {.store_identity = "x"})) == "B+1 " + told.uid + "\n");
    CHECK(titles_and_ids(entries_of(told, {.dedup = Dedup::off, .store_identity = "x"})) ==
          "B+0 urn:x-aggd:x:item:11\nC+0 urn:x-aggd:x:item:12\n");
}

TEST_CASE("a source's own view tells a story as the source does, under the story's id") {
    const auto entries = entries_of(told_by_three(), {.leading_feed = "gamma"});
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].title == "C");
    CHECK(entries[0].outlet.title == "gamma");
    CHECK(entries[0].also[0].outlet == "alpha");
    CHECK(entries[0].id == told_by_three().uid);
}

TEST_CASE("a view with ids of its own gives every entry another one than other views do") {
    const auto entries = entries_of(told_by_three(), {.id_scope = "view/calm"});
    CHECK(entries[0].id == "urn:x-aggd:view/calm:" + told_by_three().uid);
}
