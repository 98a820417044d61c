// Is an item new, known, revised, or another outlet's telling of a known story? A pure function of the item's keys and
// of what the store found under them; the reason comes with the decision and is stored with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/item.hpp"
#include "dedup/identity.hpp"

namespace agg::dedup {

// The rule that decided. The numbers are stored: never change them, only add.
enum class Rule {
    fresh = 0,          // nothing known matches
    same_identity = 1,  // the same id (or link, or title and date) in the same feed
    same_url = 2,       // the same canonical URL in another feed
};
[[nodiscard]] const char* to_string(Rule rule);

// The stored item of the same feed with the same identity.
struct KnownItem {
    ItemId item{};
    std::uint64_t content = 0;
};

// A stored item of another feed under the same URL key.
struct ToldElsewhere {
    StoryId story{};
    std::string canonical_url;
};

enum class Kind {
    fresh,       // a new item, a new story
    same_story,  // a new item, told elsewhere before: joins `story`
    revised,     // `item` with another content
    unchanged,   // `item`, as stored
};

struct Decision {
    Kind kind = Kind::fresh;
    Rule rule = Rule::fresh;
    ItemId item{};    // revised, unchanged
    StoryId story{};  // same_story
};

// Judges an item with `keys` and `canonical_url`. `elsewhere` may hold fingerprint collisions: only equal URLs count.
// An address that stands for several stories already (a feed whose items all link to its front page) identifies none of
// them.
[[nodiscard]] Decision decide(const Keys& keys, const std::string& canonical_url, const std::optional<KnownItem>& known,
                              const std::vector<ToldElsewhere>& elsewhere);

}  // namespace agg::dedup
