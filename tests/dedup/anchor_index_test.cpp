#include "dedup/anchor_index.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"

using namespace agg;
using namespace agg::dedup;
using namespace agg::test;

namespace {

Indexed item(std::int64_t number, std::int64_t feed = 1, TimePoint published = k_noon) {
    return {.item = ItemId{number},
            .story = StoryId{number},
            .feed = FeedId{feed},
            .published = published,
            .seen = published};
}

std::vector<Candidate> ask(const AnchorIndex& index, const Anchors& anchors, std::int64_t feed = 9) {
    return index.candidates(anchors, FeedId{feed}, k_noon, 5 * 24h, 12);
}

}  // namespace

TEST_CASE("the item that shares most anchors comes first; equals come in the order of arrival") {
    AnchorIndex index;
    index.add(item(1), {.text = {10, 20}, .title = {}});
    index.add(item(2), {.text = {10, 20, 30}, .title = {}});
    index.add(item(3), {.text = {10, 20}, .title = {}});
    const auto found = ask(index, {.text = {10, 20, 30}, .title = {}});
    REQUIRE(found.size() == 3);
    CHECK(found[0].known.item == ItemId{2});
    CHECK(found[0].shared == 3);
    CHECK(found[1].known.item == ItemId{1});
    CHECK(found[2].known.item == ItemId{3});
}

TEST_CASE("an anchor is rare while at most two stories have it") {
    AnchorIndex index;
    index.add(item(1), {.text = {10}, .title = {}});
    index.add(item(2), {.text = {10}, .title = {}});
    CHECK(ask(index, {.text = {10}, .title = {}})[0].rare == 1);
    index.add(item(3), {.text = {10}, .title = {}});
    CHECK(ask(index, {.text = {10}, .title = {}})[0].rare == 0);
}

TEST_CASE("a title that a feed has given to another story recurs") {
    AnchorIndex index;
    index.add(item(1, 1), {.text = {}, .title = {7}});
    CHECK_FALSE(ask(index, {.text = {}, .title = {7}}, 2)[0].recurring_title);
    CHECK_FALSE(ask(index, {.text = {}, .title = {7}}, 1)[0].recurring_title);
    index.add(item(2, 1), {.text = {}, .title = {7}});
    for (const Candidate& candidate : ask(index, {.text = {}, .title = {7}}, 2)) CHECK(candidate.recurring_title);
}

TEST_CASE("items that were published too far apart are no candidates") {
    AnchorIndex index;
    index.add(item(1, 1, k_noon - 6 * 24h), {.text = {10}, .title = {}});
    CHECK(ask(index, {.text = {10}, .title = {}}).empty());
}

TEST_CASE("items are forgotten by arrival, and their anchors with them") {
    AnchorIndex index(24h);
    index.add(item(1, 1, k_noon - 30h), {.text = {10}, .title = {}});
    index.add(item(2, 1, k_noon), {.text = {10}, .title = {}});
    index.forget_before(k_noon);
    CHECK(index.size() == 1);
    const auto found = ask(index, {.text = {10}, .title = {}});
    REQUIRE(found.size() == 1);
    CHECK(found[0].known.item == ItemId{2});
}

TEST_CASE("of an anchor that everybody has, the newest forty are kept, and adding stays quick") {
    AnchorIndex index;
    for (std::int64_t number = 1; number <= 100'000; ++number) index.add(item(number), {.text = {10}, .title = {7}});
    const auto found = index.candidates({.text = {10}, .title = {7}}, FeedId{9}, k_noon, 5 * 24h, 1000);
    CHECK(found.size() == 40);
    CHECK(found.front().known.item == ItemId{99'961});
}

TEST_CASE("an index that grew finds what it found before") {
    AnchorIndex index;
    for (std::uint32_t number = 1; number <= 20'000; ++number)
        index.add(item(number), {.text = {number * 2'654'435'761U | 1U}, .title = {}});
    for (std::uint32_t number = 1; number <= 20'000; number += 997) {
        const auto found = ask(index, {.text = {number * 2'654'435'761U | 1U}, .title = {}});
        REQUIRE(std::any_of(found.begin(), found.end(),
                            [&](const Candidate& one) { return one.known.item == ItemId{number}; }));
    }
}

TEST_CASE("a story that moves takes its items along") {
    AnchorIndex index;
    index.add(item(1), {.text = {10}, .title = {}});
    index.add(item(2), {.text = {10}, .title = {}});
    index.move_story(StoryId{2}, StoryId{1});
    CHECK(ask(index, {.text = {10}, .title = {}})[1].known.story == StoryId{1});
    index.move_item(ItemId{2}, StoryId{5});
    CHECK(ask(index, {.text = {10}, .title = {}})[1].known.story == StoryId{5});
}
