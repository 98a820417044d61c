#include "dedup/anchor_index.hpp"

#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "samples.hpp"
#include "support/temporary_folder.hpp"

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
    AnchorIndex index({}, 24h);
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
    AnchorIndex index({}, 24h);
    std::deque<Kept> all;
    const auto make_anew = [&] {
        AnchorIndex anew({}, 24h);
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

TEST_CASE("an item that moves is found in its new story, fresh or sealed") {
    AnchorIndex index;
    for (std::int64_t number = 1; number <= 3; ++number) index.add(item(2 * number), {.text = {10}, .title = {}});
    const bool is_sealed = GENERATE(false, true);
    if (is_sealed) index.load_ends();
    index.move_item(ItemId{4}, StoryId{2});
    index.move_item(ItemId{5}, StoryId{9});  // which is not there
    const auto found = ask(index, {.text = {10}, .title = {}});
    REQUIRE(found.size() == 3);
    CHECK(found[0].known.story == StoryId{2});
    CHECK(found[1].known.story == StoryId{2});
    CHECK(found[2].known.story == StoryId{6});
    CHECK(found[2].rare == 1);
}

namespace {

constexpr std::int64_t k_enough = 2'000;  // items that are worth a file

Anchors anchors_of_item(std::int64_t number) {
    const auto tag = static_cast<std::uint32_t>(number);
    return {.text = {tag * 2'654'435'761U | 1U, (tag / 3) * 2'654'435'761U | 1U}, .title = {(tag / 2) * 40'503U + 7U}};
}

AnchorIndex filled(const std::string& file, std::int64_t items = k_enough) {
    AnchorIndex index(file);
    index.load_begins();
    for (std::int64_t number = 1; number <= items; ++number) index.add(item(number), anchors_of_item(number));
    index.load_ends();
    return index;
}

std::string found_by(const AnchorIndex& index) {
    std::string text;
    for (std::int64_t number = 1; number <= k_enough; number += 7)
        for (const Candidate& one : index.candidates(anchors_of_item(number), FeedId{9}, k_noon, 5 * 24h, 100))
            text += fmt::format("{} {} {} {} {} {}\n", static_cast<std::int64_t>(one.known.item),
                                static_cast<std::int64_t>(one.known.story), one.shared, one.rare, one.title,
                                one.recurring_title);
    return text;
}

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

}  // namespace

TEST_CASE("what is sealed in a file takes no memory, and another index takes it up and finds the same") {
    const TemporaryFolder folder;
    const std::string file = folder / "anchors";
    AnchorIndex index = filled(file);
    CHECK(index.bytes() < k_enough * 10);
    CHECK(found_by(index) == found_by(filled("")));
    AnchorIndex another(file);
    REQUIRE(another.take_up(index.stamp(), ItemId{1}));
    CHECK(another.newest() == ItemId{k_enough});
    CHECK(found_by(another) == found_by(index));
    std::filesystem::remove(file);
    another.rest();
    CHECK(found_by(another) == found_by(index));
    another.add(item(k_enough + 1), anchors_of_item(7));
    const auto found = ask(another, anchors_of_item(7));
    CHECK(std::any_of(found.begin(), found.end(),
                      [](const Candidate& one) { return one.known.item == ItemId{k_enough + 1}; }));
}

TEST_CASE("items that went from the table are not taken up again") {
    const TemporaryFolder folder;
    const AnchorIndex index = filled(folder / "anchors");
    AnchorIndex another(folder / "anchors");
    REQUIRE(another.take_up(index.stamp(), ItemId{500}));
    CHECK(another.size() == k_enough - 499);
    CHECK(another.oldest() == ItemId{500});
    CHECK(ask(another, anchors_of_item(100)).empty());
    CHECK_FALSE(AnchorIndex(folder / "anchors").take_up(index.stamp(), ItemId{k_enough + 1}));
}

TEST_CASE("a file that is not there, not whole, not as written, or not the right one is left alone") {
    const TemporaryFolder folder;
    const std::string file = folder / "anchors";
    const std::uint64_t right = filled(file).stamp();
    const std::string whole = read(file);
    struct Case {
        const char* what;
        std::string bytes;
        std::uint64_t stamp;
    };
    std::string changed = whole, longer = whole + "x";
    changed[changed.size() / 2] ^= 1;
    std::string other_head = whole;
    other_head[32] ^= 1;
    const auto [what, bytes, stamp] =
        GENERATE_COPY(Case{"another stamp", whole, right + 1}, Case{"no stamp", whole, 0}, Case{"empty", "", right},
                      Case{"half", whole.substr(0, whole.size() / 2), right},
                      Case{"head only", whole.substr(0, 20), right}, Case{"a byte more", longer, right},
                      Case{"another bit", changed, right}, Case{"another count", other_head, right});
    INFO(what);
    write(file, bytes);
    AnchorIndex another(file);
    CHECK_FALSE(another.take_up(stamp, ItemId{1}));
    CHECK(another.size() == 0);
}

TEST_CASE("where no file can be written, what is sealed stays in memory, and the index says why") {
    const TemporaryFolder folder;
    const AnchorIndex index = filled(folder / "no such folder/anchors");
    CHECK(index.stamp() == 0);
    CHECK_THAT(index.problem(), Catch::Contains("No such file or directory"));
    CHECK(found_by(index) == found_by(filled("")));
}

TEST_CASE("only its owner may read the file, and none is left half written") {
    const TemporaryFolder folder;
    (void)filled(folder / "anchors");
    namespace fs = std::filesystem;
    CHECK(fs::status(folder / "anchors").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(std::distance(fs::directory_iterator(folder / ""), fs::directory_iterator()) == 1);
}

TEST_CASE("an index of few items has no file") {
    const TemporaryFolder folder;
    CHECK(filled(folder / "anchors", 500).stamp() == 0);
    CHECK_FALSE(std::filesystem::exists(folder / "anchors"));
}

TEST_CASE("a sealed item that moves takes the stamp away, until a rest seals anew") {
    const TemporaryFolder folder;
    const std::string file = folder / "anchors";
    AnchorIndex index = filled(file);
    const std::uint64_t before = index.stamp();
    index.move_item(ItemId{8}, StoryId{8});  // where it is
    CHECK(index.stamp() == before);
    index.move_item(ItemId{8}, StoryId{3});
    CHECK(index.stamp() == 0);
    const std::string found = found_by(index);
    index.rest();
    CHECK(index.stamp() != 0);
    CHECK(index.stamp() != before);
    CHECK(found_by(index) == found);
    AnchorIndex another(file);
    REQUIRE(another.take_up(index.stamp(), ItemId{1}));
    CHECK(found_by(another) == found);
}
