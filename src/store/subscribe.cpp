#include "store/subscribe.hpp"

#include <set>
#include <tuple>
#include <unordered_map>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/url.hpp"
#include "store/columns.hpp"
#include "store/poll_rows.hpp"

namespace agg::store {
namespace {

// As feeds.conf gave them: user_title, dedup, revisions, preference, keep_ms.
using Settings = std::tuple<std::string, int, int, std::int64_t, std::int64_t>;
constexpr std::int64_t k_for_ever = -1;  // keep_ms; NULL in the table

struct Row {
    std::int64_t id = 0;
    std::string name, url;
    bool subscribed = false;
    Settings settings;
    FeedInfo info;
    std::uint64_t items = 0;
};

Settings settings_of(const Feed& feed) {
    return {feed.title, static_cast<int>(feed.dedup), static_cast<int>(feed.revisions),
            static_cast<std::int64_t>(feed.preference), feed.keep ? std::int64_t{feed.keep->count()} : k_for_ever};
}

// All feeds that were ever subscribed: those that are first, then the latest.
std::vector<Row> read_rows(SQLite::Database& database) {
    std::vector<Row> rows;
    SQLite::Statement all(
        database,
        "SELECT id, name, url, subscribed, user_title, dedup, revisions, preference, item_count, "
        "format, title, subtitle, site, icon, language, keep_ms FROM feed ORDER BY subscribed DESC, id DESC");
    while (all.executeStep()) {
        Row& row = rows.emplace_back();
        row.id = all.getColumn(0).getInt64();
        row.name = all.getColumn(1).getString();
        row.url = all.getColumn(2).getString();
        row.subscribed = all.getColumn(3).getInt() != 0;
        row.settings = {all.getColumn(4).getString(), all.getColumn(5).getInt(), all.getColumn(6).getInt(),
                        all.getColumn(7).getInt64(),
                        all.getColumn(15).isNull() ? k_for_ever : all.getColumn(15).getInt64()};
        row.items = from_column(all.getColumn(8).getInt64());
        row.info = {.format = static_cast<Format>(all.getColumn(9).getInt()),
                    .title = all.getColumn(10).getString(),
                    .subtitle = all.getColumn(11).getString(),
                    .site = all.getColumn(12).getString(),
                    .icon = all.getColumn(13).getString(),
                    .language = all.getColumn(14).getString()};
    }
    return rows;
}

// The row of each feed, 0 for a new one. Names first: a name that stays wins over a URL that wandered. A name that was
// given up means nothing.
std::vector<Row*> match(const std::vector<Feed>& feeds, std::vector<Row>& rows) {
    std::unordered_map<std::string_view, Row*> by_name;
    std::unordered_map<std::string_view, std::vector<Row*>> by_url;
    for (Row& row : rows) {
        if (row.subscribed) by_name.emplace(row.name, &row);
        by_url[row.url].push_back(&row);
    }
    std::set<const Row*> taken;
    std::vector<Row*> matched;
    for (const Feed& feed : feeds) {
        const auto found = by_name.find(feed.name);
        matched.push_back(found == by_name.end() ? nullptr : found->second);
        if (matched.back() != nullptr) taken.insert(matched.back());
    }
    for (std::size_t i = 0; i < feeds.size(); ++i) {
        const auto found = by_url.find(feeds[i].url);
        if (matched[i] != nullptr || found == by_url.end()) continue;
        for (Row* row : found->second) {
            if (!taken.insert(row).second) continue;
            matched[i] = row;
            break;
        }
    }
    return matched;
}

using Tags = std::unordered_map<std::int64_t, std::set<std::string>>;

Tags read_tags(SQLite::Database& database) {
    Tags tags;
    SQLite::Statement rows(database, "SELECT feed_id, tag FROM feed_tag");
    while (rows.executeStep()) tags[rows.getColumn(0).getInt64()].insert(rows.getColumn(1).getString());
    return tags;
}

// What is remembered of the feed's polls; of another URL only when it is where the feed moved.
void follow_url(PollState& poll, const std::string& url) {
    const auto parsed = Url::parse(url);  // with a password, which the move's has not
    const bool follows_the_move = poll.move && parsed && parsed->without_credentials() == poll.move->url;
    if (!follows_the_move) poll = PollState{};
    poll.move.reset();
}

}  // namespace

// Ten thousand feeds are read in a few statements, and only what differs is written.
Subscribed subscribe(SQLite::Database& database, SQLite::Statement& write_poll_row, const std::vector<Feed>& feeds) {
    std::vector<Row> rows = read_rows(database);
    const std::vector<Row*> matched = match(feeds, rows);
    const Tags tags = read_tags(database);
    static const std::set<std::string> k_no_tags;
    SQLite::Statement leave(database, "UPDATE feed SET subscribed = 0 WHERE id = ?");
    SQLite::Statement insert(database, "INSERT INTO feed (name, url, subscribed) VALUES (?, ?, 0)");
    SQLite::Statement update(database,
                             "UPDATE feed SET name = ?, url = ?, user_title = ?, dedup = ?, revisions = ?, "
                             "preference = ?, keep_ms = nullif(?, -1), subscribed = 1 WHERE id = ?");
    SQLite::Statement clear_tags(database, "DELETE FROM feed_tag WHERE feed_id = ?");
    SQLite::Statement insert_tag(database, "INSERT OR IGNORE INTO feed_tag (tag, feed_id) VALUES (?, ?)");
    SQLite::Statement read_poll_row = prepare_read_poll(database);

    Subscribed done;
    // Names that wander from feed to feed are free first.
    std::set<const Row*> kept;
    for (std::size_t i = 0; i < feeds.size(); ++i)
        if (matched[i] != nullptr && matched[i]->name == feeds[i].name) kept.insert(matched[i]);
    const std::set<const Row*> wanted(matched.begin(), matched.end());
    for (Row& row : rows) {
        if (!row.subscribed || kept.contains(&row)) continue;
        InUse(leave).bind(row.id)->exec();
        row.subscribed = false;
        done.is_visible = done.is_visible || !wanted.contains(&row);
    }
    for (std::size_t i = 0; i < feeds.size(); ++i) {
        const Feed& feed = feeds[i];
        Row fresh;
        if (matched[i] == nullptr) {
            InUse(insert).bind(feed.name, feed.url)->exec();
            fresh.id = database.getLastInsertRowid();
            fresh.url = feed.url;
        }
        const Row& row = matched[i] != nullptr ? *matched[i] : fresh;
        const FeedId id{row.id};
        StoredFeed& one = done.feeds.emplace_back();
        one.id = id;
        if (matched[i] != nullptr) one.poll = read_poll(read_poll_row, id);
        one.info = row.info;
        one.items = row.items;
        if (row.url != feed.url) {
            follow_url(one.poll, feed.url);
            write_poll(write_poll_row, id, one.poll);
        }
        const Settings settings = settings_of(feed);
        done.is_visible = done.is_visible || !row.subscribed || row.name != feed.name ||
                          std::get<0>(row.settings) != std::get<0>(settings) ||
                          std::get<3>(row.settings) != std::get<3>(settings);
        if (!row.subscribed || row.name != feed.name || row.url != feed.url || row.settings != settings) {
            const auto& [title, dedup, revisions, preference, keep_ms] = settings;
            InUse(update).bind(feed.name, feed.url, title, dedup, revisions, preference, keep_ms, row.id)->exec();
        }
        const auto before = tags.find(row.id);
        if ((before == tags.end() ? k_no_tags : before->second) !=
            std::set<std::string>(feed.tags.begin(), feed.tags.end())) {
            InUse(clear_tags).bind(row.id)->exec();
            for (const std::string& tag : feed.tags) InUse(insert_tag).bind(tag, row.id)->exec();
            done.is_visible = true;
        }
    }
    return done;
}

}  // namespace agg::store
