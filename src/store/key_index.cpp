#include "store/key_index.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "store/columns.hpp"

namespace agg::store {
namespace {

constexpr std::size_t k_arrivals = 300;  // looked through one by one
// The larger a batch beside the table, the more of its entries share a page; but what waits is read at every start.
constexpr std::int64_t k_share_of_all = 64;

}  // namespace

KeyIndex::KeyIndex(SQLite::Database& database, std::size_t smallest_batch)
    : database_(database),
      smallest_batch_(smallest_batch),
      find_(database, "SELECT item_id FROM item_key WHERE key = ? ORDER BY item_id DESC"),
      write_(database, "INSERT OR IGNORE INTO item_key (key, item_id) VALUES (?, ?)"),
      set_written_until_(database, "UPDATE meta SET value = ? WHERE name = 'keyed_until'") {}

void KeyIndex::reload() {
    arrivals_.clear();
    sorted_.clear();
    batch_.clear();
    next_ = 0;
    written_until_ = ItemId{database_.execAndGet("SELECT value FROM meta WHERE name = 'keyed_until'").getInt64()};
    newest_ = written_until_;
    SQLite::Statement rows(database_, "SELECT id, url_key, guid_key, page_key FROM item WHERE id > ? ORDER BY id");
    rows.bind(1, to_column(written_until_));
    while (rows.executeStep())
        put(ItemId{rows.getColumn(0).getInt64()},
            {from_column(rows.getColumn(1).getInt64()), from_column(rows.getColumn(2).getInt64()),
             from_column(rows.getColumn(3).getInt64())});
    sort_arrivals();
}

void KeyIndex::add(ItemId item, const dedup::Keys& keys) {
    put(item, {keys.url, keys.guid, keys.page});
    if (arrivals_.size() > k_arrivals) sort_arrivals();
}

void KeyIndex::put(ItemId item, std::initializer_list<std::uint64_t> keys) {
    for (const std::uint64_t key : keys)
        if (key != 0) arrivals_.push_back({key, item});
    newest_ = std::max(newest_, item);
}

void KeyIndex::sort_arrivals() {
    std::sort(arrivals_.begin(), arrivals_.end());
    const auto middle = static_cast<std::ptrdiff_t>(sorted_.size());
    sorted_.insert(sorted_.end(), arrivals_.begin(), arrivals_.end());
    std::inplace_merge(sorted_.begin(), sorted_.begin() + middle, sorted_.end());
    arrivals_.clear();
}

void KeyIndex::each(std::uint64_t key, const std::function<bool(ItemId)>& look) {
    Entries arrived;
    std::copy_if(arrivals_.begin(), arrivals_.end(), std::back_inserter(arrived),
                 [key](const Entry& entry) { return entry.key == key; });
    std::sort(arrived.begin(), arrived.end());
    // Three lists under this key, the newest at the end of each.
    struct List {
        Entries::const_iterator begin, end;
    };
    const auto under_key = [key](const Entries& entries) {
        return List{std::lower_bound(entries.begin(), entries.end(), Entry{key, ItemId{}}),
                    std::upper_bound(entries.begin(), entries.end(), key,
                                     [](std::uint64_t value, const Entry& entry) { return value < entry.key; })};
    };
    std::array lists = {List{arrived.begin(), arrived.end()}, under_key(sorted_), under_key(batch_)};
    for (;;) {
        List* newest = nullptr;
        for (List& list : lists)
            if (list.begin != list.end && (newest == nullptr || *std::prev(list.end) > *std::prev(newest->end)))
                newest = &list;
        if (newest == nullptr) break;
        if (!look((--newest->end)->item)) return;
    }
    InUse rows(find_);
    rows.bind(to_column(key));
    while (rows->executeStep())
        if (!look(ItemId{rows->getColumn(0).getInt64()})) return;
}

std::size_t KeyIndex::batch() const {
    return std::max(smallest_batch_, static_cast<std::size_t>(to_column(written_until_) / k_share_of_all));
}

void KeyIndex::write(std::size_t added) {
    if (batch_.empty()) {
        if (static_cast<std::size_t>(to_column(newest_) - to_column(written_until_)) < batch()) return;
        sort_arrivals();
        batch_.swap(sorted_);
        batch_until_ = newest_;
        next_ = 0;
    }
    // Three keys an item, and a batch is through before the next one is half full.
    const std::size_t end = std::min(batch_.size(), next_ + 6 * added);
    for (; next_ < end; ++next_)
        InUse(write_).bind(to_column(batch_[next_].key), to_column(batch_[next_].item))->exec();
    if (next_ < batch_.size()) return;
    InUse(set_written_until_).bind(to_column(batch_until_))->exec();
    written_until_ = batch_until_;
    batch_ = {};
}

std::string has_key(const char* column, std::uint64_t key) {
    return fmt::format(
        "(item.id IN (SELECT item_id FROM item_key WHERE key = {1}) OR item.id > (SELECT value FROM meta WHERE name = "
        "'keyed_until')) AND {0} = {1}",
        column, to_column(key));
}

}  // namespace agg::store
