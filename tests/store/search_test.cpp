// What a query finds, in any language, and in which order.
#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;
using Strings = std::vector<std::string>;

namespace {

struct House {
    TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    store::Reader reader{folder / "aggd.db"};
    std::vector<FeedId> feeds;

    House() {
        Feed world = feed("world");
        world.tags = {"news", "far away"};
        Feed sport = feed("sport");
        sport.tags = {"News", "sport"};
        for (const store::StoredFeed& stored : writer.subscribe({world, sport, feed("blog")}, k_noon))
            feeds.push_back(stored.id);
    }
    void store(std::size_t feed_number, const std::vector<Item>& items, TimePoint now = k_noon) {
        (void)writer.commit({poll(feeds[feed_number], now, items)});
    }
    void index() {
        while (writer.index_pending(3).stories == 3) {
        }
    }
    [[nodiscard]] store::Page page(const std::string& query, std::size_t limit = 1000,
                                   std::optional<store::Position> before = {}) {
        const auto parsed = parse_query(query);
        if (!parsed) FAIL(parsed.error().message);
        return reader.page({.query = *parsed, .limit = limit, .before = before, .now = k_noon});
    }
    [[nodiscard]] Strings find(const std::string& query) { return titles(page(query)); }
};

Item titled(const std::string& outlet, const std::string& title, const std::string& body = "",
            TimePoint published = k_noon - 1h) {
    Item one = item(outlet, title, published);
    one.title = title;
    one.content_html = body;
    return one;
}

}  // namespace

TEST_CASE("words are found in every script, however they are written") {
    struct Case {
        const char* text;
        const char* query;
        bool found;
    };
    const Case each = GENERATE(values<Case>({
        {"The café reopens", "cafe", true},
        {"The cafe reopens", "CAFÉ", true},
        {"Ångström", "angstrom", true},
        {"Выборы мэра", "выборы", true},
        {"ВЫБОРЫ МЭРА", "\"выборы мэра\"", true},
        {"Выборами", "выбор", false},
        {"Выборами", "выбор*", true},
        {"Ёлка и мёд", "елка мед", true},
        {"Елка", "ёлка", true},
        {"Қазақстан жаңалықтары", "қазақстан", true},
        {"今天天气预报很好", "天气", true},
        {"今天天气预报很好", "气天", false},
        {"今天天气预报很好", "天气 很好", true},
        {"東京タワーの夜景", "タワー", true},
        {"東京タワーの夜景", "東京", true},
        {"서울에서 열린 회의", "서울", true},
        {"ข่าววันนี้", "วันนี้", true},
        {"GPT发布了新模型", "gpt 模型", true},
        {"مرحبا بالعالم", "مرحبا", true},
        {"well-known rule", "well-known", true},
        {"a known well", "well-known", false},
        {"state of the art", "\"of the art\"", true},
        {"C3PO and R2D2", "r2d2", true},
        {"naïve", "nai", false},
        {"naïve", "nai*", true},
    }));
    CAPTURE(each.text, each.query);
    House house;
    house.store(0, {titled("world", each.text)});
    house.store(1, {titled("sport", "x", "<p>" + std::string(each.text) + "</p>")});
    house.index();
    CHECK(house.find(each.query).size() == (each.found ? 2 : 0));
}

TEST_CASE("the text of a body is searched, not its markup") {
    House house;
    house.store(0, {titled("world", "t", "<p class=\"alpha\">be<b>t</b>a</p><p>gam&shy;ma &amp; de&eacute;</p>")});
    house.index();
    CHECK(house.find("alpha").empty());
    CHECK(house.find("class").empty());
    CHECK(house.find("beta").size() == 1);
    CHECK(house.find("dee").size() == 1);
    CHECK(house.find("amp").empty());
}

TEST_CASE("terms find by tag, feed, author, title, age and state") {
    House house;
    Item signed_item = titled("world", "rail strike", "by the sea");
    signed_item.authors = {{"Łucja de la Cruz", "", ""}};
    house.store(0, {signed_item, titled("world", "old", "strike", k_noon - 24h * 30)});
    house.store(1, {titled("sport", "match")});
    house.store(2, {titled("blog", "strike")});
    house.index();
    CHECK(house.find("tag:news") == Strings{"match", "rail strike", "old"});
    CHECK(house.find("tag:NEWS -tag:sport") == Strings{"rail strike", "old"});
    CHECK(house.find("tag:\"far away\"") == Strings{"rail strike", "old"});
    CHECK(house.find("tag:none").empty());
    CHECK(house.find("source:blog OR source:sport") == Strings{"strike", "match"});
    CHECK(house.find("author:\"la cruz\"") == Strings{"rail strike"});
    CHECK(house.find("author:rail").empty());
    CHECK(house.find("cruz") == Strings{"rail strike"});
    CHECK(house.find("title:strike") == Strings{"strike", "rail strike"});
    CHECK(house.find("strike -title:strike") == Strings{"old"});
    CHECK(house.find("strike tag:news") == Strings{"rail strike", "old"});
    CHECK(house.find("-strike") == Strings{"match"});
    CHECK(house.find("tag:news since:7d") == Strings{"match", "rail strike"});
    CHECK(house.find("since:2022-01-01 -source:blog") == Strings{"match", "rail strike"});
    CHECK(house.find("match OR (rail sea)").size() == 2);
    CHECK(house.find("source:sport OR sea").size() == 2);
    const StoryId match = house.page("match").stories[0].id;
    (void)house.writer.mark({.mark = store::Mark::read, .stories = {match}});
    (void)house.writer.mark({.mark = store::Mark::starred, .stories = {match}});
    CHECK(house.find("is:starred") == Strings{"match"});
    CHECK(house.find("is:read") == Strings{"match"});
    CHECK(house.find("is:unread tag:news") == Strings{"rail strike", "old"});
    CHECK(house.find("is:unread is:starred").empty());
    CHECK(house.find("-is:starred").size() == 3);
}

TEST_CASE("a story is found by what any of its outlets wrote") {
    House house;
    Item copy = titled("sport", "another headline", "unique");
    copy.canonical_url = "world.example/first";
    house.store(0, {titled("world", "first")});
    house.store(1, {copy});
    house.index();
    CHECK(house.find("first unique") == Strings{"first"});
    CHECK(house.find("source:sport") == Strings{"first"});
    CHECK(house.page("tag:news").stories.size() == 1);
}

TEST_CASE("a revision is found by its new words only, and comes first") {
    House house;
    house.store(0, {titled("world", "before"), titled("world", "other words")});
    house.index();
    Item revised = titled("world", "after words");
    revised.id = "before";
    revised.link = "https://world.example/before";
    house.store(0, {revised}, k_noon + 1h);
    CHECK(house.find("before").size() == 1);
    house.index();
    CHECK(house.find("before").empty());
    CHECK(house.find("words") == Strings{"after words", "other words"});
}

TEST_CASE("the index catches up in steps, and then has nothing to do") {
    House house;
    std::vector<Item> items;
    for (int i = 0; i < 7; ++i) items.push_back(titled("world", fmt::format("word {}", i)));
    house.store(0, items);
    CHECK(house.find("word").empty());
    CHECK(house.writer.index_pending(5).stories == 5);
    CHECK(house.find("word").size() == 5);
    CHECK(house.writer.index_pending(5).stories == 2);
    CHECK(house.writer.index_pending(5).stories == 0);
    CHECK(house.find("word").size() == 7);
}

TEST_CASE("tags of a feed follow feeds.conf") {
    House house;
    house.store(2, {titled("blog", "post")});
    CHECK(house.find("tag:diary").empty());
    const std::uint64_t before = house.writer.generation();
    Feed blog = feed("blog");
    blog.tags = {"diary"};
    (void)house.writer.subscribe({feed("world"), feed("sport"), blog}, k_noon);
    CHECK(house.find("tag:diary") == Strings{"post"});
    CHECK(house.find("tag:news").empty());
    CHECK(house.writer.generation() > before);
}

TEST_CASE("pages follow one another without a gap or an overlap, whatever the query") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    House house;
    const Strings words = {"rain", "wind", "snow"};
    int number = 0;
    for (int document = 0; document < 12; ++document) {
        std::vector<Item> items;
        const std::size_t outlet = random() % 3;
        for (unsigned i = 0; i < 1 + random() % 6; ++i) {
            // Few different times and some shared addresses: ties and stories of several outlets.
            Item one = titled("o", fmt::format("{} {}", number++, words[random() % 3]), words[random() % 3],
                              k_noon - std::chrono::hours(random() % 4));
            one.id = one.title + std::to_string(outlet);
            one.canonical_url = fmt::format("o.example/{}", random() % 30);
            items.push_back(std::move(one));
        }
        house.store(outlet, items, k_noon + std::chrono::hours(document / 3));
    }
    house.index();
    for (const store::Story& story : house.page("").stories) {
        if (random() % 2 == 0) (void)house.writer.mark({.mark = store::Mark::read, .stories = {story.id}});
        if (random() % 4 == 0) (void)house.writer.tag({.stories = {story.id}, .tag = "sport"});
    }
    const auto holds = [](const store::Story& story, const std::string& query) {
        const auto any = [&](auto fits) { return std::any_of(story.members.begin(), story.members.end(), fits); };
        const auto word = [&](const std::string& text) {
            return any([&](const store::Member& member) {
                return member.item.title.find(text) != std::string::npos || member.item.content_html == text;
            });
        };
        const auto from = [&](const char* name) {
            return any([&](const store::Member& member) { return member.feed_name == name; });
        };
        const bool sport = from("sport") || !story.tags.empty();
        if (query == "tag:sport") return sport;
        if (query == "tag:sport OR source:blog") return sport || from("blog");
        if (query == "tag:news is:unread") return (from("sport") || from("world")) && !story.is_read;
        if (query == "is:unread rain") return !story.is_read && word("rain");
        if (query == "rain -snow") return word("rain") && !word("snow");
        if (query == "rain OR wind source:world") return (word("rain") || word("wind")) && from("world");
        if (query == "-rain") return !word("rain");
        if (query == "-(tag:sport is:read)") return !(sport && story.is_read);
        return true;
    };
    const std::vector<store::Story> all = house.page("").stories;
    const std::string query =
        GENERATE("", "tag:sport", "tag:sport OR source:blog", "tag:news is:unread", "is:unread rain", "rain -snow",
                 "rain OR wind source:world", "-rain", "-(tag:sport is:read)");
    CAPTURE(query);
    std::vector<std::int64_t> expected, paged, whole;
    for (const store::Story& story : all)
        if (holds(story, query)) expected.push_back(static_cast<std::int64_t>(story.id));
    for (const store::Story& story : house.page(query).stories) whole.push_back(static_cast<std::int64_t>(story.id));
    const std::size_t step = 1 + random() % 4;
    std::optional<store::Position> before;
    do {
        const store::Page page = house.page(query, step, before);
        CHECK(page.stories.size() <= step);
        for (const store::Story& story : page.stories) paged.push_back(static_cast<std::int64_t>(story.id));
        before = page.next;
    } while (before);
    CHECK(paged == whole);
    // Searches are in the index's order, everything else in that of the merged feed.
    if (query.find("rain") != std::string::npos) {
        std::sort(expected.begin(), expected.end());
        std::sort(whole.begin(), whole.end());
    }
    CHECK(whole == expected);
}

TEST_CASE("a page that the caller has is told by its fingerprint, without the stories") {
    House house;
    house.store(0, {titled("world", "one")});
    house.store(1, {titled("sport", "two")});
    const store::Page first = house.page("tag:sport");
    store::Selection selection{.query = *parse_query("tag:sport"), .now = k_noon};
    CHECK(house.reader.page(selection, first.fingerprint).stories.empty());
    house.store(0, {titled("world", "elsewhere")}, k_noon + 1h);
    CHECK(house.reader.page(selection, first.fingerprint).fingerprint == first.fingerprint);
    Item revised = titled("sport", "two, revised");
    revised.id = "two";
    revised.link = "https://sport.example/two";
    house.store(1, {revised}, k_noon + 1h);
    const store::Page second = house.reader.page(selection, first.fingerprint);
    CHECK(second.fingerprint != first.fingerprint);
    CHECK(titles(second) == Strings{"two, revised"});
}
