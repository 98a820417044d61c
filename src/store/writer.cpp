#include "store/writer.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "store/columns.hpp"
#include "store/connection.hpp"
#include "store/health_rows.hpp"
#include "store/host_rows.hpp"
#include "store/ingest.hpp"
#include "store/instance_lock.hpp"
#include "store/poll_rows.hpp"
#include "store/retention.hpp"
#include "store/rulings.hpp"
#include "store/schema.hpp"
#include "store/stories.hpp"
#include "store/subscribe.hpp"
#include "store/trouble.hpp"

namespace agg::store {
namespace {

constexpr int k_page_cache_kib = 16 * 1024;    // what a transaction of a busy moment changes
constexpr int k_log_pages = 4'000;             // until what is in the log goes into the database
constexpr std::size_t k_tidied_at_once = 500;  // items or stories: a commit waits for a tenth of a second at most

}  // namespace

struct Writer::Impl {
    InstanceLock lock;
    SQLite::Database database;
    std::string uid;

    SQLite::Statement read_meta{database, "SELECT value FROM meta WHERE name = ?"};
    SQLite::Statement write_poll_row{prepare_write_poll(database)};
    SQLite::Statement read_today{database, "SELECT today FROM poll WHERE feed_id = ?"};
    SQLite::Statement add_to_day{prepare_count_poll(database)};
    SQLite::Statement update_info{database, R"sql(
        UPDATE feed SET format = ?1, title = ?2, subtitle = ?3, site = ?4, icon = ?5, language = ?6
        WHERE id = ?7 AND (format, title, subtitle, site, icon, language) IS NOT (?1, ?2, ?3, ?4, ?5, ?6))sql"};
    SQLite::Statement add_to_count{database, "UPDATE feed SET item_count = item_count + ? WHERE id = ?"};
    SQLite::Statement feed_url{database, "SELECT url FROM feed WHERE id = ?"};
    RuleBook book{database};
    Rulings rulings{database};
    Ingester ingester{database, book, database.getFilename() + "-anchors"};
    std::vector<Rule> rules;       // in force
    bool memory_is_stale = false;  // a transaction failed after something of it was taken up in memory

    Impl(InstanceLock taken, const std::string& path)
        : lock(std::move(taken)),
          database(opened(path)),
          uid(database.execAndGet("SELECT value FROM meta WHERE name = 'uid'").getString()) {}

    // Opens and migrates before any statement above is prepared.
    static SQLite::Database opened(const std::string& path) {
        SQLite::Database database = open_connection(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        if (const auto done = migrate(database); !done) throw std::runtime_error(done.error().message);
        database.exec("PRAGMA journal_mode = WAL");
        database.exec("PRAGMA synchronous = NORMAL");
        // Statements with triggers keep a journal of their own: a file otherwise.
        database.exec("PRAGMA temp_store = MEMORY");
        // Debian's SQLite writes zeros over all that goes, which the full-text index does all the time.
        database.exec("PRAGMA secure_delete = OFF");
        database.exec(fmt::format("PRAGMA cache_size = -{}", k_page_cache_kib));
        database.exec(fmt::format("PRAGMA wal_autocheckpoint = {}", k_log_pages));
        return database;
    }

    std::uint64_t meta(const char* name) {
        InUse row(read_meta);
        row.bind(name)->executeStep();
        return from_column(row->getColumn(0).getInt64());
    }

    std::uint64_t grow_generation(TimePoint now) {
        database.exec("UPDATE meta SET value = value + 1 WHERE name = 'generation'");
        database.exec("UPDATE meta SET value = " + std::to_string(to_unix_ms(now)) + " WHERE name = 'changed_ms'");
        return meta("generation");
    }

    // Absent when the feed was purged.
    std::optional<std::string> url_of(FeedId feed) {
        InUse row(feed_url);
        if (!row.bind(to_column(feed))->executeStep()) return std::nullopt;
        return row->getColumn(0).getString();
    }

    bool write_info(FeedId feed, const FeedInfo& info) {
        InUse row(update_info);
        row.bind(static_cast<int>(info.format), info.title, info.subtitle, info.site, info.icon, info.language,
                 to_column(feed));
        return row->exec() > 0;
    }

    // What the feed's polls of today are with these; those of an earlier day leave its row for poll_day.
    PolledDay with_polls_of_today(FeedId feed, TimePoint now, const PollCounts& counts) {
        PolledDay today;
        {
            InUse row(read_today);
            if (row.bind(to_column(feed))->executeStep()) today = polled_day_from(row->getColumn(0).getString());
        }
        if (today.day != day_number(now)) {
            if (today.counts.polls > 0) count_poll(add_to_day, feed, beginning_of(today.day), today.counts);
            today = {.day = day_number(now), .counts = {}};
        }
        add(today.counts, counts);
        return today;
    }

    // To be written to.
    SQLite::Database& in_place() {
        check_in_place(database);
        return database;
    }

    // Runs `work` in a transaction, which is undone when it throws or fails.
    template <typename Work>
    auto change(Work work) {
        check_in_place(database);
        if (memory_is_stale) {
            book.use(rules);
            ingester.reload();
            memory_is_stale = false;
        }
        try {
            SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
            auto done = work();
            if (done) transaction.commit();
            return done;
        } catch (...) {
            // Not made good here: what the transaction failed of may keep the database from being read.
            memory_is_stale = true;
            throw;
        }
    }

    Commit commit(const std::vector<Poll>& polls) {
        Commit done;
        bool visible = false;
        for (const Poll& poll : polls) {
            const auto url = url_of(poll.feed);
            if (!url || (poll.url && *poll.url != *url)) {
                done.polls.emplace_back();
                continue;
            }
            Ingest ingest = ingester.store(poll);
            const std::uint64_t added = ingest.fresh + ingest.same_story;
            if (added > 0) InUse(add_to_count).bind(to_column(added), to_column(poll.feed))->exec();
            const bool info_changed = poll.info && write_info(poll.feed, *poll.info);
            PollState state = poll.state;
            state.last_new_items = added;
            std::optional<std::string> today;
            if (poll.counts) today = to_text(with_polls_of_today(poll.feed, poll.now, *poll.counts));
            write_poll(write_poll_row, poll.feed, state, today);
            if (poll.host) write_host(database, *poll.host);
            for (const HealthEvent& event : poll.events) add_health_event(database, event);
            visible = visible || info_changed || added > 0 || ingest.revised > 0;
            done.polls.push_back(ingest);
        }
        done.generation = visible ? grow_generation(polls.back().now) : meta("generation");
        return done;
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
        if (const auto trouble = trouble_of(problem, path)) return fail(ErrorKind::storage, "{}", trouble->what());
        return fail(ErrorKind::storage, "cannot use the database {}: {}", path, problem.what());
    }
}

const std::string& Writer::uid() const { return impl_->uid; }
const std::string& Writer::path() const { return impl_->database.getFilename(); }

std::uint64_t Writer::generation() { return impl_->meta("generation"); }

Marked Writer::mark(const MarkRequest& request) { return apply_mark(impl_->in_place(), request); }
Marked Writer::tag(const TagRequest& request) { return apply_tag(impl_->in_place(), request); }
Marked Writer::rename_tag(const std::string& from, const std::string& to) {
    return store::rename_tag(impl_->in_place(), from, to);
}
std::optional<Account> Writer::account() { return read_account(impl_->database); }
void Writer::set_account(const std::optional<Account>& account) { write_account(impl_->in_place(), account); }
Indexed Writer::index_pending(std::size_t limit) { return store::index_pending(impl_->database, limit); }

Commit Writer::commit(const std::vector<Poll>& polls) {
    return *impl_->change([&]() -> Result<Commit> { return impl_->commit(polls); });
}

Result<std::uint64_t> Writer::split(ItemId item, TimePoint now) {
    return impl_->change([&]() -> Result<std::uint64_t> {
        const auto story = store::split(impl_->database, impl_->ingester, item, now);
        if (!story) return tl::unexpected(story.error());
        return impl_->grow_generation(now);
    });
}

Result<std::uint64_t> Writer::merge(ItemId a, ItemId b, TimePoint now) {
    return impl_->change([&]() -> Result<std::uint64_t> {
        const auto story = store::merge(impl_->database, impl_->ingester, a, b, now);
        if (!story) return tl::unexpected(story.error());
        return impl_->grow_generation(now);
    });
}

Result<std::uint64_t> Writer::undo_heal(FeedId feed, TimePoint now) {
    return impl_->change([&]() -> Result<std::uint64_t> {
        const auto items = Healer(impl_->database).undo(feed, now);
        if (!items) return fail(ErrorKind::conflict, "No ids of this feed are healed: there is nothing to take back.");
        impl_->ingester.changed(*items);
        return items->size();
    });
}

std::uint64_t Writer::purge(const std::vector<ItemId>& items, TimePoint now) {
    return *impl_->change([&]() -> Result<std::uint64_t> {
        const std::uint64_t purged = store::purge(impl_->database, impl_->ingester, items, now);
        if (purged > 0) impl_->grow_generation(now);
        return purged;
    });
}

std::uint64_t Writer::purge_feed(FeedId feed, TimePoint now) {
    return *impl_->change([&]() -> Result<std::uint64_t> {
        const std::uint64_t purged = store::purge_feed(impl_->database, impl_->ingester, feed, now);
        if (purged > 0) impl_->grow_generation(now);
        return purged;
    });
}

Tidied Writer::tidy(TimePoint now) {
    Tidied done;
    std::vector<ItemId> items;
    for (const ExpiredItem& expired : expired_items(impl_->database, now, k_tidied_at_once)) {
        items.push_back(expired.item);
        ++done.gone[expired.feed];
    }
    if (!items.empty()) purge(items, now);
    done.more = !items.empty() || forget_old_day(impl_->database, now) ||
                renew_index(impl_->database, k_tidied_at_once) || give_back_room(impl_->database);
    if (!done.more) note_size(impl_->database, now);
    done.generation = generation();
    return done;
}

void Writer::rest() {
    impl_->database.exec("PRAGMA shrink_memory");
    if (!impl_->memory_is_stale) impl_->ingester.rest();
}

RuledBatch Writer::rule_on_waiting(std::size_t limit, TimePoint now) {
    return *impl_->change([&]() -> Result<RuledBatch> {
        const Ruled ruled = store::rule_on_waiting(impl_->database, impl_->book, impl_->rulings, limit);
        if (ruled.is_visible) impl_->grow_generation(now);
        return RuledBatch{ruled.items, impl_->meta("generation"), impl_->meta("marks")};
    });
}

std::vector<HostState> Writer::hosts() { return read_hosts(impl_->database); }

std::vector<StoredFeed> Writer::subscribe(const std::vector<Feed>& feeds, TimePoint now,
                                          const std::vector<Rule>& rules) {
    auto stored = impl_->change([&]() -> Result<std::vector<StoredFeed>> {
        Subscribed subscribed = store::subscribe(impl_->database, impl_->write_poll_row, feeds);
        if (subscribed.is_visible) impl_->grow_generation(now);
        impl_->book.use(rules);
        await_rulings(impl_->database, impl_->book);
        return std::move(subscribed.feeds);
    });
    impl_->rules = rules;
    return std::move(*stored);
}

}  // namespace agg::store
