// Is an item new, known, revised, or another telling of a known story? Decided from the item, what an Archive holds and
// what the index of the last days suggests; the reasons come with the decision and are stored with it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "dedup/anchor_index.hpp"
#include "dedup/identity.hpp"
#include "dedup/rules.hpp"

namespace agg::dedup {

// Under what an archive finds items.
enum class Key { identity, url, guid, page };

// A stored item, as far as it can be told without reading its text.
struct Found {
    ItemId item{};
    StoryId story{};
    FeedId feed{};
    TimePoint published{};
    std::uint64_t content = 0;  // Keys::content
};

// The same with its text.
struct Stored {
    Found found;
    std::string canonical_url;
    Telling telling;
};

// What is stored: all that recognising asks of it.
class Archive {
  public:
    virtual ~Archive() = default;

    // The items under a key, the newest `limit` of them first; Key::identity: of `feed` alone, else of all feeds.
    [[nodiscard]] virtual std::vector<Found> find(Key key, std::uint64_t fingerprint, FeedId feed,
                                                  std::size_t limit) = 0;

    // Absent when it is not stored any more. Valid until the next call changes the archive.
    [[nodiscard]] virtual std::shared_ptr<const Stored> load(ItemId item) = 0;

    // What a person took out of the story: its like does not belong there either.
    [[nodiscard]] virtual std::vector<ItemId> split_from(StoryId story) = 0;
};

// What is known of the feed whose item is judged.
struct Policy {
    Dedup scope = Dedup::story;   // how far its items may be found to be told already
    bool ids_distrusted = false;  // dedup/id_trust.hpp
};

enum class Kind {
    fresh,       // a new item, a new story
    same_story,  // a new item, told before: joins `story`
    revised,     // `match` with another content
    unchanged,   // `match`, as stored
};

struct NearMiss {
    Found other;
    Guard guard = Guard::none;
    Evidence evidence;
};

struct Decision {
    Kind kind = Kind::fresh;
    Rule rule = Rule::fresh;
    Found match;                        // all kinds but fresh
    std::uint64_t identity = 0;         // fresh, same_story: the key to store it under in its feed
    std::optional<Evidence> evidence;   // on `match`; absent where a key alone decided
    std::optional<NearMiss> near_miss;  // the best candidate that a guard refused
    bool id_clash = false;              // the item's id stands on another item of its feed
};

// Decides about an item of `feed` that arrives. Writer's thread; reads, changes nothing.
[[nodiscard]] Decision decide(const KeyedItem& item, FeedId feed, const Policy& policy, Archive& archive,
                              const AnchorIndex& index);

}  // namespace agg::dedup
