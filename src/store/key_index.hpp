// Which items have a key (an address, an id, a page's name: dedup::Keys)? Keys are random numbers: put into an index
// one by one, each would change a page of its own. So the newest items' are kept in memory, and a batch of them goes
// into the table item_key at a time, in its order, piece by piece with the commits that follow. Belongs to the writer's
// thread.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/item.hpp"
#include "dedup/identity.hpp"

namespace agg::store {

class KeyIndex {
  public:
    // Knows nothing before reload(). A batch has at least so many items.
    explicit KeyIndex(SQLite::Database& database, std::size_t smallest_batch = 32'768);

    // Makes what is in memory what the database says: at a start, and after a transaction that was rolled back.
    void reload();

    // A new item, or one whose keys have changed. It may go: what it leaves behind here leads nowhere.
    void add(ItemId item, const dedup::Keys& keys);

    // Calls `look` with the items that have or had the key, the newest first, one or the other twice, until it returns
    // false.
    void each(std::uint64_t key, const std::function<bool(ItemId)>& look);

    // Writes the next piece of a batch, in keeping with the number of items that were added meanwhile. Within a
    // transaction.
    void write(std::size_t added);

  private:
    struct Entry {
        std::uint64_t key = 0;
        ItemId item{};
        auto operator<=>(const Entry&) const = default;
    };
    using Entries = std::vector<Entry>;

    void put(ItemId item, std::initializer_list<std::uint64_t> keys);
    void sort_arrivals();
    [[nodiscard]] std::size_t batch() const;

    SQLite::Database& database_;
    std::size_t smallest_batch_;
    SQLite::Statement find_, write_, set_written_until_;
    Entries arrivals_;  // few, in any order
    Entries sorted_;
    Entries batch_;  // on its way into the table: what comes before next_ is there
    std::size_t next_ = 0;
    ItemId newest_{}, batch_until_{}, written_until_{};
};

// A condition on item that is true where `column` (url_key, guid_key, page_key) has the value `key`, for those who do
// not know what the writer has in memory.
[[nodiscard]] std::string has_key(const char* column, std::uint64_t key);

}  // namespace agg::store
