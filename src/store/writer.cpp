#include "store/writer.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <set>

#include <SQLiteCpp/SQLiteCpp.h>

#include "dedup/decide.hpp"
#include "dedup/fingerprint.hpp"
#include "store/columns.hpp"
#include "store/details.hpp"
#include "store/health_rows.hpp"
#include "store/host_rows.hpp"
#include "store/instance_lock.hpp"
#include "store/poll_rows.hpp"
#include "store/purge.hpp"
#include "store/schema.hpp"

namespace agg::store {

struct Writer::Impl {
    InstanceLock lock;
    SQLite::Database database;
    std::string uid;

    SQLite::Statement write_poll_row{prepare_write_poll(database)};
    SQLite::Statement find_known{database, "SELECT id, content FROM item WHERE feed_id = ? AND identity = ?"};
    SQLite::Statement find_elsewhere{
        database, "SELECT story_id, canonical_url FROM item WHERE url_key = ? AND feed_id <> ? LIMIT 64"};
    SQLite::Statement insert_story{database, "INSERT OR IGNORE INTO story (uid, sort_ms, changed_ms) VALUES (?, ?, ?)"};
    SQLite::Statement touch_story{database, "UPDATE story SET changed_ms = max(changed_ms, ?) WHERE id = ?"};
    SQLite::Statement story_of_item{database, "SELECT story_id FROM item WHERE id = ?"};
    SQLite::Statement insert_item{database, R"sql(
        INSERT INTO item (feed_id, story_id, rule, identity, url_key, content, first_seen_ms, guid, link, canonical_url, title,
            published_ms, published_repaired, updated_ms)
        VALUES (:feed_id, :story_id, :rule, :identity, :url_key, :content, :first_seen_ms, :guid, :link, :canonical_url,
            :title, :published_ms, :published_repaired, :updated_ms))sql"};
    // A repaired date stays the one of first sight.
    SQLite::Statement update_item{database, R"sql(
        UPDATE item SET url_key = :url_key, content = :content, guid = :guid, link = :link, canonical_url = :canonical_url,
            title = :title, updated_ms = :updated_ms,
            published_ms = iif(:published_repaired, published_ms, :published_ms), published_repaired = :published_repaired
        WHERE id = :id)sql"};
    SQLite::Statement put_body{
        database,
        "INSERT OR REPLACE INTO item_body (item_id, summary_html, content_html, details) VALUES (?, ?, ?, ?)"};
    SQLite::Statement update_info{database, R"sql(
        UPDATE feed SET format = ?1, title = ?2, subtitle = ?3, site = ?4, icon = ?5, language = ?6
        WHERE id = ?7 AND (format, title, subtitle, site, icon, language) IS NOT (?1, ?2, ?3, ?4, ?5, ?6))sql"};
    SQLite::Statement add_to_count{database, "UPDATE feed SET item_count = item_count + ? WHERE id = ?"};
    SQLite::Statement feed_context{
        database, "SELECT url, last_success_ms FROM feed LEFT JOIN poll ON poll.feed_id = feed.id WHERE feed.id = ?"};

    Impl(InstanceLock taken, const std::string& path)
        : lock(std::move(taken)), database(opened(path)), uid(meta("uid").getString()) {}

    // Opens and migrates before any statement above is prepared.
    static SQLite::Database opened(const std::string& path) {
        SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        prepare_connection(database);
        if (const auto done = migrate(database); !done) throw std::runtime_error(done.error().message);
        database.exec("PRAGMA journal_mode = WAL");
        database.exec("PRAGMA synchronous = NORMAL");
        return database;
    }

    SQLite::Column meta(const char* name) {
        return database.execAndGet(std::string("SELECT value FROM meta WHERE name = '") + name + "'");
    }

    std::uint64_t grow_generation(TimePoint now) {
        database.exec("UPDATE meta SET value = value + 1 WHERE name = 'generation'");
        database.exec("UPDATE meta SET value = " + std::to_string(to_unix_ms(now)) + " WHERE name = 'changed_ms'");
        return from_column(meta("generation").getInt64());
    }

    StoryId make_story(const std::string& feed_url, const KeyedItem& keyed, TimePoint sort) {
        // The name clashes when a feed's URL went to another subscription meanwhile: count on until it is free.
        for (int attempt = 0;; ++attempt) {
            std::string name = fmt::format("{}\n{:016x}", feed_url, keyed.keys.identity);
            if (attempt > 0) name += fmt::format("\n{}", attempt);
            InUse row(insert_story);
            row.bind(dedup::uuid_of(name), to_unix_ms(sort),
                     to_unix_ms(keyed.item.updated.value_or(keyed.item.published)));
            if (row->exec() > 0) return StoryId{database.getLastInsertRowid()};
        }
    }

    static void bind_item(SQLite::Statement& row, const KeyedItem& keyed) {
        const Item& item = keyed.item;
        row.bind(":url_key", to_column(keyed.keys.url));
        row.bind(":content", to_column(keyed.keys.content));
        row.bind(":guid", item.id);
        row.bind(":link", item.link);
        row.bind(":canonical_url", item.canonical_url);
        row.bind(":title", item.title);
        row.bind(":published_ms", to_unix_ms(item.published));
        row.bind(":published_repaired", item.published_repaired ? 1 : 0);
        bind_time(row, ":updated_ms", item.updated);
    }

    void write_body(ItemId id, const Item& item) {
        InUse(put_body).bind(to_column(id), item.summary_html, item.content_html, to_details(item))->exec();
    }

    void insert(const Poll& poll, const KeyedItem& keyed, StoryId story, dedup::Rule rule) {
        InUse row(insert_item);
        bind_item(*row, keyed);
        row->bind(":feed_id", to_column(poll.feed));
        row->bind(":story_id", to_column(story));
        row->bind(":rule", static_cast<int>(rule));
        row->bind(":identity", to_column(keyed.keys.identity));
        row->bind(":first_seen_ms", to_unix_ms(poll.now));
        row->exec();
        write_body(ItemId{database.getLastInsertRowid()}, keyed.item);
    }

    void touch(StoryId story, TimePoint now) { InUse(touch_story).bind(to_unix_ms(now), to_column(story))->exec(); }

    void revise(const Poll& poll, const KeyedItem& keyed, ItemId id) {
        InUse row(update_item);
        bind_item(*row, keyed);
        row->bind(":id", to_column(id));
        row->exec();
        write_body(id, keyed.item);
        InUse story(story_of_item);
        story.bind(to_column(id))->executeStep();
        touch(StoryId{story->getColumn(0).getInt64()}, poll.now);
    }

    dedup::Decision judge(FeedId feed, const KeyedItem& keyed) {
        std::optional<dedup::KnownItem> known;
        InUse same_feed(find_known);
        if (same_feed.bind(to_column(feed), to_column(keyed.keys.identity))->executeStep())
            known = {ItemId{same_feed->getColumn(0).getInt64()}, from_column(same_feed->getColumn(1).getInt64())};
        std::vector<dedup::ToldElsewhere> elsewhere;
        if (!known && keyed.keys.url != 0) {
            InUse others(find_elsewhere);
            others.bind(to_column(keyed.keys.url), to_column(feed));
            while (others->executeStep())
                elsewhere.push_back({StoryId{others->getColumn(0).getInt64()}, others->getColumn(1).getString()});
        }
        return dedup::decide(keyed.keys, keyed.item.canonical_url, known, elsewhere);
    }

    // The feed's URL, and the time before which its new items cannot have appeared: its last successful poll, if any.
    std::pair<std::string, std::optional<TimePoint>> context(FeedId feed) {
        InUse row(feed_context);
        if (!row.bind(to_column(feed))->executeStep()) throw std::logic_error("a poll of a feed that is not stored");
        return {row->getColumn(0).getString(), read_time(row->getColumn(1))};
    }

    bool is_stored(FeedId feed) { return InUse(feed_context).bind(to_column(feed))->executeStep(); }

    Ingest ingest(const Poll& poll) {
        Ingest done;
        const auto [feed_url, seen_until] = context(poll.feed);
        // Documents list the newest first: from the back, arrival numbers grow with time.
        for (auto keyed = poll.items.rbegin(); keyed != poll.items.rend(); ++keyed) {
            const dedup::Decision decision = judge(poll.feed, *keyed);
            switch (decision.kind) {
                case dedup::Kind::unchanged: ++done.unchanged; break;
                case dedup::Kind::revised:
                    revise(poll, *keyed, decision.item);
                    ++done.revised;
                    break;
                case dedup::Kind::same_story:
                    insert(poll, *keyed, decision.story, decision.rule);
                    touch(decision.story, poll.now);
                    ++done.same_story;
                    break;
                case dedup::Kind::fresh: {
                    // What the last poll did not bring appeared after it, whatever date it carries: placed below it, a
                    // reader that asks for the newest entries would never see it.
                    const TimePoint sort = std::max(keyed->item.published, seen_until.value_or(TimePoint::min()));
                    insert(poll, *keyed, make_story(feed_url, *keyed, sort), decision.rule);
                    ++done.fresh;
                    break;
                }
            }
        }
        return done;
    }

    bool write_info(FeedId feed, const FeedInfo& info) {
        InUse row(update_info);
        row.bind(static_cast<int>(info.format), info.title, info.subtitle, info.site, info.icon, info.language,
                 to_column(feed));
        return row->exec() > 0;
    }
};

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

Result<Writer> Writer::open(const std::string& path) {
    std::error_code failure;
    const auto folder = std::filesystem::path(path).parent_path();
    std::filesystem::create_directories(folder, failure);
    if (failure)
        return fail(ErrorKind::storage, "cannot make the folder {} for the database: {}", folder.string(),
                    failure.message());
    auto lock = InstanceLock::take(path);
    if (!lock) return tl::unexpected(lock.error());
    try {
        Writer writer(std::make_unique<Impl>(std::move(*lock), path));
        ::chmod(path.c_str(), 0600);
        return writer;
    } catch (const std::exception& problem) {
        return fail(ErrorKind::storage, "cannot use the database {}: {}", path, problem.what());
    }
}

const std::string& Writer::uid() const { return impl_->uid; }

std::uint64_t Writer::generation() { return from_column(impl_->meta("generation").getInt64()); }

Commit Writer::commit(const std::vector<Poll>& polls) {
    Commit done;
    bool visible = false;
    SQLite::Transaction transaction(impl_->database, SQLite::TransactionBehavior::IMMEDIATE);
    for (const Poll& poll : polls) {
        if (!impl_->is_stored(poll.feed) || (poll.url && *poll.url != impl_->context(poll.feed).first)) {
            done.polls.emplace_back();
            continue;
        }
        Ingest ingest = impl_->ingest(poll);
        const std::uint64_t added = ingest.fresh + ingest.same_story;
        if (added > 0) InUse(impl_->add_to_count).bind(to_column(added), to_column(poll.feed))->exec();
        const bool info_changed = poll.info && impl_->write_info(poll.feed, *poll.info);
        PollState state = poll.state;
        state.last_new_items = added;
        write_poll(impl_->write_poll_row, poll.feed, state);
        if (poll.host) write_host(impl_->database, *poll.host);
        for (const HealthEvent& event : poll.events) add_health_event(impl_->database, event);
        visible = visible || info_changed || added > 0 || ingest.revised > 0;
        done.polls.push_back(ingest);
    }
    done.generation = visible ? impl_->grow_generation(polls.back().now) : generation();
    transaction.commit();
    return done;
}

std::uint64_t Writer::purge(FeedId feed, TimePoint now) {
    SQLite::Transaction transaction(impl_->database, SQLite::TransactionBehavior::IMMEDIATE);
    const std::uint64_t gone = purge_feed(impl_->database, feed, now);
    if (gone > 0) impl_->grow_generation(now);
    transaction.commit();
    return gone;
}

std::vector<HostState> Writer::hosts() { return read_hosts(impl_->database); }

std::vector<StoredFeed> Writer::subscribe(const std::vector<Feed>& feeds, TimePoint now) {
    SQLite::Database& database = impl_->database;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const auto find = [&](const char* condition, const std::string& value,
                          const std::set<std::int64_t>& taken) -> std::int64_t {
        SQLite::Statement rows(
            database, std::string("SELECT id FROM feed WHERE ") + condition + " ORDER BY subscribed DESC, id DESC");
        rows.bind(1, value);
        while (rows.executeStep())
            if (!taken.contains(rows.getColumn(0).getInt64())) return rows.getColumn(0).getInt64();
        return 0;
    };
    // Names first: a name that stays wins over a URL that wandered. A name that was given up means nothing.
    std::set<std::int64_t> taken;
    std::vector<std::int64_t> ids;
    for (const Feed& feed : feeds) {
        ids.push_back(find("subscribed AND name = ?", feed.name, taken));
        if (ids.back() != 0) taken.insert(ids.back());
    }
    for (std::size_t i = 0; i < feeds.size(); ++i) {
        if (ids[i] != 0) continue;
        ids[i] = find("url = ?", feeds[i].url, taken);
        if (ids[i] != 0) taken.insert(ids[i]);
    }

    bool visible = database.execAndGet("SELECT count(*) FROM feed WHERE subscribed").getInt64() !=
                   static_cast<std::int64_t>(taken.size());
    database.exec("UPDATE feed SET subscribed = 0");
    std::vector<StoredFeed> stored;
    for (std::size_t i = 0; i < feeds.size(); ++i) {
        if (ids[i] == 0) {
            SQLite::Statement insert(database, "INSERT INTO feed (name, url, subscribed) VALUES (?, ?, 0)");
            insert.bind(1, feeds[i].name);
            insert.bind(2, feeds[i].url);
            insert.exec();
            ids[i] = database.getLastInsertRowid();
        }
        const FeedId id{ids[i]};
        SQLite::Statement row(database, "SELECT * FROM feed WHERE id = ?");
        row.bind(1, ids[i]);
        row.executeStep();
        StoredFeed one{.id = id,
                       .poll = read_poll(database, id),
                       .info = {},
                       .items = from_column(row.getColumn("item_count").getInt64())};
        one.info = {.format = static_cast<Format>(row.getColumn("format").getInt()),
                    .title = row.getColumn("title").getString(),
                    .subtitle = row.getColumn("subtitle").getString(),
                    .site = row.getColumn("site").getString(),
                    .icon = row.getColumn("icon").getString(),
                    .language = row.getColumn("language").getString()};
        if (row.getColumn("url").getString() != feeds[i].url) {
            const bool follows_the_move = one.poll.move && one.poll.move->url == feeds[i].url;
            if (!follows_the_move) one.poll = PollState{};
            one.poll.move.reset();
            write_poll(impl_->write_poll_row, id, one.poll);
        }
        visible = visible || row.getColumn("name").getString() != feeds[i].name ||
                  row.getColumn("user_title").getString() != feeds[i].title;
        SQLite::Statement update(database,
                                 "UPDATE feed SET name = ?, url = ?, user_title = ?, subscribed = 1 WHERE id = ?");
        update.bind(1, feeds[i].name);
        update.bind(2, feeds[i].url);
        update.bind(3, feeds[i].title);
        update.bind(4, ids[i]);
        update.exec();
        stored.push_back(std::move(one));
    }
    if (visible) impl_->grow_generation(now);
    transaction.commit();
    return stored;
}

}  // namespace agg::store
