#include "store/reader.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/details.hpp"
#include "store/schema.hpp"

namespace agg::store {
namespace {

// Ends a reading transaction however the scope is left.
class Snapshot {
  public:
    explicit Snapshot(SQLite::Database& database) : database_(database) { database_.exec("BEGIN"); }
    ~Snapshot() { database_.tryExec("COMMIT"); }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

  private:
    SQLite::Database& database_;
};

SQLite::Database open_read_only(const std::string& path) {
    SQLite::Database database(path, SQLite::OPEN_READONLY);
    prepare_connection(database);
    return database;
}

}  // namespace

struct Reader::Impl {
    SQLite::Database database;
    SQLite::Statement read_meta{database, "SELECT value FROM meta WHERE name = ?"};
    SQLite::Statement newest_stories{database,
                                     "SELECT id, uid, changed_ms FROM story ORDER BY sort_ms DESC, id DESC LIMIT ?"};
    SQLite::Statement members{database, R"sql(
        SELECT item.id, feed.name, coalesce(nullif(feed.user_title, ''), nullif(feed.title, ''), feed.name), feed.url, feed.site,
            guid, link, canonical_url, item.title, published_ms, published_repaired, updated_ms,
            summary_html, content_html, details
        FROM item JOIN feed ON feed.id = item.feed_id JOIN item_body ON item_body.item_id = item.id
        WHERE story_id = ? ORDER BY published_ms, item.id)sql"};
    SQLite::Statement read_totals{database, R"sql(
        SELECT (SELECT count(*) FROM feed WHERE subscribed), (SELECT coalesce(sum(item_count), 0) FROM feed),
            (SELECT count(*) FROM story))sql"};

    explicit Impl(const std::string& path) : database(open_read_only(path)) {}

    std::int64_t meta(const std::string& name) {
        InUse row(read_meta);
        row.bind(name)->executeStep();
        return row->getColumn(0).getInt64();
    }

    std::vector<Member> members_of(StoryId story) {
        std::vector<Member> all;
        InUse row(members);
        row.bind(to_column(story));
        while (row->executeStep()) {
            Member member;
            member.id = ItemId{row->getColumn(0).getInt64()};
            member.feed_name = row->getColumn(1).getString();
            member.feed_title = row->getColumn(2).getString();
            member.feed_url = row->getColumn(3).getString();
            member.feed_site = row->getColumn(4).getString();
            member.item.id = row->getColumn(5).getString();
            member.item.link = row->getColumn(6).getString();
            member.item.canonical_url = row->getColumn(7).getString();
            member.item.title = row->getColumn(8).getString();
            member.item.published = from_unix_ms(row->getColumn(9).getInt64());
            member.item.published_repaired = row->getColumn(10).getInt() != 0;
            member.item.updated = read_time(row->getColumn(11));
            member.item.summary_html = row->getColumn(12).getString();
            member.item.content_html = row->getColumn(13).getString();
            from_details(row->getColumn(14).getString(), member.item);
            all.push_back(std::move(member));
        }
        return all;
    }
};

Reader::Reader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Page Reader::newest(std::size_t limit) {
    const Snapshot snapshot(impl_->database);
    Page page;
    page.generation = from_column(impl_->meta("generation"));
    page.changed_at = from_unix_ms(impl_->meta("changed_ms"));
    InUse rows(impl_->newest_stories);
    rows.bind(static_cast<std::int64_t>(limit));
    while (rows->executeStep()) {
        Story story{.id = StoryId{rows->getColumn(0).getInt64()},
                    .uid = rows->getColumn(1).getString(),
                    .changed_at = from_unix_ms(rows->getColumn(2).getInt64()),
                    .members = {}};
        story.members = impl_->members_of(story.id);
        page.stories.push_back(std::move(story));
    }
    return page;
}

std::uint64_t Reader::generation() { return from_column(impl_->meta("generation")); }

std::vector<StoredHealthEvent> Reader::health_events(std::size_t limit) {
    return read_health_events(impl_->database, limit);
}

Totals Reader::totals() {
    InUse row(impl_->read_totals);
    row->executeStep();
    return {from_column(row->getColumn(0).getInt64()), from_column(row->getColumn(1).getInt64()),
            from_column(row->getColumn(2).getInt64())};
}

}  // namespace agg::store
