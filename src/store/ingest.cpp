#include "store/ingest.hpp"

#include <algorithm>
#include <array>

#include "dedup/fingerprint.hpp"
#include "store/columns.hpp"
#include "store/evidence_rows.hpp"
#include "store/packed_text.hpp"
#include "store/revisions.hpp"
#include "store/stories.hpp"

namespace agg::store {
namespace {

constexpr int k_max_revisions = 20;                      // of one item
constexpr std::chrono::hours k_tombstone_grace{7 * 24};  // some feeds serve an older document now and then
constexpr double k_worth_a_look = 0.35;  // containment from which a refused candidate is kept for people

bool same_words(const dedup::Words& a, const dedup::Words& b) {
    return std::equal(a.all.begin(), a.all.end(), b.all.begin(), b.all.end(),
                      [](const dedup::Word& x, const dedup::Word& y) { return x.hash == y.hash; });
}

// What a revision changes: the parameters 1 to 11. (By name, each would be looked for among all.)
void bind_item(InUse& row, const dedup::KeyedItem& keyed) {
    const Item& item = keyed.item;
    row.bind(to_column(keyed.keys.url), to_column(keyed.keys.guid), to_column(keyed.keys.page),
             to_column(keyed.keys.content), item.id, item.link, item.canonical_url, item.title,
             to_unix_ms(item.published), item.published_repaired ? 1 : 0, item.updated);
}

}  // namespace

Ingester::Ingester(SQLite::Database& database, RuleBook& book, std::string anchor_file)
    : database_(database),
      key_index_(database),
      archive_(database, key_index_),
      anchors_(database, std::move(anchor_file)),
      healer_(database),
      book_(book),
      rulings_(database),
      insert_story_(database, "INSERT OR IGNORE INTO story (uid, sort_ms, changed_ms) VALUES (?, ?, ?)"),
      touch_story_(database, "UPDATE story SET changed_ms = max(changed_ms, ?) WHERE id = ?"),
      insert_item_(database, R"sql(
        INSERT INTO item (url_key, guid_key, page_key, content, guid, link, canonical_url, title, published_ms,
            published_repaired, updated_ms, feed_id, story_id, rule, identity, first_seen_ms, is_dropped)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"),
      // A repaired date stays the one of first sight.
      update_item_(database, R"sql(
        UPDATE item SET url_key = ?1, guid_key = ?2, page_key = ?3, content = ?4, guid = ?5, link = ?6,
            canonical_url = ?7, title = ?8, published_ms = iif(?10, published_ms, ?9), published_repaired = ?10,
            updated_ms = ?11
        WHERE id = ?12)sql"),
      same_keys_(database, "SELECT 1 FROM item WHERE id = ? AND url_key = ? AND guid_key = ? AND page_key = ?"),
      put_body_(database,
                "INSERT OR REPLACE INTO item_body (item_id, summary_html, content_html, details) VALUES (?, ?, ?, ?)"),
      put_decision_(
          database,
          "INSERT OR REPLACE INTO decision (item_id, rule, other_id, at_ms, evidence) VALUES (?, ?, ?, ?, ?)"),
      put_near_miss_(
          database,
          "INSERT OR REPLACE INTO near_miss (item_id, guard, other_id, at_ms, evidence) VALUES (?, ?, ?, ?, ?)"),
      read_version_(database, R"sql(
        SELECT title, link, summary_html, content_html FROM item JOIN item_body ON item_id = item.id WHERE item.id = ?)sql"),
      put_revision_(database, "INSERT INTO revision (item_id, until_ms, difference) VALUES (?, ?, ?)"),
      drop_revisions_(database, R"sql(
        DELETE FROM revision WHERE item_id = ?1
            AND id <= (SELECT id FROM revision WHERE item_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2))sql"),
      feed_context_(database, R"sql(
        SELECT url, last_success_ms, dedup, ids_distrusted, id_distrust, revisions, EXISTS (SELECT 1 FROM tombstone WHERE feed_id = feed.id)
        FROM feed LEFT JOIN poll ON poll.feed_id = feed.id WHERE feed.id = ?)sql"),
      see_tombstone_(database, "UPDATE tombstone SET seen_ms = ? WHERE feed_id = ? AND identity = ?"),
      make_unread_(database, "UPDATE story SET is_read = 0, read_by = 0 WHERE id = ? AND is_read = 1"),
      put_trust_(database, "UPDATE feed SET id_distrust = ?, ids_distrusted = ? WHERE id = ?"),
      move_story_(database, "UPDATE story SET sort_ms = ?1 WHERE id = ?2 AND sort_ms < ?1"),
      move_tags_(database, "UPDATE story_tag SET sort_ms = ?1 WHERE story_id = ?2 AND sort_ms < ?1") {}

void Ingester::load() {
    if (is_loaded_) return;
    key_index_.reload();
    archive_.forget_all();
    anchors_.load();
    is_loaded_ = true;
}

void Ingester::recent_items_went() {
    anchors_.items_went();
    is_loaded_ = false;
}

void Ingester::rest() {
    archive_.forget_all();
    if (is_loaded_) anchors_.rest();
}

Ingester::Context Ingester::context(FeedId feed) {
    InUse row(feed_context_);
    if (!row.bind(to_column(feed))->executeStep()) throw std::logic_error("a poll of a feed that is not stored");
    return {.url = row->getColumn(0).getString(),
            .seen_until = read_time(row->getColumn(1)),
            .policy = {.scope = static_cast<Dedup>(row->getColumn(2).getInt()),
                       .ids_distrusted = row->getColumn(3).getInt() != 0},
            .trust = {.distrust = row->getColumn(4).getInt(), .distrusted = row->getColumn(3).getInt() != 0},
            .revisions = static_cast<Revisions>(row->getColumn(5).getInt()),
            .has_tombstones = row->getColumn(6).getInt() != 0};
}

StoryId Ingester::make_story(const StoryName& name, TimePoint sort, TimePoint changed) {
    // The name clashes when a feed's URL went to another subscription meanwhile: count on until it is free.
    for (int attempt = 0;; ++attempt) {
        std::string text = fmt::format("{}\n{:016x}", name.feed_url, name.identity);
        if (attempt > 0) text += fmt::format("\n{}", attempt);
        InUse row(insert_story_);
        bind_uuid(*row, 1, dedup::uuid_of(text, name.published));
        row->bind(2, to_unix_ms(sort));
        row->bind(3, to_unix_ms(changed));
        if (row->exec() > 0) return StoryId{database_.getLastInsertRowid()};
    }
}

Ingest Ingester::store(const Poll& poll) {
    Ingest done{.unchanged = poll.unchanged.size(), .knows_items = true};
    if (poll.items.empty()) return done;
    const Context feed = context(poll.feed);
    load();
    anchors_.forget_before(poll.now);
    changed(healer_.heal(poll));
    std::size_t clashes = 0;
    // Documents list the newest first: from the back, arrival numbers grow with time.
    for (std::size_t place = poll.items.size(); place-- > 0;)
        done.stories.push_back(take(poll, place, feed, done, clashes));
    key_index_.write(done.fresh + done.same_story);
    std::reverse(done.stories.begin(), done.stories.end());
    done.knows_items = learn(poll.feed, feed, poll, clashes).distrust == 0;
    if (feed.has_tombstones) drop_tombstones(poll);
    return done;
}

StoryId Ingester::take(const Poll& poll, std::size_t place, const Context& feed, Ingest& done, std::size_t& clashes) {
    const dedup::KeyedItem& keyed = poll.items[place];
    const dedup::Decision decision = dedup::decide(keyed, poll.feed, feed.policy, archive_, anchors_.index());
    // An id that the document itself repeats is not the item's key any more.
    const bool repeated =
        !keyed.item.id.empty() && keyed.keys.identity != dedup::fingerprint(dedup::identity(keyed.item));
    if (decision.id_clash || repeated) ++clashes;
    switch (decision.kind) {
        case dedup::Kind::unchanged: ++done.unchanged; return decision.match.story;
        case dedup::Kind::revised:
            revise(poll, place, decision, feed);
            ++done.revised;
            return decision.match.story;
        case dedup::Kind::same_story:
        case dedup::Kind::fresh: break;
    }
    if (feed.has_tombstones && is_buried(poll, keyed.keys)) return StoryId{};
    const Ruling ruling = book_.rule_on(poll.feed, keyed.item);
    // What the last poll did not bring appeared after it, whatever date it carries: placed below it, a reader that asks
    // for the newest entries would never see it.
    const TimePoint sort = std::max(keyed.item.published, feed.seen_until.value_or(TimePoint::min()));
    if (decision.kind == dedup::Kind::same_story) {
        StoryId story = decision.match.story;
        if (!ruling.is_dropped && rulings_.is_hidden(story)) story = bring_up(story, sort);
        insert(poll, place, story, decision, ruling, feed);
        touch(story, poll.now);
        if (rulings_.have_hits()) settle(story);
        ++done.same_story;
        ++done.told_by_rule[decision.rule];
        return story;
    }
    const StoryId story =
        make_story({feed.url, decision.identity,
                    keyed.item.published_repaired ? std::nullopt : std::optional{keyed.item.published}},
                   sort, keyed.item.updated.value_or(keyed.item.published));
    insert(poll, place, story, decision, ruling, feed);
    if (!ruling.hits.empty()) settle(story);
    ++done.fresh;
    return story;
}

// A story that nobody could see appears now: it stands where it would if it began, under the number it would have, so
// that those who follow the numbers hear of it.
StoryId Ingester::bring_up(StoryId hidden, TimePoint sort) {
    const StoryId story = renumber(database_, hidden);
    InUse(move_story_).bind(to_unix_ms(sort), to_column(story))->exec();
    InUse(move_tags_).bind(to_unix_ms(sort), to_column(story))->exec();
    moved(story);
    return story;
}

void Ingester::insert(const Poll& poll, std::size_t place, StoryId story, const dedup::Decision& decision,
                      const Ruling& ruling, const Context& feed) {
    const dedup::KeyedItem& keyed = poll.items[place];
    {
        InUse row(insert_item_);
        bind_item(row, keyed);
        row->bind(12, to_column(poll.feed));
        row->bind(13, to_column(story));
        row->bind(14, static_cast<int>(decision.rule));
        row->bind(15, to_column(decision.identity));
        row->bind(16, to_unix_ms(poll.now));
        row->bind(17, ruling.is_dropped ? 1 : 0);
        row->exec();
    }
    const ItemId id{database_.getLastInsertRowid()};
    key_index_.add(id, keyed.keys);
    rulings_.note(id, ruling.hits);
    const Item& item = keyed.item;
    put_body(id, poll, place);
    if (decision.kind == dedup::Kind::same_story)
        note(put_decision_, id, static_cast<int>(decision.rule), decision.match.item, poll.now,
             decision.evidence.value_or(dedup::Evidence{}));
    if (decision.near_miss && (decision.near_miss->guard != dedup::Guard::too_little ||
                               decision.near_miss->evidence.containment >= k_worth_a_look))
        note(put_near_miss_, id, static_cast<int>(decision.near_miss->guard), decision.near_miss->other.item, poll.now,
             decision.near_miss->evidence);
    archive_.remember({.found = {.item = id,
                                 .story = story,
                                 .feed = poll.feed,
                                 .published = item.published,
                                 .content = keyed.keys.content},
                       .canonical_url = item.canonical_url,
                       .telling = keyed.telling});
    if (feed.policy.scope != Dedup::story || (keyed.anchors.text.empty() && keyed.anchors.title.empty())) return;
    anchors_.add({.item = id, .story = story, .feed = poll.feed, .published = item.published, .seen = poll.now},
                 keyed.anchors);
}

void Ingester::put_body(ItemId id, const Poll& poll, std::size_t place) {
    const Body made = poll.bodies.empty() ? body_of(poll.items[place].item) : Body{};
    const Body& body = poll.bodies.empty() ? made : poll.bodies[place];
    InUse row(put_body_);
    row->bind(1, to_column(id));
    bind(*row, 2, body.summary_html);
    bind(*row, 3, body.content_html);
    bind(*row, 4, body.details);
    row->exec();
}

void Ingester::revise(const Poll& poll, std::size_t place, const dedup::Decision& decision, const Context& feed) {
    const dedup::KeyedItem& keyed = poll.items[place];
    const ItemId id = decision.match.item;
    const auto before = archive_.load(id);
    keep_version(keyed, id, poll.now);
    {
        InUse row(same_keys_);
        row.bind(to_column(id), to_column(keyed.keys.url), to_column(keyed.keys.guid), to_column(keyed.keys.page));
        if (!row->executeStep()) key_index_.add(id, keyed.keys);
    }
    {
        InUse row(update_item_);
        bind_item(row, keyed);
        row->bind(12, to_column(id));
        row->exec();
    }
    const Item& item = keyed.item;
    put_body(id, poll, place);
    archive_.forget(id);
    // Another markup or another order of categories is nothing that a person would read again.
    const bool reads_the_same = before && same_words(before->telling.title, keyed.telling.title) &&
                                same_words(before->telling.text, keyed.telling.text) &&
                                before->canonical_url == item.canonical_url;
    if (!reads_the_same && feed.revisions != Revisions::quiet) touch(decision.match.story, poll.now);
    if (!reads_the_same && feed.revisions == Revisions::unread &&
        InUse(make_unread_).bind(to_column(decision.match.story))->exec() > 0)
        database_.exec("UPDATE meta SET value = value + 1 WHERE name = 'marks'");
    rulings_.replace(id, book_.rule_on(poll.feed, item));
    settle(decision.match.story);
}

void Ingester::keep_version(const dedup::KeyedItem& keyed, ItemId item, TimePoint now) {
    Version before;
    {
        InUse row(read_version_);
        if (!row.bind(to_column(item))->executeStep()) return;
        before = {row->getColumn(0).getString(), row->getColumn(1).getString(), read_packed(row->getColumn(2)),
                  read_packed(row->getColumn(3))};
    }
    const Version after = version_of(keyed.item);
    if (before == after) return;
    InUse(put_revision_).bind(to_column(item), to_unix_ms(now), difference(before, after))->exec();
    InUse(drop_revisions_).bind(to_column(item), k_max_revisions)->exec();
}

bool Ingester::is_buried(const Poll& poll, const dedup::Keys& keys) {
    for (const std::uint64_t identity : {keys.identity, keys.link_identity, keys.title_identity}) {
        if (identity == 0) continue;
        InUse row(see_tombstone_);
        if (row.bind(to_unix_ms(poll.now), to_column(poll.feed), to_column(identity))->exec() > 0) return true;
    }
    return false;
}

void Ingester::drop_tombstones(const Poll& poll) {
    SQLite::Statement drop(database_, "DELETE FROM tombstone WHERE feed_id = ? AND seen_ms < ?");
    drop.bind(1, to_column(poll.feed));
    drop.bind(2, to_unix_ms(poll.now - k_tombstone_grace));
    drop.exec();
}

dedup::IdTrust Ingester::learn(FeedId feed, const Context& known, const Poll& poll, std::size_t clashes) {
    const auto with_id = static_cast<std::size_t>(std::count_if(
        poll.items.begin(), poll.items.end(), [](const dedup::KeyedItem& keyed) { return !keyed.item.id.empty(); }));
    const dedup::IdTrust trust = dedup::after_document(known.trust, with_id + poll.unchanged.size(), clashes);
    if (trust != known.trust) InUse(put_trust_).bind(trust.distrust, trust.distrusted ? 1 : 0, to_column(feed))->exec();
    return trust;
}

void Ingester::moved(StoryId to) {
    load();
    anchors_.moved(to);
    archive_.forget_all();
}

void Ingester::moved(ItemId item, StoryId to) {
    load();
    anchors_.moved(item, to);
    archive_.forget(item);
}

void Ingester::changed(const std::vector<ItemId>& items) {
    for (const ItemId item : items) archive_.forget(item);
}

void Ingester::touch(StoryId story, TimePoint now) {
    InUse(touch_story_).bind(to_unix_ms(now), to_column(story))->exec();
}

void Ingester::note(SQLite::Statement& statement, ItemId item, int reason, ItemId other, TimePoint now,
                    const dedup::Evidence& evidence) {
    InUse row(statement);
    row.bind(to_column(item), reason, to_column(other), to_unix_ms(now));
    bind(*row, 5, pack(to_column(evidence)));
    row->exec();
}

}  // namespace agg::store
