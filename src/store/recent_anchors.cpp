#include "store/recent_anchors.hpp"

#include <limits>
#include <vector>

#include "base/log.hpp"
#include "store/columns.hpp"

namespace agg::store {
namespace {

constexpr std::int64_t k_unknown = -1;

std::string to_blob(const std::vector<std::uint32_t>& tags) {
    std::string blob;
    blob.reserve(tags.size() * 4);
    for (const std::uint32_t tag : tags)
        for (int shift = 0; shift < 32; shift += 8) blob += static_cast<char>(tag >> shift & 0xFF);
    return blob;
}

std::vector<std::uint32_t> tags_from(const SQLite::Column& column) {
    const std::string blob = column.getString();
    std::vector<std::uint32_t> tags(blob.size() / 4);
    for (std::size_t i = 0; i < tags.size() * 4; ++i)
        tags[i / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(blob[i])) << (8 * (i % 4));
    return tags;
}

std::int64_t number(SQLite::Database& database, const char* query) {
    SQLite::Statement row(database, query);
    return row.executeStep() ? row.getColumn(0).getInt64() : 0;
}

}  // namespace

RecentAnchors::RecentAnchors(SQLite::Database& database, std::string file)
    : database_(database),
      file_(std::move(file)),
      put_(database, "INSERT INTO anchor (item_id, text, title) VALUES (?, ?, ?)") {}

void RecentAnchors::load() {
    index_ = dedup::AnchorIndex(file_);
    noted_stamp_ = number(database_, "SELECT value FROM meta WHERE name = 'anchor_file'");
    const ItemId first{number(database_, "SELECT min(item_id) FROM anchor")};
    const bool is_taken_up = first > ItemId{} && index_.take_up(from_column(noted_stamp_), first);
    SQLite::Statement rows(database_, R"sql(
        SELECT item.id, story_id, feed_id, published_ms, first_seen_ms, text, anchor.title
        FROM anchor JOIN item ON item.id = item_id WHERE item_id > ? ORDER BY item_id)sql");
    rows.bind(1, is_taken_up ? to_column(index_.newest()) : 0);
    if (!is_taken_up) index_.load_begins();
    while (rows.executeStep())
        index_.add({.item = ItemId{rows.getColumn(0).getInt64()},
                    .story = StoryId{rows.getColumn(1).getInt64()},
                    .feed = FeedId{rows.getColumn(2).getInt64()},
                    .published = from_unix_ms(rows.getColumn(3).getInt64()),
                    .seen = from_unix_ms(rows.getColumn(4).getInt64())},
                   {.text = tags_from(rows.getColumn(5)), .title = tags_from(rows.getColumn(6))});
    if (!is_taken_up) index_.load_ends();
    note_stamp();
}

void RecentAnchors::add(const dedup::Indexed& item, const dedup::Anchors& anchors) {
    {
        InUse row(put_);
        const std::string text = to_blob(anchors.text);
        const std::string title = to_blob(anchors.title);
        row->bind(1, to_column(item.item));
        row->bind(2, text.data(), static_cast<int>(text.size()));
        row->bind(3, title.data(), static_cast<int>(title.size()));
        row->exec();
    }
    index_.add(item, anchors);
    note_stamp();
}

void RecentAnchors::forget_before(TimePoint now) {
    const std::size_t before = index_.size();
    index_.forget_before(now);
    if (index_.size() == before) return;
    SQLite::Statement drop(database_, "DELETE FROM anchor WHERE item_id < ?");
    drop.bind(1, index_.size() > 0 ? to_column(index_.oldest()) : std::numeric_limits<std::int64_t>::max());
    drop.exec();
}

void RecentAnchors::moved(StoryId to) {
    SQLite::Statement items(database_, "SELECT id FROM item WHERE story_id = ?");
    items.bind(1, to_column(to));
    while (items.executeStep()) index_.move_item(ItemId{items.getColumn(0).getInt64()}, to);
    note_stamp();
}

void RecentAnchors::moved(ItemId item, StoryId to) {
    index_.move_item(item, to);
    note_stamp();
}

void RecentAnchors::items_went() {
    index_ = dedup::AnchorIndex(file_);
    noted_stamp_ = k_unknown;
    note_stamp();
}

void RecentAnchors::rest() {
    index_.rest();
    try {
        note_stamp();
    } catch (const SQLite::Exception&) {
        // The next transaction that stores an item tries again; until then the file counts as none.
    }
}

void RecentAnchors::note_stamp() {
    if (file_.empty()) return;
    if (!index_.problem().empty() && told_.empty()) {
        told_ = index_.problem();
        log::warning("what finds stories that are told again stays in memory: {}", told_);
    }
    const std::int64_t stamp = to_column(index_.stamp());
    if (stamp == noted_stamp_) return;
    SQLite::Statement note(database_, "INSERT OR REPLACE INTO meta (name, value) VALUES ('anchor_file', ?)");
    note.bind(1, stamp);
    note.exec();
    noted_stamp_ = stamp;
}

}  // namespace agg::store
