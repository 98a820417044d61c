#include "dedup/decide.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::dedup;

namespace {
constexpr Keys k_keys{.identity = 1, .url = 2, .content = 3};
const std::string k_url = "example.org/a";
}  // namespace

TEST_CASE("an item that nothing matches is fresh") {
    CHECK(decide(k_keys, k_url, std::nullopt, {}).kind == Kind::fresh);
}

TEST_CASE("the same identity in the same feed is the same item, revised when its content differs") {
    const Decision same = decide(k_keys, k_url, KnownItem{ItemId{7}, 3}, {});
    CHECK(same.kind == Kind::unchanged);
    CHECK(same.item == ItemId{7});
    CHECK(decide(k_keys, k_url, KnownItem{ItemId{7}, 4}, {}).kind == Kind::revised);
}

TEST_CASE("identity in the feed goes before an equal address elsewhere") {
    CHECK(decide(k_keys, k_url, KnownItem{ItemId{7}, 3}, {{StoryId{5}, k_url}}).kind == Kind::unchanged);
}

TEST_CASE("an address that another feed told joins its story, however many outlets tell it already") {
    const Decision decision = decide(k_keys, k_url, std::nullopt, {{StoryId{5}, k_url}, {StoryId{5}, k_url}});
    CHECK(decision.kind == Kind::same_story);
    CHECK(decision.story == StoryId{5});
    CHECK(decision.rule == Rule::same_url);
}

TEST_CASE("an address that stands for several stories identifies none") {
    CHECK(decide(k_keys, k_url, std::nullopt, {{StoryId{5}, k_url}, {StoryId{6}, k_url}}).kind == Kind::fresh);
}

TEST_CASE("a collision of fingerprints is no match") {
    CHECK(decide(k_keys, k_url, std::nullopt, {{StoryId{5}, "other.example/b"}}).kind == Kind::fresh);
}
