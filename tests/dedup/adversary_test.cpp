// Feeds that are wrong on purpose or by accident: recognising stays linear and sane.
#include <catch2/catch.hpp>

#include "samples.hpp"

using namespace agg;
using namespace agg::dedup;
using namespace agg::test;
using tools::MemoryArchive;

namespace {

std::string sentence(int seed, int words) {
    std::string out;
    for (int i = 0; i < words; ++i) {
        for (int rest = (seed * 7919 + i * 104'729) % 99'991 + 26; rest > 0; rest /= 26)
            out += static_cast<char>('a' + rest % 26);
        out += ' ';
    }
    return out;
}

}  // namespace

TEST_CASE("a feed that copies everyone joins every story and merges none of them") {
    MemoryArchive archive;
    std::vector<StoryId> stories;
    for (int i = 0; i < 300; ++i)
        stories.push_back(
            archive
                .take(keyed(told_at("o.example/" + std::to_string(i), sentence(i + 1000, 8), sentence(i, 80))),
                      FeedId{i % 20 + 1}, k_noon)
                .match.story);
    for (int i = 0; i < 300; ++i) {
        const Decision copy =
            archive.take(keyed(told_at("copy.example/" + std::to_string(i), sentence(i + 5000, 8), sentence(i, 80))),
                         FeedId{99}, k_noon);
        CHECK(copy.kind == Kind::same_story);
        CHECK(copy.match.story == stories[static_cast<std::size_t>(i)]);
    }
}

TEST_CASE("ten thousand items of one feed under one title are ten thousand stories") {
    MemoryArchive archive;
    for (int i = 0; i < 10'000; ++i)
        REQUIRE(archive
                    .take(keyed(told_at("a.example/" + std::to_string(i), "The very same title every time", "")),
                          FeedId{1}, k_noon)
                    .kind == Kind::fresh);
}

TEST_CASE("items without title, link and text are themselves and nothing else") {
    MemoryArchive archive;
    Item empty;
    empty.published = k_noon;
    CHECK(archive.take(keyed(empty), FeedId{1}, k_noon).kind == Kind::fresh);
    CHECK(archive.take(keyed(empty), FeedId{1}, k_noon).kind == Kind::unchanged);
    CHECK(archive.take(keyed(empty), FeedId{2}, k_noon).kind == Kind::fresh);
}

TEST_CASE("bodies of ten megabytes are compared") {
    std::string body;
    for (int i = 0; body.size() < 10'000'000; ++i) body += sentence(i, 20);
    MemoryArchive archive;
    const StoryId story =
        archive.take(keyed(told_at("a.example/1", "One body of ten megabytes", body)), FeedId{1}, k_noon).match.story;
    CHECK(archive.take(keyed(told_at("b.example/1", "The same body elsewhere", body)), FeedId{2}, k_noon).match.story ==
          story);
}

TEST_CASE("a text of one word again and again is compared in no time") {
    std::string body;
    for (int i = 0; i < 50'000; ++i) body += "again ";
    MemoryArchive archive;
    for (int i = 0; i < 50; ++i)
        archive.take(keyed(told_at("a.example/" + std::to_string(i), "Again number " + std::to_string(i), body)),
                     FeedId{i + 1}, k_noon);
    CHECK(archive.index().size() == 50);
}
