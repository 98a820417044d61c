// Ids that a feed rewrote, given to the items they belong to; and taken back. Within a transaction of the Writer.
#pragma once

#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/health_event.hpp"
#include "store/writer.hpp"

namespace agg::store {

class Healer {
  public:
    explicit Healer(SQLite::Database& database);

    // When the feed of `poll` gave its items new ids, puts these on the stored items and adds a health event. Returns
    // the items that were changed; none otherwise.
    [[nodiscard]] std::vector<ItemId> heal(const Poll& poll);

    // Takes back the feed's last healing that still holds, for good: the same ids are not healed again. Returns the
    // items that got their old ids; fewer than were healed when old ids have come back as other items meanwhile. Absent
    // when there is nothing to take back.
    [[nodiscard]] std::optional<std::vector<ItemId>> undo(FeedId feed, TimePoint now);

  private:
    [[nodiscard]] bool mostly_unknown(const Poll& poll);
    void tell(const Poll& poll, std::size_t healed);

    SQLite::Database& database_;
    SQLite::Statement is_known_;
};

}  // namespace agg::store
