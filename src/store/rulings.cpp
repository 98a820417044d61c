#include "store/rulings.hpp"

#include <set>

#include <fmt/format.h>

#include "store/columns.hpp"
#include "store/details.hpp"
#include "store/packed_text.hpp"

namespace agg::store {
namespace {

constexpr int column_of(Rule::Action action) { return static_cast<int>(action); }
constexpr int column_of(SetBy who) { return static_cast<int>(who); }

// Whether a shown item of the story ?1 was hit by an action, as SQL.
std::string is_hit(Rule::Action action) {
    return fmt::format(
        "EXISTS (SELECT 1 FROM item JOIN rule_hit ON item_id = item.id WHERE story_id = ?1 AND is_dropped = 0 AND "
        "action = {})",
        column_of(action));
}

// The tags that rules give to the story ?1.
const std::string k_wanted_tags = fmt::format(
    "SELECT DISTINCT tag FROM item JOIN rule_hit ON item_id = item.id WHERE story_id = ?1 AND is_dropped = 0 AND "
    "action = {} "
    "AND tag NOT IN (SELECT tag FROM refused_tag WHERE story_id = ?1)",
    column_of(Rule::Action::tag));

// Sets `state` of the story ?1 to `wanted` (SQL), unless a person set it.
std::string put_state(const char* state, const char* set_by, const std::string& wanted) {
    return fmt::format(
        "UPDATE story SET {0} = {2}, {1} = iif({2}, {3}, {4}) WHERE id = ?1 AND {1} <> {5} AND {0} <> {2}", state,
        set_by, wanted, column_of(SetBy::rule), column_of(SetBy::nobody), column_of(SetBy::person));
}

std::string is_read_everywhere() {
    return fmt::format(
        "(EXISTS (SELECT 1 FROM item WHERE story_id = ?1 AND is_dropped = 0) AND NOT EXISTS (SELECT 1 FROM item WHERE "
        "story_id = ?1 AND is_dropped = 0 AND NOT EXISTS (SELECT 1 FROM rule_hit WHERE item_id = item.id AND action = "
        "{})))",
        column_of(Rule::Action::read));
}

struct WaitingItem {
    std::int64_t item, story;
};

// Rules on up to `limit` items of the feed that are older than `before`, and moves its mark down to the oldest of them.
std::size_t rule_on_feed(SQLite::Database& database, RuleBook& book, Rulings& rulings, FeedId feed, std::int64_t before,
                         std::size_t limit, std::set<StoryId>& stories, bool& is_visible) {
    std::vector<WaitingItem> waiting;
    SQLite::Statement older(database,
                            "SELECT id, story_id FROM item WHERE feed_id = ? AND id < ? ORDER BY id DESC LIMIT ?");
    older.bind(1, to_column(feed));
    older.bind(2, before);
    older.bind(3, static_cast<std::int64_t>(limit));
    while (older.executeStep()) waiting.push_back({older.getColumn(0).getInt64(), older.getColumn(1).getInt64()});
    SQLite::Statement read(database, R"sql(
        SELECT title, link, summary_html, content_html, details FROM item JOIN item_body ON item_id = item.id
        WHERE item.id = ?)sql");
    for (const WaitingItem& each : waiting) {
        Item item;
        if (book.fingerprint(feed) != 0) {
            InUse row(read);
            if (row.bind(each.item)->executeStep()) {
                item.title = row->getColumn(0).getString();
                item.link = row->getColumn(1).getString();
                item.summary_html = read_packed(row->getColumn(2));
                item.content_html = read_packed(row->getColumn(3));
                from_details(read_packed(row->getColumn(4)), item);
            }
        }
        if (rulings.replace(ItemId{each.item}, book.rule_on(feed, item))) is_visible = true;
        stories.insert(StoryId{each.story});
    }
    SQLite::Statement done(database, "UPDATE feed SET unruled_before = ? WHERE id = ?");
    done.bind(1, waiting.size() < limit ? 0 : waiting.back().item);
    done.bind(2, to_column(feed));
    done.exec();
    return waiting.size();
}

}  // namespace

Rulings::Rulings(SQLite::Database& database)
    : database_(database),
      put_hit_(database, "INSERT OR IGNORE INTO rule_hit (item_id, rule, tag, action) VALUES (?, ?, ?, ?)"),
      forget_hits_(database, "DELETE FROM rule_hit WHERE item_id = ?"),
      put_dropped_(database, "UPDATE item SET is_dropped = ?1 WHERE id = ?2 AND is_dropped <> ?1"),
      any_hits_(database, "SELECT EXISTS (SELECT 1 FROM rule_hit)"),
      read_hidden_(database, "SELECT is_hidden FROM story WHERE id = ?"),
      put_hidden_(database, R"sql(
        UPDATE story SET is_hidden = NOT EXISTS (SELECT 1 FROM item WHERE story_id = ?1 AND is_dropped = 0)
        WHERE id = ?1 AND is_hidden = EXISTS (SELECT 1 FROM item WHERE story_id = ?1 AND is_dropped = 0))sql"),
      put_star_(database, put_state("is_starred", "starred_by", is_hit(Rule::Action::star))),
      put_read_(database, put_state("is_read", "read_by", is_read_everywhere())),
      tags_given_(database, fmt::format("SELECT EXISTS (SELECT 1 FROM story_tag WHERE story_id = ?1 AND given_by = {}) "
                                        "OR EXISTS ({})",
                                        column_of(SetBy::rule), k_wanted_tags)),
      give_tag_(database,
                fmt::format("INSERT OR IGNORE INTO story_tag (tag, sort_ms, story_id, given_by) SELECT wanted.tag, "
                            "sort_ms, id, {} FROM story, ({}) AS wanted WHERE id = ?1",
                            column_of(SetBy::rule), k_wanted_tags)),
      take_tag_(database, fmt::format("DELETE FROM story_tag WHERE story_id = ?1 AND given_by = {} AND tag NOT IN ({})",
                                      column_of(SetBy::rule), k_wanted_tags)) {}

void Rulings::note(ItemId item, const std::vector<Hit>& hits) {
    for (const Hit& hit : hits) InUse(put_hit_).bind(to_column(item), hit.rule, hit.tag, column_of(hit.action))->exec();
}

bool Rulings::replace(ItemId item, const Ruling& ruling) {
    InUse(forget_hits_).bind(to_column(item))->exec();
    note(item, ruling.hits);
    return InUse(put_dropped_).bind(ruling.is_dropped ? 1 : 0, to_column(item))->exec() > 0;
}

Rulings::Effect Rulings::settle(StoryId story) {
    Effect effect;
    effect.is_visible = InUse(put_hidden_).bind(to_column(story))->exec() > 0;
    const bool is_starred_otherwise = InUse(put_star_).bind(to_column(story))->exec() > 0;
    const bool is_read_otherwise = InUse(put_read_).bind(to_column(story))->exec() > 0;
    effect.marks = settle_tags(story) || is_starred_otherwise || is_read_otherwise;
    if (effect.marks) database_.exec("UPDATE meta SET value = value + 1 WHERE name = 'marks'");
    return effect;
}

bool Rulings::settle_tags(StoryId story) {
    {
        InUse any(tags_given_);
        any.bind(to_column(story))->executeStep();
        if (any->getColumn(0).getInt() == 0) return false;
    }
    const int taken = InUse(take_tag_).bind(to_column(story))->exec();
    return InUse(give_tag_).bind(to_column(story))->exec() + taken > 0;
}

bool Rulings::have_hits() {
    InUse row(any_hits_);
    row->executeStep();
    return row->getColumn(0).getInt() != 0;
}

bool Rulings::is_hidden(StoryId story) {
    InUse row(read_hidden_);
    return row.bind(to_column(story))->executeStep() && row->getColumn(0).getInt() != 0;
}

void await_rulings(SQLite::Database& database, const RuleBook& book) {
    const std::int64_t end = database.execAndGet("SELECT coalesce(max(id), 0) + 1 FROM item").getInt64();
    SQLite::Statement feeds(database, "SELECT id, rules FROM feed");
    SQLite::Statement wait(
        database,
        "UPDATE feed SET rules = ?1, unruled_before = iif(EXISTS (SELECT 1 FROM item WHERE feed_id = ?3), ?2, 0) "
        "WHERE id = ?3");
    std::vector<std::pair<std::int64_t, std::uint64_t>> changed;
    while (feeds.executeStep()) {
        const std::uint64_t rules = book.fingerprint(FeedId{feeds.getColumn(0).getInt64()});
        if (rules != from_column(feeds.getColumn(1).getInt64()))
            changed.emplace_back(feeds.getColumn(0).getInt64(), rules);
    }
    for (const auto& [feed, rules] : changed) InUse(wait).bind(to_column(rules), end, feed)->exec();
}

Ruled rule_on_waiting(SQLite::Database& database, RuleBook& book, Rulings& rulings, std::size_t limit) {
    Ruled ruled;
    std::set<StoryId> stories;
    SQLite::Statement feed(database, "SELECT id, unruled_before FROM feed WHERE unruled_before > 0 LIMIT 1");
    while (ruled.items < limit) {
        InUse row(feed);
        if (!row->executeStep()) break;
        const FeedId id{row->getColumn(0).getInt64()};
        const std::int64_t before = row->getColumn(1).getInt64();
        row->reset();
        ruled.items +=
            rule_on_feed(database, book, rulings, id, before, limit - ruled.items, stories, ruled.is_visible);
    }
    for (const StoryId story : stories)
        if (rulings.settle(story).is_visible) ruled.is_visible = true;
    return ruled;
}

std::vector<RuleHits> count_hits(SQLite::Database& database) {
    std::vector<RuleHits> all;
    SQLite::Statement rows(database, "SELECT rule, count(DISTINCT item_id) FROM rule_hit GROUP BY rule ORDER BY rule");
    while (rows.executeStep())
        all.push_back({rows.getColumn(0).getString(), from_column(rows.getColumn(1).getInt64())});
    return all;
}

std::vector<Hit> hits_of(SQLite::Database& database, ItemId item) {
    std::vector<Hit> all;
    SQLite::Statement rows(database, "SELECT rule, action, tag FROM rule_hit WHERE item_id = ? ORDER BY rule, tag");
    rows.bind(1, to_column(item));
    while (rows.executeStep())
        all.push_back({rows.getColumn(0).getString(), static_cast<Rule::Action>(rows.getColumn(1).getInt()),
                       rows.getColumn(2).getString()});
    return all;
}

std::uint64_t count_unruled(SQLite::Database& database) {
    return from_column(
        database
            .execAndGet(
                "SELECT count(*) FROM feed JOIN item ON feed_id = feed.id WHERE unruled_before > 0 AND item.id < "
                "unruled_before")
            .getInt64());
}

}  // namespace agg::store
