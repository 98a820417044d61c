#include "dedup/heal.hpp"

#include <catch2/catch.hpp>

#include "dedup/id_trust.hpp"
#include "samples.hpp"

using namespace agg;
using namespace agg::dedup;
using namespace agg::test;

namespace {

Item numbered(int number) {
    return told_at("quay.example/" + std::to_string(number), "Report number " + std::to_string(number), "<p>Text.</p>",
                   k_noon + number * 1h);
}

std::vector<Item> items(int from, int to) {
    std::vector<Item> all;
    for (int number = from; number <= to; ++number) all.push_back(numbered(number));
    return all;
}

std::vector<Known> stored(const std::vector<Item>& all) {
    std::vector<Known> known;
    for (const Item& item : all)
        known.push_back({.item = ItemId{static_cast<std::int64_t>(known.size()) + 1},
                         .identity = keys(item).identity,
                         .link = item.link,
                         .canonical_url = item.canonical_url,
                         .title = item.title,
                         .published = item.published});
    return known;
}

std::vector<Item> with_new_ids(std::vector<Item> all) {
    for (Item& item : all) item.id = "new-" + item.id;
    return all;
}

}  // namespace

TEST_CASE("when all ids of a document are new on items that are stored, they are rewrites") {
    const auto rewrites = find_rewrites(keyed_items(with_new_ids(items(1, 5))), {}, stored(items(1, 5)));
    REQUIRE(rewrites.size() == 5);
    CHECK(rewrites[0].index == 0);
    CHECK(rewrites[0].item == ItemId{1});
}

TEST_CASE("a title and a date know an item again whose link is new, too") {
    auto moved = with_new_ids(items(1, 4));
    for (Item& item : moved) {
        item.link = "https://new.example/" + item.title;
        item.canonical_url = "new.example/" + item.title;
    }
    CHECK(find_rewrites(keyed_items(moved), {}, stored(items(1, 4))).size() == 4);
}

TEST_CASE("new items are no rewrites") {
    CHECK(find_rewrites(keyed_items(items(6, 12)), {}, stored(items(1, 5))).empty());
    CHECK(find_rewrites(keyed_items(items(1, 5)), {}, {}).empty());
}

TEST_CASE("a few new ids among many known ones are left to the rules for one item") {
    auto document = items(1, 10);
    document[0].id = "new";
    document[1].id = "newer";
    document[2].id = "newest";
    CHECK(find_rewrites(keyed_items(document), {}, stored(items(1, 10))).empty());
}

TEST_CASE("a name that several items share heals none of them") {
    auto document = with_new_ids(items(1, 4));
    auto known = items(1, 4);
    for (auto* all : {&document, &known})
        for (Item& item : *all) {
            item.link = "https://quay.example/";
            item.canonical_url.clear();
            item.title = "News";
            item.published = k_noon;
        }
    CHECK(find_rewrites(keyed_items(document), {}, stored(known)).empty());
}

TEST_CASE("an item that the document still carries under its old id is not given away") {
    auto document = items(1, 3);
    for (Item& copy : with_new_ids(items(1, 3))) document.push_back(copy);
    for (Item& fresh : items(20, 24)) document.push_back(fresh);
    CHECK(find_rewrites(keyed_items(document), {}, stored(items(1, 3))).empty());
}

TEST_CASE("ids that clash in two documents are distrusted, and trusted again only after a dozen good ones") {
    IdTrust trust = after_document({}, 10, 9);
    CHECK_FALSE(trust.distrusted);
    trust = after_document(trust, 10, 9);
    CHECK(trust.distrusted);
    trust = after_document(trust, 10, 9);
    for (int good = 1; good <= 11; ++good) {
        trust = after_document(trust, 10, 0);
        INFO(good);
        CHECK(trust.distrusted);
    }
    CHECK_FALSE(after_document(trust, 10, 0).distrusted);
}

TEST_CASE("a clash now and then turns no ids off") {
    IdTrust trust;
    for (int document = 0; document < 100; ++document) trust = after_document(trust, 20, document % 3 == 0 ? 1 : 0);
    CHECK_FALSE(trust.distrusted);
}

TEST_CASE("an item that the document still carries, unchanged, was not given another id") {
    // Five stand there as they were; five copies of them come beside them, under ids of their own.
    const auto before = stored(items(1, 5));
    std::vector<std::uint64_t> unchanged;
    for (const Known& one : before) unchanged.push_back(one.identity);
    const auto copies = keyed_items(with_new_ids(items(1, 6)));
    CHECK(find_rewrites(copies, {}, before).size() == 5);
    CHECK(find_rewrites(copies, unchanged, before).empty());
}
