// What becomes of a poll's items: recognised, then stored. Within a transaction of the Writer.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

#include "dedup/anchor_index.hpp"
#include "dedup/decide.hpp"
#include "dedup/id_trust.hpp"
#include "store/archive.hpp"
#include "store/heals.hpp"
#include "store/key_index.hpp"
#include "store/rule_book.hpp"
#include "store/rulings.hpp"
#include "store/writer.hpp"

namespace agg::store {

// What a story is named after: the item it began with.
struct StoryName {
    std::string feed_url;
    std::uint64_t identity = 0;
    std::optional<TimePoint> published;  // absent when the feed did not say
};

class Ingester {
  public:
    // Makes the index of the last days anew from what is stored: decisions go on as if there had been no restart.
    // New and revised items are ruled on by `book`, which must outlive it.
    Ingester(SQLite::Database& database, RuleBook& book);

    [[nodiscard]] Ingest store(const Poll& poll);

    // Makes the index and the archive's memory what the database says: after stories changed by hand, or a transaction
    // that was rolled back.
    void reload();

    // Forgets what is quickly read again.
    void rest() { archive_.forget_all(); }

    // The items of `from`, or one item, belong to `to` now.
    void moved(StoryId from, StoryId to);
    void moved(ItemId item, StoryId to);

    // The items changed in the database, but for their anchors, or left it.
    void changed(const std::vector<ItemId>& items);

    // Other items belong to the story now.
    void settle(StoryId story) { (void)rulings_.settle(story); }

    [[nodiscard]] const dedup::AnchorIndex& index() const { return index_; }

    // The same name gives the same uid in every database.
    [[nodiscard]] StoryId make_story(const StoryName& name, TimePoint sort, TimePoint changed);

  private:
    // What is known of the feed itself.
    struct Context {
        std::string url;
        std::optional<TimePoint> seen_until;  // before it, its new items cannot have appeared: its last success
        dedup::Policy policy;
        dedup::IdTrust trust;
        Revisions revisions = Revisions::updated;
        bool has_tombstones = false;
    };
    [[nodiscard]] Context context(FeedId feed);
    // `place`: of the item in the poll.
    [[nodiscard]] StoryId take(const Poll& poll, std::size_t place, const Context& feed, Ingest& done,
                               std::size_t& clashes);
    void insert(const Poll& poll, std::size_t place, StoryId story, const dedup::Decision& decision,
                const Ruling& ruling, const Context& feed);
    void put_body(ItemId id, const Poll& poll, std::size_t place);
    StoryId bring_up(StoryId hidden, TimePoint sort);
    void revise(const Poll& poll, std::size_t place, const dedup::Decision& decision, const Context& feed);
    void keep_version(const dedup::KeyedItem& keyed, ItemId item, TimePoint now);
    dedup::IdTrust learn(FeedId feed, const Context& known, const Poll& poll, std::size_t clashes);
    void drop_tombstones(const Poll& poll);
    [[nodiscard]] bool is_buried(const Poll& poll, const dedup::Keys& keys);
    void touch(StoryId story, TimePoint now);
    void note(SQLite::Statement& statement, ItemId item, int reason, ItemId other, TimePoint now,
              const dedup::Evidence& evidence);
    void forget_old_anchors(TimePoint now);

    SQLite::Database& database_;
    KeyIndex key_index_;
    Archive archive_;
    dedup::AnchorIndex index_;
    Healer healer_;
    RuleBook& book_;
    Rulings rulings_;

    SQLite::Statement insert_story_, touch_story_, insert_item_, update_item_, same_keys_, put_body_, put_anchors_,
        put_decision_, put_near_miss_, read_version_, put_revision_, drop_revisions_, feed_context_, see_tombstone_,
        make_unread_, put_trust_, move_story_, move_tags_;
};

}  // namespace agg::store
