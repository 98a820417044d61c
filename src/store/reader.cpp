#include "store/reader.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "dedup/fingerprint.hpp"
#include "store/columns.hpp"
#include "store/connection.hpp"
#include "store/details.hpp"
#include "store/packed_text.hpp"

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

}  // namespace

struct Reader::Impl {
    SQLite::Database database;
    SQLite::Statement read_meta{database, "SELECT value FROM meta WHERE name = ?"};
    SQLite::Statement read_story{database, R"sql(
        SELECT uid, changed_ms, is_read, is_starred, is_hidden, (SELECT min(id) FROM item WHERE story_id = story.id),
            sort_ms
        FROM story WHERE id = ?)sql"};
    SQLite::Statement read_tags{database, "SELECT tag FROM story_tag WHERE story_id = ? ORDER BY tag"};
    SQLite::Statement members{database, R"sql(
        SELECT item.id, feed.id, first_seen_ms, feed.name,
            coalesce(nullif(feed.user_title, ''), nullif(feed.title, ''), feed.name), feed.url, feed.site,
            guid, link, canonical_url, item.title, published_ms, published_repaired, updated_ms, content
        FROM item JOIN feed ON feed.id = item.feed_id WHERE story_id = ? AND is_dropped = ?
        ORDER BY feed.preference = 0, feed.preference, published_ms, item.id)sql"};
    SQLite::Statement read_body{database,
                                "SELECT summary_html, content_html, details FROM item_body WHERE item_id = ?"};
    SQLite::Statement read_totals{database, R"sql(
        SELECT (SELECT count(*) FROM feed WHERE subscribed), (SELECT coalesce(sum(item_count), 0) FROM feed),
            (SELECT count(*) FROM story), (SELECT count(*) FROM story WHERE is_hidden = 1))sql"};

    explicit Impl(const std::string& path) : database(open_connection(path, SQLite::OPEN_READONLY)) {}

    std::int64_t meta(const std::string& name) {
        InUse row(read_meta);
        row.bind(name)->executeStep();
        return row->getColumn(0).getInt64();
    }

    // The story without the bodies of its items; absent when there is none.
    std::optional<Story> outline(StoryId id) {
        InUse row(read_story);
        if (!row.bind(to_column(id))->executeStep()) return std::nullopt;
        Story story{.id = id,
                    .uid = read_urn(row->getColumn(0)),
                    .changed_at = from_unix_ms(row->getColumn(1).getInt64()),
                    .place = from_unix_ms(row->getColumn(6).getInt64()),
                    .is_read = row->getColumn(2).getInt() != 0,
                    .is_starred = row->getColumn(3).getInt() != 0,
                    .is_hidden = row->getColumn(4).getInt() != 0,
                    .tags = {},
                    .first = ItemId{row->getColumn(5).getInt64()},
                    .members = {}};
        InUse tag(read_tags);
        tag.bind(to_column(id));
        while (tag->executeStep()) story.tags.push_back(tag->getColumn(0).getString());
        add_members(story);
        if (story.members.empty()) return std::nullopt;
        return story;
    }

    void add_members(Story& story) {
        std::string shown = fmt::format("{} {}", story.uid, to_unix_ms(story.changed_at));
        InUse row(members);
        row.bind(to_column(story.id), story.is_hidden ? 1 : 0);
        while (row->executeStep()) {
            Member member;
            member.id = ItemId{row->getColumn(0).getInt64()};
            member.feed = FeedId{row->getColumn(1).getInt64()};
            member.arrived = from_unix_ms(row->getColumn(2).getInt64());
            member.feed_name = row->getColumn(3).getString();
            member.feed_title = row->getColumn(4).getString();
            member.feed_url = row->getColumn(5).getString();
            member.feed_site = row->getColumn(6).getString();
            member.item.id = row->getColumn(7).getString();
            member.item.link = row->getColumn(8).getString();
            member.item.canonical_url = row->getColumn(9).getString();
            member.item.title = row->getColumn(10).getString();
            member.item.published = from_unix_ms(row->getColumn(11).getInt64());
            member.item.published_repaired = row->getColumn(12).getInt() != 0;
            member.item.updated = read_time(row->getColumn(13));
            shown += fmt::format("\n{} {} {}\n{}\n{}\n{}", to_column(member.id), row->getColumn(14).getInt64(),
                                 member.feed_name, member.feed_title, member.feed_url, member.feed_site);
            story.members.push_back(std::move(member));
        }
        story.fingerprint = dedup::fingerprint(shown);
    }

    void add_bodies(Story& story) {
        for (Member& member : story.members) {
            InUse row(read_body);
            if (!row.bind(to_column(member.id))->executeStep()) continue;
            member.item.summary_html = read_packed(row->getColumn(0));
            member.item.content_html = read_packed(row->getColumn(1));
            from_details(read_packed(row->getColumn(2)), member.item);
        }
    }

    Page begin_page() {
        Page page;
        page.generation = from_column(meta("generation"));
        page.marks = from_column(meta("marks"));
        page.changed_at = from_unix_ms(meta("changed_ms"));
        return page;
    }

    // Bodies into the stories, or nothing when the caller has them as they are.
    void complete(Page& page, std::uint64_t known) {
        std::string all = "page";
        for (const Story& story : page.stories) all += fmt::format(" {:x}", story.fingerprint);
        page.fingerprint = dedup::fingerprint(all);
        if (page.fingerprint == known)
            page.stories.clear();
        else
            for (Story& story : page.stories) add_bodies(story);
    }
};

Reader::Reader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Page Reader::page(const Selection& selection, std::uint64_t known) {
    const Snapshot snapshot(impl_->database);
    Page page = impl_->begin_page();
    Selection one_more = selection;
    ++one_more.limit;
    std::vector<Selected> selected = select_stories(impl_->database, one_more);
    if (selected.size() > selection.limit) {
        selected.pop_back();
        if (!selected.empty()) page.next = selected.back().position;
    }
    for (const Selected& each : selected)
        if (auto story = impl_->outline(each.story)) page.stories.push_back(std::move(*story));
    impl_->complete(page, known);
    return page;
}

Page Reader::newest(std::size_t limit) { return page({.limit = limit}); }

Page Reader::stories(const std::vector<StoryId>& ids, Bodies bodies) {
    const Snapshot snapshot(impl_->database);
    Page page = impl_->begin_page();
    for (const StoryId id : ids)
        if (auto story = impl_->outline(id); story && !story->is_hidden) page.stories.push_back(std::move(*story));
    if (bodies == Bodies::yes) impl_->complete(page, 0);
    return page;
}

std::optional<Story> Reader::story(StoryId id) {
    const Snapshot snapshot(impl_->database);
    auto story = impl_->outline(id);
    if (story) impl_->add_bodies(*story);
    return story;
}

Arrivals Reader::arrivals(const Query& query, StoryId after, std::size_t limit, TimePoint now) {
    const Snapshot snapshot(impl_->database);
    return select_arrivals(impl_->database, query, after, limit, now);
}

StoryId Reader::place_before_last(const Query& query, std::size_t count, TimePoint now) {
    const Snapshot snapshot(impl_->database);
    return store::place_before_last(impl_->database, query, count, now);
}

StoryId Reader::newest_story() { return store::newest_story(impl_->database); }

std::vector<StoryId> Reader::stream(const StreamRequest& request) {
    const Snapshot snapshot(impl_->database);
    return select_stream(impl_->database, request);
}

std::vector<FeedCount> Reader::count_unread() {
    const Snapshot snapshot(impl_->database);
    return store::count_unread(impl_->database);
}

std::vector<std::string> Reader::story_tags() { return store::story_tags(impl_->database); }

Result<FoundItem> Reader::find_item(std::string_view text, std::string_view canonical_url) {
    const Snapshot snapshot(impl_->database);
    return store::find_item(impl_->database, text, canonical_url);
}

std::uint64_t Reader::generation() { return from_column(impl_->meta("generation")); }

std::optional<Origin> Reader::origin_of(ItemId item) { return store::origin_of(impl_->database, item); }
std::vector<DatedVersion> Reader::versions_of(ItemId item) { return store::versions_of(impl_->database, item); }
std::vector<Change> Reader::changes_of(ItemId item) { return store::changes_of(impl_->database, item); }
DedupStats Reader::dedup_stats() { return store::dedup_stats(impl_->database); }

Statistics Reader::statistics(TimePoint now) {
    const Snapshot snapshot(impl_->database);
    return store::statistics(impl_->database, now);
}

std::vector<OutletDays> Reader::outlet_days(TimePoint now) {
    const Snapshot snapshot(impl_->database);
    return store::outlet_days(impl_->database, now);
}

std::vector<PollDays> Reader::poll_days(TimePoint now) { return store::poll_days(impl_->database, now); }

std::vector<RuleHits> Reader::rule_hits() { return count_hits(impl_->database); }
TrialOutcome Reader::try_rule(const Trial& trial) {
    const Snapshot snapshot(impl_->database);
    return store::try_rule(impl_->database, trial);
}

std::vector<StoredHealthEvent> Reader::health_events(std::size_t limit) {
    return read_health_events(impl_->database, limit);
}

std::uint64_t Reader::marks() { return from_column(impl_->meta("marks")); }

Space Reader::space(std::size_t feeds) { return measure_space(impl_->database, feeds); }
std::uint64_t Reader::stories_to_index() {
    return from_column(impl_->database.execAndGet("SELECT count(*) FROM search_pending").getInt64());
}

Totals Reader::totals() {
    InUse row(impl_->read_totals);
    row->executeStep();
    return {from_column(row->getColumn(0).getInt64()), from_column(row->getColumn(1).getInt64()),
            from_column(row->getColumn(2).getInt64()), from_column(row->getColumn(3).getInt64()),
            count_unruled(impl_->database)};
}

}  // namespace agg::store
