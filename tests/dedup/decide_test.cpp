#include "dedup/decide.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"

using namespace agg;
using namespace agg::dedup;
using namespace agg::test;
using tools::MemoryArchive;

namespace {

constexpr FeedId k_here{1};
constexpr FeedId k_there{2};
constexpr FeedId k_elsewhere{3};

const std::string k_lead =
    "<p>The ferry Aurora sank off Aktau on Sunday after its engine room caught fire, the port authority said.</p>";
const std::string k_body =
    k_lead +
    "<p>All 42 passengers were taken aboard a tanker that had heard the call for help. The captain was the last to "
    "leave, "
    "according to the authority, which praised the crew of the tanker for its calm.</p>"
    "<p>Divers will look at the wreck as soon as the wind allows. The ferry was built in 1984 and had passed its last "
    "inspection in the autumn without complaint.</p>";
const Item k_story = told_at("quay.example/ferry", "Ferry sinks off Aktau, all aboard saved", k_body);

// What is decided about `newcomer` of `feed` when `known` came from `k_here` before.
Decision after(const Item& known, const Item& newcomer, FeedId feed = k_there, Dedup scope = Dedup::story) {
    MemoryArchive archive;
    archive.take(keyed(known), k_here, k_noon);
    return archive.take(keyed(newcomer), feed, k_noon, {}, {.scope = scope});
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
    return text;
}

}  // namespace

TEST_CASE("an item that nothing matches is fresh") {
    MemoryArchive archive;
    const Decision decision = archive.take(keyed(k_story), k_here, k_noon);
    CHECK(decision.kind == Kind::fresh);
    CHECK(decision.rule == Rule::fresh);
}

TEST_CASE("the same id in the same feed is the same item: unchanged, or revised when its content differs") {
    Item revised = k_story;
    revised.content_html = replaced(k_body, "42", "43");
    CHECK(after(k_story, k_story, k_here).kind == Kind::unchanged);
    CHECK(after(k_story, revised, k_here).kind == Kind::revised);
}

TEST_CASE("an id that comes back over another title and text identifies nothing; the link does") {
    Item other =
        told_at("quay.example/bakery", "New bakery opens at the old market", "<p>Bread again after nine years.</p>");
    other.id = k_story.id;
    MemoryArchive archive;
    archive.take(keyed(k_story), k_here, k_noon);
    const Decision first = archive.take(keyed(other), k_here, k_noon);
    CHECK(first.kind == Kind::fresh);
    CHECK(first.near_miss->guard == Guard::contradiction);
    CHECK(archive.take(keyed(other), k_here, k_noon).kind == Kind::unchanged);
    CHECK(archive.take(keyed(k_story), k_here, k_noon).kind == Kind::unchanged);
}

TEST_CASE("where ids are distrusted the link goes first, and what was stored under its id before is found again") {
    MemoryArchive archive;
    archive.take(keyed(k_story), k_here, k_noon);
    const Policy distrust{.ids_distrusted = true};
    CHECK(archive.take(keyed(k_story), k_here, k_noon, {}, distrust).kind == Kind::unchanged);
    Item other =
        told_at("quay.example/bakery", "New bakery opens at the old market", "<p>Bread again after nine years.</p>");
    other.id = k_story.id;
    const Decision decision = archive.take(keyed(other), k_here, k_noon, {}, distrust);
    CHECK(decision.kind == Kind::fresh);
    CHECK(decision.identity == keyed(other).keys.link_identity);
    CHECK(decision.id_clash);
}

TEST_CASE("an article's address in another feed joins its story, whatever the title there") {
    Item other = told_at("quay.example/ferry-sinks-off-aktau-2828696", "Drama in the Caspian", "");
    Item original = k_story;
    original.canonical_url = other.canonical_url;
    const Decision decision = after(original, other);
    CHECK(decision.kind == Kind::same_story);
    CHECK(decision.rule == Rule::same_url);
}

TEST_CASE("an address that a feed gives to all its items identifies none of them") {
    MemoryArchive archive;
    const auto notice = [](const std::string& id, const std::string& title, const std::string& text) {
        Item item = told_at("ministry.example/news", title, "<p>" + text + "</p>");
        item.id = id;
        return keyed(item);
    };
    CHECK(archive
              .take(notice("m1", "Quarterly report is published", "The ministry has published its report."), k_here,
                    k_noon)
              .kind == Kind::fresh);
    CHECK(
        archive.take(notice("m2", "Tender for the new bridge", "Bids are taken until the end of May."), k_here, k_noon)
            .kind == Kind::fresh);
    CHECK(
        archive
            .take(notice("m3", "The minister visits the port", "He will speak to pilots and dockers."), k_here, k_noon)
            .kind == Kind::fresh);
}

TEST_CASE("an id that two feeds happen to use joins nothing unless the words agree") {
    Item other = told_at("blog.example/1", "Hello world and welcome to my blog", "<p>About bread and baking.</p>");
    other.id = k_story.id;
    CHECK(after(k_story, other).kind == Kind::fresh);
    Item same = k_story;
    same.canonical_url = "proxy.example/opaque";
    CHECK(after(k_story, same).rule == Rule::same_guid);
}

TEST_CASE("the page's number on another address of its outlet joins the story") {
    const Item original = told_at("quay.example/news/2828696", "Ferry sinks off Aktau, all aboard saved", k_lead);
    const Item moved = told_at("m.quay.co.example/n?id=2828696", "Ferry sinks off Aktau: all aboard saved", "");
    CHECK(after(original, moved).rule == Rule::same_page);
}

TEST_CASE("the same text under another headline, cut, led in and credited otherwise is the same story") {
    const auto other = [](const std::string& title, const std::string& html) {
        return told_at("courier.example/77", title, html);
    };
    CHECK(after(k_story, other("Tanker crew saves dozens", k_body)).rule == Rule::same_text);
    CHECK(after(k_story, other("Tanker crew saves dozens", k_lead)).rule == Rule::same_text);
    CHECK(after(k_story, other("Tanker crew saves dozens",
                               "<p>AKTAU (Courier) - </p>" + k_body + "<p>Reporting by our staff.</p>"))
              .rule == Rule::same_text);
    CHECK(after(k_story, other("Tanker crew saves dozens",
                               "<p>The story is developing and more is expected later.</p>" + k_lead))
              .rule == Rule::same_text);
}

TEST_CASE("the same text with one figure, weekday or name that is another one is not the same story") {
    const auto with = [](const std::string& what, const std::string& instead) {
        Item item = told_at("courier.example/77", "Tanker crew saves dozens", replaced(k_body, what, instead));
        return after(k_story, item);
    };
    CHECK(with("42 passengers", "38 passengers").near_miss->guard == Guard::figures);
    CHECK(with("1984", "1986").kind == Kind::fresh);
    const Item short_story = told_at("quay.example/short", "Ferry news from the port of Aktau", k_lead);
    const Item other_day =
        told_at("courier.example/78", "Ferry news from the port of Aktau", replaced(k_lead, "Sunday", "Tuesday"));
    CHECK(after(short_story, other_day).near_miss->guard == Guard::dates);
}

TEST_CASE("templates that differ in what they are about stay apart") {
    struct Pair {
        const char* rule;
        Item a, b;
    };
    const auto weather = [](const std::string& day, const std::string& high) {
        return told_at("port.example/weather/" + day, "Daily weather report " + day + " May",
                       "<p>Here is the weather for " + day +
                           " May. Cloudy in the morning with sunny spells later in the day. Maximum " + high +
                           " degrees. Light wind from the north. Have a nice day.</p>");
    };
    const auto release = [](const std::string& version) {
        return told_at("tool.example/releases/" + version, "Quayctl " + version + " is out",
                       "<p>This release fixes several problems that were found since the last one. We thank all who "
                       "reported them.</p>");
    };
    const auto close = [](const std::string& points) {
        return told_at("bourse.example/" + points, "Shares close higher in quiet trade",
                       "<p>The index closed at " + points +
                           " points after a quiet day, brokers said. Volume stayed below the average of the year.</p>");
    };
    const auto award = [](const std::string& name) {
        return told_at("town.example/" + name, name + " wins the harbour prize",
                       "<p>The town has given its harbour prize to " + name +
                           ". The prize is awarded every spring to people who have done much for the port.</p>");
    };
    for (const Pair& pair :
         {Pair{"days", weather("12", "18"), weather("13", "21")}, Pair{"versions", release("1.2.3"), release("1.2.4")},
          Pair{"prices", close("4,512.3"), close("4,498.7")}, Pair{"names", award("Aigerim"), award("Viktoria")}}) {
        INFO(pair.rule);
        CHECK(after(pair.a, pair.b, k_here).kind == Kind::fresh);
        CHECK(after(pair.a, pair.b, k_there).kind == Kind::fresh);
    }
}

TEST_CASE("a text that quotes another deep inside is another story") {
    std::string history;
    for (int i = 0; i < 12; ++i)
        history += "<p>Shipping on the Caspian has a long history, and its " + std::to_string(i) +
                   "th chapter is told in our series by people who were there when it happened to them.</p>";
    CHECK(after(told_at("quay.example/short", "Ferry sinks off Aktau", k_lead),
                told_at("review.example/1", "A century of ships", history + k_lead))
              .kind == Kind::fresh);
}

TEST_CASE("a standing first line joins nothing within an outlet; a common lead joins outlets") {
    const std::string standing =
        "<p>Here is what the harbour office tells everybody every morning at the quay before the boats go out to sea "
        "for the day.</p>";
    const auto note = [&](const std::string& address, const std::string& words) {
        return told_at(address, "Note about " + words,
                       standing + "<p>" + words +
                           " and nothing of what the other notes say about their own "
                           "matters, which are of no concern here.</p>");
    };
    const Item nets = note("quay.example/1", "nets");
    const Item ropes =
        told_at("quay.example/2", "Word of ropes",
                standing +
                    "<p>Ropes are cheap again since spring, dealers along this coast believe, because flax did well "
                    "upriver, while hooks cost twice their former price.</p>");
    CHECK(after(nets, ropes, k_there).kind == Kind::fresh);
}

TEST_CASE("a pointer without text joins by its title, within three days, unless that title recurs") {
    Item pointer = told_at("links.example/1", "Ferry sinks off Aktau, all aboard saved - Quay Notes",
                           "<a href=\"https://links.example/c\">Comments</a>");
    CHECK(after(k_story, pointer).rule == Rule::same_title);
    pointer.published = k_noon + 4 * 24h;
    CHECK(after(k_story, pointer).kind == Kind::fresh);

    MemoryArchive archive;
    archive.take(keyed(told_at("quay.example/1", "Letters to the editor of the week",
                               "<p>Sir, your crossword had two clues that nobody could solve.</p>")),
                 k_here, k_noon);
    archive.take(keyed(told_at("quay.example/2", "Letters to the editor of the week",
                               "<p>Sir, the one-way system is a nuisance.</p>", k_noon + 1h)),
                 k_here, k_noon);
    CHECK(archive.take(keyed(told_at("links.example/2", "Letters to the editor of the week", "")), k_there, k_noon)
              .kind == Kind::fresh);
}

TEST_CASE(
    "a feed of links tells a story again when it points at another outlet, not when a title of its own comes back") {
    const auto link = [](const std::string& address) {
        return told_at(address, "Ferry sinks off Aktau with all 42 aboard saved", "");
    };
    CHECK(after(link("quay.example/1"), link("courier.example/7"), k_here).rule == Rule::same_title);
    CHECK(after(link("quay.example/1"), link("quay.example/2"), k_here).kind == Kind::fresh);
}

TEST_CASE("equal texts that were published years apart are two stories") {
    Item again = told_at("courier.example/77", "Ferry sinks off Aktau, all aboard saved", k_body, k_noon + 24h * 365);
    CHECK(after(k_story, again).kind == Kind::fresh);
}

TEST_CASE("how far an item may be found to be told already is the feed's choice") {
    const Item copy = told_at("courier.example/77", "Tanker crew saves dozens", k_body);
    Item link = told_at("quay.example/ferry", "Ferry sinks off Aktau, all aboard saved", "");
    CHECK(after(k_story, copy, k_there, Dedup::story).kind == Kind::same_story);
    CHECK(after(k_story, copy, k_there, Dedup::exact).kind == Kind::fresh);
    CHECK(after(k_story, link, k_there, Dedup::exact).kind == Kind::same_story);
    CHECK(after(k_story, link, k_there, Dedup::off).kind == Kind::fresh);
}

TEST_CASE("which telling of a story comes first does not matter") {
    std::vector<std::pair<Item, FeedId>> tellings = {
        {k_story, k_here},
        {told_at("courier.example/77", "Tanker crew saves dozens", k_body), k_there},
        {told_at("herald.example/5", "All saved from burning ferry", k_lead), k_elsewhere},
    };
    std::sort(tellings.begin(), tellings.end(),
              [](const auto& a, const auto& b) { return a.first.link < b.first.link; });
    do {
        MemoryArchive archive;
        const StoryId story = archive.take(keyed(tellings[0].first), tellings[0].second, k_noon).match.story;
        for (const auto& [item, feed] : tellings) CHECK(archive.take(keyed(item), feed, k_noon).match.story == story);
    } while (std::next_permutation(tellings.begin(), tellings.end(),
                                   [](const auto& a, const auto& b) { return a.first.link < b.first.link; }));
}

TEST_CASE(
    "two tellings that share too little stay apart when one that joins either comes last, and it joins one of them") {
    const std::string second =
        "<p>Divers will look at the wreck of the Aurora as soon as the wind allows, and oil booms are being laid "
        "around the place, the "
        "rescue service said in its evening report to the government and the press on the shore.</p>";
    MemoryArchive archive;
    const StoryId one = archive.take(keyed(told_at("a.example/1", "Ferry sinks", k_lead)), k_here, k_noon).match.story;
    const StoryId other =
        archive.take(keyed(told_at("b.example/1", "Booms are laid", second)), k_there, k_noon).match.story;
    REQUIRE(one != other);
    const StoryId joined =
        archive.take(keyed(told_at("c.example/1", "Ferry sinks, booms are laid", k_lead + second)), k_elsewhere, k_noon)
            .match.story;
    CHECK((joined == one || joined == other));
}
