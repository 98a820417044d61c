// The database as dedup asks it: what is stored under a key, and what a stored item tells. Belongs to the writer's
// thread.
#pragma once

#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "dedup/decide.hpp"
#include "store/key_index.hpp"

namespace agg::store {

class Archive : public dedup::Archive {
  public:
    // `key_index` must outlive it.
    Archive(SQLite::Database& database, KeyIndex& key_index);

    [[nodiscard]] std::vector<dedup::Found> find(dedup::Key key, std::uint64_t fingerprint, FeedId feed,
                                                 std::size_t limit) override;
    [[nodiscard]] std::shared_ptr<const dedup::Stored> load(ItemId item) override;
    [[nodiscard]] std::vector<ItemId> split_from(StoryId story) override;

    // What was just written, so that it need not be read again. The last few thousand are kept.
    void remember(dedup::Stored stored);

    // To be called after changes past remember(): an item's, or anybody's.
    void forget(ItemId item);
    void forget_all();

  private:
    using Kept = std::list<std::shared_ptr<const dedup::Stored>>;

    KeyIndex& key_index_;
    SQLite::Statement by_identity_;
    SQLite::Statement by_url_;
    SQLite::Statement by_guid_;
    SQLite::Statement by_page_;
    SQLite::Statement read_item_;
    SQLite::Statement splits_;
    Kept kept_;  // the oldest first
    std::unordered_map<ItemId, Kept::iterator> places_;
};

}  // namespace agg::store
