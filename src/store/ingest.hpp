// What becomes of a poll's items: recognised, then stored. Within a transaction of the Writer.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

#include "dedup/decide.hpp"
#include "dedup/id_trust.hpp"
#include "store/archive.hpp"
#include "store/heals.hpp"
#include "store/key_index.hpp"
#include "store/recent_anchors.hpp"
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
    // New and revised items are ruled on by `book`, which must outlive it. The index of the last days may be kept in
    // `anchor_file`, which may go or be another one at any time: what is stored says whether it is the right one.
    Ingester(SQLite::Database& database, RuleBook& book, std::string anchor_file = {});

    [[nodiscard]] Ingest store(const Poll& poll);

    // What is in memory is not what the database says any more: a transaction was rolled back.
    void reload() { is_loaded_ = false; }

    // The same: recent items have left the database. Within the transaction that took them.
    void recent_items_went();

    // Makes the index of the last days what is stored, if it is not: decisions go on as if there had been no restart.
    // To be called by those who want it before an item is stored.
    void load();

    // Forgets what is quickly read again. Between transactions.
    void rest();

    // All items of a story, or one item, belong to `to` now: the database says so already.
    void moved(StoryId to);
    void moved(ItemId item, StoryId to);

    // The items changed in the database, but for their anchors, or left it.
    void changed(const std::vector<ItemId>& items);

    // Other items belong to the story now.
    void settle(StoryId story) { (void)rulings_.settle(story); }

    [[nodiscard]] const dedup::AnchorIndex& index() const { return anchors_.index(); }

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

    SQLite::Database& database_;
    bool is_loaded_ = false;
    KeyIndex key_index_;
    Archive archive_;
    RecentAnchors anchors_;
    Healer healer_;
    RuleBook& book_;
    Rulings rulings_;

    SQLite::Statement insert_story_, touch_story_, insert_item_, update_item_, same_keys_, put_body_, put_decision_,
        put_near_miss_, read_version_, put_revision_, drop_revisions_, feed_context_, see_tombstone_, make_unread_,
        put_trust_, move_story_, move_tags_;
};

}  // namespace agg::store
