#include "store/archive.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/columns.hpp"
#include "store/packed_text.hpp"

namespace agg::store {
namespace {

constexpr std::size_t k_kept = 4096;

// Items of feeds that are not to be collapsed stand for themselves: only their own feed finds them.
std::string told_under(const char* column) {
    return fmt::format(
        "SELECT item.id, story_id, feed_id, published_ms, content FROM item JOIN feed ON feed.id = feed_id "
        "WHERE item.id = ? AND {} = ? AND (feed.dedup > 0 OR feed_id = ?)",
        column);
}

dedup::Found found_in(SQLite::Statement& row) {
    return {.item = ItemId{row.getColumn(0).getInt64()},
            .story = StoryId{row.getColumn(1).getInt64()},
            .feed = FeedId{row.getColumn(2).getInt64()},
            .published = from_unix_ms(row.getColumn(3).getInt64()),
            .content = from_column(row.getColumn(4).getInt64())};
}

}  // namespace

Archive::Archive(SQLite::Database& database, KeyIndex& key_index)
    : key_index_(key_index),
      by_identity_(database,
                   "SELECT id, story_id, feed_id, published_ms, content FROM item WHERE identity = ? AND feed_id = ?"),
      by_url_(database, told_under("url_key")),
      by_guid_(database, told_under("guid_key")),
      by_page_(database, told_under("page_key")),
      read_item_(database, R"sql(
        SELECT item.id, story_id, feed_id, published_ms, content, canonical_url, title, summary_html, content_html
        FROM item JOIN item_body ON item_id = item.id WHERE item.id = ?)sql"),
      splits_(database, "SELECT item_id FROM split WHERE story_id = ? ORDER BY item_id") {}

std::vector<dedup::Found> Archive::find(dedup::Key key, std::uint64_t fingerprint, FeedId feed, std::size_t limit) {
    std::vector<dedup::Found> all;
    if (key == dedup::Key::identity) {
        InUse row(by_identity_);
        if (row.bind(to_column(fingerprint), to_column(feed))->executeStep()) all.push_back(found_in(*row));
        return all;
    }
    SQLite::Statement& statement = key == dedup::Key::url ? by_url_ : key == dedup::Key::guid ? by_guid_ : by_page_;
    key_index_.each(fingerprint, [&](ItemId item) {
        const bool is_known =
            std::any_of(all.begin(), all.end(), [item](const dedup::Found& one) { return one.item == item; });
        InUse row(statement);
        if (!is_known && row.bind(to_column(item), to_column(fingerprint), to_column(feed))->executeStep())
            all.push_back(found_in(*row));
        return all.size() < limit;
    });
    return all;
}

std::shared_ptr<const dedup::Stored> Archive::load(ItemId item) {
    if (const auto place = places_.find(item); place != places_.end()) return *place->second;
    dedup::Stored stored;
    {
        InUse row(read_item_);
        if (!row.bind(to_column(item))->executeStep()) return nullptr;
        stored.found = {.item = item,
                        .story = StoryId{row->getColumn(1).getInt64()},
                        .feed = FeedId{row->getColumn(2).getInt64()},
                        .published = from_unix_ms(row->getColumn(3).getInt64()),
                        .content = from_column(row->getColumn(4).getInt64())};
        stored.canonical_url = row->getColumn(5).getString();
        Item told;
        told.title = row->getColumn(6).getString();
        told.summary_html = read_packed(row->getColumn(7));
        told.content_html = read_packed(row->getColumn(8));
        stored.telling = dedup::telling_of(told);
    }
    remember(std::move(stored));
    return kept_.back();
}

std::vector<ItemId> Archive::split_from(StoryId story) {
    std::vector<ItemId> all;
    InUse row(splits_);
    row.bind(to_column(story));
    while (row->executeStep()) all.push_back(ItemId{row->getColumn(0).getInt64()});
    return all;
}

void Archive::remember(dedup::Stored stored) {
    forget(stored.found.item);
    kept_.push_back(std::make_shared<const dedup::Stored>(std::move(stored)));
    places_[kept_.back()->found.item] = std::prev(kept_.end());
    if (kept_.size() > k_kept) forget(kept_.front()->found.item);
}

void Archive::forget(ItemId item) {
    const auto place = places_.find(item);
    if (place == places_.end()) return;
    kept_.erase(place->second);
    places_.erase(place);
}

void Archive::forget_all() {
    kept_.clear();
    places_.clear();
}

}  // namespace agg::store
