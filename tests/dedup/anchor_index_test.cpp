#include "dedup/anchor_index.hpp"

#include <deque>
#include <map>
#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>

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

TEST_CASE("sealed or fresh, an index finds what the plainest one would, and one made anew finds the same") {
    struct Kept {
        Indexed item;
        Anchors anchors;
    };
    std::minstd_rand random(1);
    // A few hundred anchors that many share, among many that few do.
    const auto some_tag = [&] {
        const auto tag = static_cast<std::uint32_t>(random() % 3 == 0 ? random() % 300 : random() % 100'000);
        return tag * 2'654'435'761U | 1U;
    };
    AnchorIndex index(24h);
    std::deque<Kept> all;
    const auto make_anew = [&] {
        AnchorIndex anew(24h);
        if (all.size() % 2 == 0) anew.load_begins();
        for (const Kept& each : all) anew.add(each.item, each.anchors);
        if (all.size() % 2 == 0) anew.load_ends();
        return anew;
    };
    const auto as_text = [](const std::vector<Candidate>& found) {
        std::string text;
        for (const Candidate& one : found)
            text += fmt::format("{} {} {} {} {}\n", static_cast<std::int64_t>(one.known.item), one.shared, one.rare,
                                one.title, one.recurring_title);
        return text;
    };
    for (std::int64_t number = 1; number <= 30'000; ++number) {
        Kept one{.item = item(number, number % 50, k_noon + std::chrono::seconds(number * 5)), .anchors = {}};
        for (int n = 0; n < 6; ++n) one.anchors.text.push_back(some_tag());
        std::sort(one.anchors.text.begin(), one.anchors.text.end());
        one.anchors.text.erase(std::unique(one.anchors.text.begin(), one.anchors.text.end()), one.anchors.text.end());
        one.anchors.title = {some_tag() + 1};
        index.forget_before(one.item.seen);
        while (!all.empty() && all.front().item.seen < one.item.seen - 24h) all.pop_front();
        if (number % 1'499 == 0) {
            const auto found = index.candidates(one.anchors, FeedId{9}, one.item.published, 24h, 1000);
            // The plainest: everything that shares a text anchor, of each anchor the newest forty.
            std::map<std::int64_t, std::uint32_t> shared;
            for (const std::uint32_t tag : one.anchors.text) {
                int seen = 0;
                for (auto each = all.rbegin(); each != all.rend() && seen < 40; ++each)
                    if (std::find(each->anchors.text.begin(), each->anchors.text.end(), tag) !=
                        each->anchors.text.end()) {
                        ++seen;
                        ++shared[static_cast<std::int64_t>(each->item.item)];
                    }
            }
            std::map<std::int64_t, std::uint32_t> found_shared;
            for (const Candidate& candidate : found)
                if (candidate.shared > 0)
                    found_shared[static_cast<std::int64_t>(candidate.known.item)] = candidate.shared;
            CHECK(found_shared == shared);
            CHECK(as_text(make_anew().candidates(one.anchors, FeedId{9}, one.item.published, 24h, 1000)) ==
                  as_text(found));
            CHECK(index.size() == all.size());
        }
        index.add(one.item, one.anchors);
        all.push_back(std::move(one));
    }
}

TEST_CASE("an index takes a quarter of a kilobyte an item at most, for texts of twenty anchors") {
    AnchorIndex index;
    std::minstd_rand random(2);
    for (std::int64_t number = 1; number <= 100'000; ++number) {
        Anchors anchors;
        for (int n = 0; n < 20; ++n) anchors.text.push_back(static_cast<std::uint32_t>(random()) * 2U + 1U);
        index.add(item(number), anchors);
    }
    CHECK(index.bytes() / index.size() < 250);
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
