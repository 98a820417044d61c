#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>
#include <fmt/ranges.h>

#include "base/rule.hpp"
#include "samples.hpp"
#include "store/item_matcher.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;

namespace {

using Action = Rule::Action;

Rule rule(const std::string& name, const std::string& match, Action action) {
    return {.name = name, .match_text = match, .match = *parse_match(match), .action = action};
}

Rule tagging(const std::string& name, const std::string& match, std::vector<std::string> tags) {
    Rule one = rule(name, match, Action::tag);
    one.add_tags = std::move(tags);
    return one;
}

// A database in which "a" and "b" have told things; rules come and go.
struct House {
    TemporaryFolder folder;
    std::optional<store::Writer> writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader{folder / "aggd.db"};
    std::vector<Feed> feeds = {feed("a"), feed("b")};
    FeedId a{}, b{};

    House() {
        feeds[1].tags = {"News"};
        for (Feed& each : feeds) each.dedup = Dedup::exact;
        const auto stored = writer->subscribe(feeds, k_noon);
        a = stored[0].id;
        b = stored[1].id;
    }
    void take(FeedId from, const std::vector<Item>& items, TimePoint at = k_noon) {
        (void)writer->commit({poll(from, at, items)});
    }
    void use(const std::vector<Rule>& rules) { (void)writer->subscribe(feeds, k_noon, rules); }
    // Puts `rules` in force for all that is stored.
    void rules(const std::vector<Rule>& rules) {
        use(rules);
        while (writer->rule_on_waiting(2, k_noon).items == 2) {
        }
    }
    [[nodiscard]] std::string shown(const std::string& query = "") {
        std::vector<std::string> all;
        for (const store::Story& story : reader.page({.query = *parse_query(query), .now = k_noon}).stories) {
            std::string line;
            for (const store::Member& member : story.members) line += (line.empty() ? "" : "+") + member.item.title;
            all.push_back(line);
        }
        return fmt::format("{}", fmt::join(all, ", "));
    }
    [[nodiscard]] std::string hits(std::int64_t item) {
        std::vector<std::string> all;
        const auto origin = reader.origin_of(ItemId{item});
        for (const Hit& hit : origin->rules)
            all.push_back(
                fmt::format("{} {}{}", hit.rule, to_string(hit.action), hit.tag.empty() ? "" : " " + hit.tag));
        return fmt::format("{}", fmt::join(all, ", "));
    }
    void mark(store::Mark mark, std::int64_t story) {
        (void)writer->mark({.mark = mark, .stories = {StoryId{story}}, .now = k_noon});
    }
};

// The same thing told by `outlet`.
Item told(const std::string& outlet, const std::string& id, const std::string& address) {
    Item one = item(outlet, id);
    one.canonical_url = address;
    return one;
}

struct Case {
    const char* match;
    bool fits;
};

}  // namespace

TEST_CASE("a rule that names a tag twice gives it once") {
    House house;
    house.use({tagging("ai", "title:robot", {"AI", "ai"})});
    Item robot = item("a", "1");
    robot.title = "A robot learns to knit";
    house.take(house.a, {robot});
    CHECK(house.shown("tag:ai") == "A robot learns to knit");
}

TEST_CASE("a match asks about an item as a search does") {
    Item told;
    told.title = "Путин приехал в Пекин: 北京天气预报";
    told.summary_html = "<p>Всё идёт <b>по</b> плану&nbsp;&mdash; AT&amp;T</p><p>Zürich, Café</p>";
    told.content_html = "<p>東京の<em>天</em>気</p><script-like>unusual</script-like>";
    told.link = "https://www.example.org/sport/2022/match-7?id=1";
    told.authors = {{"Ann Lee", "", ""}, {"José Núñez", "", ""}};
    told.categories = {"World Cup", "Мир"};
    const Case each = GENERATE(values<Case>({
        {"путин", true},
        {"ПЕКИН", true},
        {"title:пек*", true},
        {"title:пек", false},
        {"天气", true},
        {"title:天气预报", true},
        {"title:天报", false},
        {"body:天気", true},
        {"title:天気", false},
        {"все", true},  // as ё is found by е
        {"\"идет по плану\"", true},
        {"\"план идет\"", false},
        {"zurich cafe", true},
        {"body:zurich -title:zurich", true},
        {"\"AT T\"", true},
        {"author:lee", true},
        {"author:\"lee jose\"", false},
        {"author:nunez", true},
        {"body:lee", false},
        {"lee", true},
        {"category:\"world cup\"", true},
        {"category:\"cup мир\"", false},
        {"cup", true},
        {"body:cup", false},
        {"link:example.org", true},
        {"link:sport", true},
        {"link:port", false},
        {"example.org", false},
        {"title:rain OR category:мир", true},
        {"title:rain OR (мир -cup)", false},
        {"title:/^путин/", false},
        {"title:/^путин/i", true},
        {"title:/天气.{2}$/", true},
        {"body:/план\\w*/", true},
        {"body:/\\bплану\\b/", false},  // in RE2 \b is for ASCII
        {"body:/<p>/", false},
        {"body:/AT&T/", true},
        {"/Núñez$/", true},
        {"author:/^José/", false},
        {"author:/(?m)^José/", true},
        {"link:/\\/sport\\/\\d+/", true},
        {"category:/^World Cup$/", false},
        {"category:/(?m)^World Cup$/", true},
        {"-title:/rain/", true},
        {"€", false},
    }));
    CAPTURE(each.match);
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
    store::Tokenizer tokenizer(database);
    const auto match = parse_match(each.match);
    REQUIRE(match);
    store::ItemText text(told, tokenizer);
    CHECK(store::ItemMatcher(*match, tokenizer).fits(text) == each.fits);
}

TEST_CASE("what is dropped is hidden everywhere, stays stored, and comes back with the rule's end") {
    House house;
    house.take(house.a, {item("a", "football"), item("a", "rain")});
    house.take(house.b, {item("b", "big football"), item("b", "snow")});
    const std::string everything = house.shown();
    house.rules({rule("sport", "title:football", Action::drop)});
    CHECK(house.shown() == "b snow, a rain");
    CHECK(house.shown("football").empty());
    CHECK(house.shown("source:a") == "a rain");
    CHECK(house.shown("tag:news") == "b snow");
    CHECK(house.shown("is:unread") == "b snow, a rain");
    CHECK(house.shown("is:hidden") == "b big football, a football");
    CHECK(house.shown("is:hidden source:a") == "a football");
    CHECK(house.shown("is:hidden tag:news") == "b big football");
    CHECK(house.reader.stream({.now = k_noon}) == std::vector<StoryId>{StoryId{3}, StoryId{1}});
    for (const store::FeedCount& count : house.reader.count_unread()) CHECK(count.unread == 1);
    CHECK(house.reader.stories({StoryId{2}}).stories.empty());
    CHECK(house.reader.totals().items == 4);
    CHECK(house.reader.totals().hidden == 2);
    CHECK(house.hits(2) == "sport drop");
    house.rules({});
    CHECK(house.shown() == everything);
    CHECK(house.shown("is:hidden").empty());
    CHECK(house.hits(2).empty());
}

TEST_CASE("a search finds and hides in step with rules") {
    House house;
    house.take(house.a, {item("a", "football"), item("a", "rain")});
    (void)house.writer->index_pending(100);
    CHECK(house.shown("a") == "a football, a rain");
    house.rules({rule("sport", "title:football", Action::drop)});
    (void)house.writer->index_pending(100);
    CHECK(house.shown("football").empty());
    CHECK(house.shown("football is:hidden") == "a football");
    house.rules({});
    (void)house.writer->index_pending(100);
    CHECK(house.shown("football") == "a football");
}

TEST_CASE("of feeds in its reach a keep rule shows only what matches; the first drop or keep that matches decides") {
    House house;
    house.take(house.a, {item("a", "football"), item("a", "rain")});
    house.take(house.b, {item("b", "big football"), item("b", "snow")});
    Rule only_rain = rule("only-rain", "rain", Action::keep);
    only_rain.feeds = {"a"};
    house.rules({only_rain});
    CHECK(house.shown() == "b big football, b snow, a rain");
    CHECK(house.hits(2) == "only-rain keep");
    Rule no_news = rule("no-news", "football OR rain", Action::drop);
    house.rules({only_rain, no_news});
    CHECK(house.shown() == "b snow, a rain");
    CHECK(house.hits(2) == "no-news drop");
    house.rules({no_news, only_rain});
    CHECK(house.shown() == "b snow");
    Rule tagged = rule("tagged", "title:/./", Action::drop);
    tagged.tags = {"news"};
    house.rules({tagged});
    CHECK(house.shown() == "a football, a rain");
}

TEST_CASE("a new item is ruled on when it is stored, a revised one anew, and known ones never come back as new") {
    House house;
    house.rules({rule("sport", "football", Action::drop)});
    house.take(house.a, {item("a", "football"), item("a", "rain")});
    CHECK(house.shown() == "a rain");
    const auto again = house.writer->commit({poll(house.a, k_noon + 1h, {item("a", "football"), item("a", "rain")})});
    CHECK(again.polls[0].unchanged == 2);
    Item revised = item("a", "rain");
    revised.content_html = "<p>football after all</p>";
    house.take(house.a, {revised}, k_noon + 2h);
    CHECK(house.shown().empty());
    house.take(house.a, {item("a", "rain")}, k_noon + 3h);
    CHECK(house.shown() == "a rain");
    CHECK(house.reader.totals().unruled == 0);
}

TEST_CASE("a story is shown by those of its tellings that are, under its own id") {
    House house;
    Rule not_a = rule("not-a", "title:/^a /", Action::drop);
    house.take(house.a, {told("a", "1", "x.example/1")});
    house.take(house.b, {told("b", "1", "x.example/1")}, k_noon + 1h);
    REQUIRE(house.shown() == "a 1+b 1");
    const std::string uid = house.reader.newest(1).stories[0].uid;
    const std::uint64_t fingerprint = house.reader.newest(1).fingerprint;
    house.rules({not_a});
    CHECK(house.shown() == "b 1");
    CHECK(house.shown("source:a").empty());
    CHECK(house.shown("source:b") == "b 1");
    CHECK(house.reader.newest(1).stories[0].uid == uid);
    CHECK(house.reader.newest(1).stories[0].first == ItemId{1});
    CHECK(house.reader.newest(1).fingerprint != fingerprint);
    const auto counts = house.reader.count_unread();
    CHECK(counts[0].unread == 0);
    CHECK(counts[1].unread == 1);
    CHECK(house.reader.stream({.home = house.b, .now = k_noon}) == std::vector<StoryId>{StoryId{1}});
    (void)house.writer->index_pending(100);
    CHECK(house.shown("title:a").empty());
    house.rules({});
    CHECK(house.shown() == "a 1+b 1");
    CHECK(house.reader.newest(1).fingerprint == fingerprint);
}

TEST_CASE("what was dropped counts as known; told again by an outlet that is shown, it appears where it would as new") {
    House house;
    house.rules({rule("not-a", "title:/^a /", Action::drop)});
    house.take(house.a, {told("a", "1", "x.example/1")});
    CHECK(house.shown().empty());
    const std::string uid = house.reader.page({.query = *parse_query("is:hidden"), .now = k_noon}).stories.at(0).uid;
    house.take(house.b, {item("b", "2")}, k_noon + 1h);
    house.take(house.b, {told("b", "1", "x.example/1")}, k_noon + 2h);
    CHECK(house.shown() == "b 1, b 2");
    CHECK(house.reader.totals().stories == 2);
    // Who follows the numbers of the stories hears of it.
    const store::Page page = house.reader.newest(2);
    CHECK(page.stories[0].id > page.stories[1].id);
    CHECK(page.stories[0].uid == uid);
    (void)house.writer->index_pending(100);
    CHECK(house.shown("title:1") == "b 1");
    CHECK(SQLite::Database(house.folder / "aggd.db").execAndGet("SELECT count(*) FROM pragma_foreign_key_check").getInt() == 0);
    (void)house.writer->split(ItemId{3}, k_noon + 3h);
    CHECK(house.shown("is:hidden") == "a 1");
    (void)house.writer->merge(ItemId{1}, ItemId{2}, k_noon + 3h);
    CHECK(house.shown("is:hidden").empty());
    house.writer->purge({ItemId{2}}, k_noon + 4h);
    CHECK(house.shown("is:hidden") == "a 1");
}

TEST_CASE("a rule's tag is a tag, and goes with the rule; what people gave and took by hand stays so") {
    House house;
    house.take(house.a, {item("a", "3"), item("a", "2"), item("a", "1")});
    const std::uint64_t marks = house.reader.marks();
    house.rules({tagging("numbers", "1 OR 2", {"low", "Few"})});
    CHECK(house.reader.marks() > marks);
    CHECK(house.shown("tag:low") == "a 2, a 1");
    CHECK(house.shown("tag:few") == "a 2, a 1");
    CHECK(house.reader.story_tags() == std::vector<std::string>{"Few", "low"});
    CHECK(house.hits(1) == "numbers tag Few, numbers tag low");
    (void)house.writer->tag({.stories = {StoryId{2}}, .tag = "low", .given = false});
    (void)house.writer->tag({.stories = {StoryId{1}, StoryId{3}}, .tag = "low"});
    house.rules({tagging("numbers", "1 OR 2 OR 9", {"low"})});
    CHECK(house.shown("tag:low") == "a 3, a 1");
    CHECK(house.shown("tag:few").empty());
    CHECK(house.writer->rename_tag("few", "").changed == 0);
    house.rules({});
    CHECK(house.shown("tag:low") == "a 3, a 1");
    (void)house.writer->tag({.stories = {StoryId{2}}, .tag = "low"});
    CHECK(house.shown("tag:low") == "a 3, a 2, a 1");
}

TEST_CASE("a rule stars and reads; a person's own mark wins, before and after") {
    House house;
    house.take(house.a, {item("a", "4"), item("a", "3"), item("a", "2"), item("a", "1")});
    house.mark(store::Mark::read, 1);
    house.mark(store::Mark::unread, 2);  // as it is: a word of a person's all the same
    const std::vector<Rule> rules = {rule("seen", "1 OR 2 OR 3", Action::read), rule("good", "2 OR 3", Action::star)};
    house.rules(rules);
    CHECK(house.shown("is:unread") == "a 4, a 2");
    CHECK(house.shown("is:starred") == "a 3, a 2");
    house.mark(store::Mark::unread, 3);
    house.mark(store::Mark::unstarred, 3);
    house.mark(store::Mark::starred, 4);
    house.rules({});
    CHECK(house.shown("is:unread") == "a 4, a 3, a 2");
    CHECK(house.shown("is:starred") == "a 4");
    house.rules(rules);
    CHECK(house.shown("is:unread") == "a 4, a 3, a 2");
    CHECK(house.shown("is:starred") == "a 4, a 2");
    CHECK(house.hits(3) == "good star, seen read");
}

TEST_CASE("what a rule read is unread again when another outlet tells it whom no rule reads") {
    House house;
    Rule seen = rule("seen", "title:/./", Action::read);
    seen.feeds = {"a"};
    house.rules({seen});
    house.take(house.a, {told("a", "1", "x.example/1"), item("a", "2")});
    CHECK(house.shown("is:unread").empty());
    house.take(house.b, {told("b", "1", "x.example/1")}, k_noon + 1h);
    CHECK(house.shown("is:unread") == "a 1+b 1");
}

TEST_CASE("what waits to be ruled on is remembered across a crash, batch by batch") {
    House house;
    std::vector<Item> items;
    for (int i = 0; i < 10; ++i) items.push_back(item("a", std::to_string(i) + " football"));
    house.take(house.a, items);
    house.take(house.b, {item("b", "football")});
    const std::vector<Rule> rules = {rule("sport", "football", Action::drop)};
    const std::uint64_t generation = house.writer->generation();
    house.use(rules);
    CHECK(house.reader.totals().unruled == 11);
    CHECK(house.writer->generation() == generation);
    const auto batch = house.writer->rule_on_waiting(4, k_noon);
    CHECK(batch.items == 4);
    CHECK(batch.generation == generation + 1);
    CHECK(house.reader.totals().hidden == 4);
    CHECK(house.reader.totals().unruled == 7);
    house.writer.reset();  // a crash leaves no more than this
    house.writer = *store::Writer::open(house.folder / "aggd.db");
    house.use(rules);
    CHECK(house.reader.totals().unruled == 7);
    CHECK(house.writer->rule_on_waiting(100, k_noon).items == 7);
    CHECK(house.shown().empty());
    house.use(rules);
    CHECK(house.reader.totals().unruled == 0);
    CHECK(house.writer->rule_on_waiting(100, k_noon).items == 0);
}

TEST_CASE("only feeds whose rules changed are ruled on anew, also when it is their tags that changed") {
    House house;
    house.take(house.a, {item("a", "1")});
    house.take(house.b, {item("b", "1")});
    Rule news = rule("news", "1", Action::drop);
    news.tags = {"news"};
    house.use({news});
    CHECK(house.reader.totals().unruled == 1);
    (void)house.writer->rule_on_waiting(100, k_noon);
    CHECK(house.shown() == "a 1");
    std::swap(house.feeds[0].tags, house.feeds[1].tags);
    house.rules({news});
    CHECK(house.shown() == "b 1");
}

TEST_CASE("rules count what they did something to") {
    House house;
    house.take(house.a, {item("a", "3"), item("a", "2"), item("a", "1")});
    house.rules(
        {tagging("low", "1 OR 2", {"x", "y"}), rule("drop-3", "3", Action::drop), rule("star-3", "3", Action::star)});
    std::string counts;
    for (const store::RuleHits& each : house.reader.rule_hits())
        counts += fmt::format("{} {}; ", each.rule, each.items);
    CHECK(counts == "drop-3 1; low 2; ");
}

TEST_CASE("a trial counts by feed what a rule would match, and changes nothing") {
    House house;
    house.take(house.a, {item("a", "football"), item("a", "rain", k_noon - 48h)});
    house.take(house.b, {item("b", "football"), item("b", "other football")});
    const std::uint64_t generation = house.writer->generation();
    const auto shown = [](const store::TrialOutcome& outcome) {
        std::string all = fmt::format("{} of {}:", outcome.matches, outcome.items);
        for (const store::TrialCount& feed : outcome.feeds)
            all += fmt::format(" {} {}/{}", feed.feed, feed.matches, feed.items);
        for (const store::ItemName& example : outcome.examples) all += fmt::format("; {}", example.title);
        return all;
    };
    const Query football = *parse_match("title:foot*");
    CHECK(shown(house.reader.try_rule({.match = football, .examples = 2})) ==
          "3 of 4: b 2/2 a 1/2; b football; b other football");
    CHECK(shown(house.reader.try_rule({.match = football, .feeds = {"a"}})) == "1 of 2: a 1/2; a football");
    CHECK(shown(house.reader.try_rule({.match = football, .tags = {"NEWS"}, .examples = 0})) == "2 of 2: b 2/2");
    CHECK(shown(house.reader.try_rule({.match = football, .since = k_noon - 2h, .feeds = {"a"}})) ==
          "1 of 1: a 1/1; a football");
    CHECK(house.writer->generation() == generation);
    CHECK(house.shown("is:hidden").empty());
}
