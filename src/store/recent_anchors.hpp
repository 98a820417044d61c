// The anchors of the last days: the table anchor, and the index that is made of it. What the index seals may stand in a
// file, which is a cache: `meta` has the stamp of the file that holds what the table says, and every transaction that
// makes that untrue takes the stamp away. A rollback, a restored backup, another database or a file that is half
// written leave a file with another stamp, or one that is not whole. Belongs to the writer's thread.
#pragma once

#include <cstdint>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/item.hpp"
#include "dedup/anchor_index.hpp"

namespace agg::store {

class RecentAnchors {
  public:
    // Knows nothing before load(). Without a `file` all is in memory, and the database is only read until add().
    RecentAnchors(SQLite::Database& database, std::string file);

    // Makes the index what the database says: from the file, where that is right, and what came after it.
    void load();

    [[nodiscard]] const dedup::AnchorIndex& index() const { return index_; }

    // All that follows happens within a transaction; when that is rolled back, load() makes it good.
    void add(const dedup::Indexed& item, const dedup::Anchors& anchors);
    void forget_before(TimePoint now);

    // All items of a story, or one item, belong to `to` now: the database says so already.
    void moved(StoryId to);
    void moved(ItemId item, StoryId to);

    // Some left the table. The index knows nothing until load().
    void items_went();

    // Lets go of memory that is not needed until the next item. Between transactions.
    void rest();

  private:
    void note_stamp();

    SQLite::Database& database_;
    std::string file_;
    dedup::AnchorIndex index_;
    std::int64_t noted_stamp_ = 0;  // in the database; 0: none
    std::string told_;              // to the log
    SQLite::Statement put_;
};

}  // namespace agg::store
