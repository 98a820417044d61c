#include "dedup/identity.hpp"

#include <regex>

#include <catch2/catch.hpp>

#include "dedup/fingerprint.hpp"

using namespace agg;
using namespace agg::dedup;

namespace {

Item an_item() {
    Item item;
    item.id = "tag:example.org,2022:1";
    item.link = "https://example.org/1";
    item.canonical_url = "example.org/1";
    item.title = "Rain over Almaty";
    item.published = from_unix_ms(1'641'800'000'000);
    return item;
}

}  // namespace

TEST_CASE("an item is itself by its id, else its link, else its title and date") {
    Item item = an_item();
    CHECK(identity(item) == "id tag:example.org,2022:1");
    item.id.clear();
    CHECK(identity(item) == "link https://example.org/1");
    item.link.clear();
    CHECK(identity(item) == "title Rain over Almaty\n2022-01-10T07:33:20Z");
}

TEST_CASE("a repaired date is no part of an identity, nor a revision") {
    Item item = an_item();
    item.id.clear();
    item.link.clear();
    item.published_repaired = true;
    Item later = item;
    later.published += std::chrono::hours{1};
    CHECK(identity(item) == identity(later));
    CHECK(keys(item).content == keys(later).content);
}

TEST_CASE("items without id, link and title are told apart by their content") {
    Item one;
    one.summary_html = "first";
    Item other;
    other.summary_html = "second";
    CHECK(identity(one) != identity(other));
}

TEST_CASE("whatever is shown is part of the content") {
    const Item item = an_item();
    const auto changed = [&](auto change) {
        Item other = item;
        change(other);
        return keys(other).content != keys(item).content && keys(other).identity == keys(item).identity;
    };
    CHECK(changed([](Item& i) { i.title += "!"; }));
    CHECK(changed([](Item& i) { i.content_html = "<p>12 dead</p>"; }));
    CHECK(changed([](Item& i) { i.link += "?x"; }));
    CHECK(changed([](Item& i) { i.authors = {{"A", "", ""}}; }));
    CHECK(changed([](Item& i) { i.categories = {"weather"}; }));
    CHECK(changed([](Item& i) { i.enclosures = {{"https://example.org/a.mp3", "audio/mpeg", 5}}; }));
    CHECK(changed([](Item& i) { i.published += std::chrono::hours{1}; }));
}

TEST_CASE("text moving from one field to the next is a revision") {
    Item one;
    one.id = "1";
    one.title = "ab";
    Item other = one;
    other.title = "a";
    other.summary_html = "b";
    CHECK(keys(one).content != keys(other).content);
}

TEST_CASE("an id that different items of one document share identifies none of them") {
    Item one = an_item();
    Item other = an_item();
    other.link = "https://example.org/2";
    Item third = an_item();
    third.id = "unique";
    const auto all = document_keys({one, other, third});
    CHECK(all[0].identity != all[1].identity);
    CHECK(all[2].identity == keys(third).identity);

    const auto twice = document_keys({one, one});
    CHECK(twice[0].identity == keys(one).identity);
    CHECK(twice[1].identity == twice[0].identity);
}

TEST_CASE("a link that identifies no article has no key") {
    Item item = an_item();
    item.canonical_url.clear();
    CHECK(keys(item).url == 0);
}

TEST_CASE("a story's name is a UUID made from its text and its time alone") {
    const std::optional<TimePoint> noon = *parse_rfc3339("2026-10-03T12:00:00Z");
    CHECK(uuid_of("a", noon) == uuid_of("a", noon));
    CHECK(uuid_of("a", noon) != uuid_of("b", noon));
    CHECK(uuid_of("a", std::nullopt) == uuid_of("a", std::nullopt));
    CHECK(uuid_of("a", std::nullopt) != uuid_of("b", std::nullopt));
    const std::regex form("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    CHECK(std::regex_match(to_urn(uuid_of("a", noon)), form));
    CHECK(std::regex_match(to_urn(uuid_of("a", std::nullopt)), form));
}

TEST_CASE("the names of stories sort by their time, also before 1970") {
    const TimePoint noon = *parse_rfc3339("2026-10-03T12:00:00Z");
    for (const char* text : {"a", "b", "c", "d"}) {
        CHECK(uuid_of(text, noon) < uuid_of("other", noon + std::chrono::milliseconds{1}));
        CHECK(uuid_of(text, *parse_rfc3339("1912-04-15T02:20:00Z")) < uuid_of("other", noon));
    }
}

TEST_CASE("a story's name is read back from its URN, and nothing else is") {
    const Uuid uuid = uuid_of("a", std::nullopt);
    const std::string urn = to_urn(uuid);
    CHECK(uuid_from_urn(urn) == uuid);
    CHECK_FALSE(uuid_from_urn(urn.substr(9)));
    CHECK_FALSE(uuid_from_urn(urn + "0"));
    CHECK_FALSE(uuid_from_urn(urn.substr(0, urn.size() - 1)));
    CHECK_FALSE(uuid_from_urn("urn:uuid:" + std::string(32, 'a')));
    CHECK_FALSE(uuid_from_urn("urn:uuid:"));
}
