#include "store/migrations.hpp"

#include <array>

#include "store/first_migrations.hpp"

namespace agg::store {
namespace {

// feed.dedup and feed.revisions: the enums of base/feed.hpp. feed.preference: 1 leads before 2; 0: none.
// feed.id_distrust: dedup/id_trust.hpp. anchor: of the items of the last days, tags of 4 bytes each, least significant
// first. decision.rule is dedup::Rule, near_miss.guard dedup::Guard; evidence is JSON (evidence_rows.cpp).
// revision.difference: what turns the next newer version into this one (revisions.cpp).
// split: what a person took out of a story, and the rule that had put it there. tombstone.seen_ms: when its feed last
// had it.
constexpr const char* k_duplicates = R"sql(
ALTER TABLE feed ADD COLUMN dedup INTEGER NOT NULL DEFAULT 2;
ALTER TABLE feed ADD COLUMN preference INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN revisions INTEGER NOT NULL DEFAULT 1;
ALTER TABLE feed ADD COLUMN id_distrust INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN ids_distrusted INTEGER NOT NULL DEFAULT 0;

ALTER TABLE item ADD COLUMN guid_key INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN page_key INTEGER NOT NULL DEFAULT 0;
CREATE INDEX item_by_guid ON item (guid_key) WHERE guid_key <> 0;
CREATE INDEX item_by_page ON item (page_key) WHERE page_key <> 0;

CREATE TABLE anchor (
    item_id INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    text    BLOB NOT NULL,
    title   BLOB NOT NULL
);

CREATE TABLE decision (
    item_id  INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    rule     INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    evidence TEXT NOT NULL
);

CREATE TABLE near_miss (
    item_id  INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    guard    INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    evidence TEXT NOT NULL
);

CREATE TABLE revision (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id    INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    until_ms   INTEGER NOT NULL,
    difference TEXT NOT NULL
);
CREATE INDEX revision_by_item ON revision (item_id, id);

CREATE TABLE split (
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    item_id  INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    rule     INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (story_id, item_id)
) WITHOUT ROWID;
CREATE INDEX split_by_item ON split (item_id);

CREATE TABLE heal (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id   INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    at_ms     INTEGER NOT NULL,
    undone_ms INTEGER
);
CREATE INDEX heal_by_feed ON heal (feed_id, id);

CREATE TABLE healed_item (
    heal_id      INTEGER NOT NULL REFERENCES heal (id) ON DELETE CASCADE,
    item_id      INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    old_identity INTEGER NOT NULL,
    old_guid     TEXT NOT NULL,
    new_identity INTEGER NOT NULL,
    PRIMARY KEY (heal_id, item_id)
) WITHOUT ROWID;
CREATE INDEX healed_item_by_item ON healed_item (item_id);

CREATE TABLE tombstone (
    feed_id   INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    identity  INTEGER NOT NULL,
    seen_ms   INTEGER NOT NULL,
    PRIMARY KEY (feed_id, identity)
) WITHOUT ROWID;
)sql";

// item.is_dropped: rules hide it. story.is_hidden: none of its items is shown. read_by, starred_by, given_by: SetBy of
// rulings.hpp. rule_hit: what a rule did to an item; of a dropped item the rule that hides it. refused_tag: taken from
// a story by hand. feed.rules: the fingerprint of the rules for it; items before unruled_before are still as rules of
// before ruled.
constexpr const char* k_rules = R"sql(
ALTER TABLE item ADD COLUMN is_dropped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE story ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE story ADD COLUMN read_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE story ADD COLUMN starred_by INTEGER NOT NULL DEFAULT 0;
UPDATE story SET read_by = 2 * is_read, starred_by = 2 * is_starred WHERE is_read = 1 OR is_starred = 1;
ALTER TABLE story_tag ADD COLUMN given_by INTEGER NOT NULL DEFAULT 2;
ALTER TABLE feed ADD COLUMN rules INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN unruled_before INTEGER NOT NULL DEFAULT 0;
CREATE INDEX item_by_feed ON item (feed_id);

CREATE TABLE rule_hit (
    item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    rule    TEXT NOT NULL,
    tag     TEXT NOT NULL COLLATE NOCASE,
    action  INTEGER NOT NULL,
    PRIMARY KEY (item_id, rule, tag)
) WITHOUT ROWID;
CREATE TABLE refused_tag (
    story_id INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    tag      TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (story_id, tag)
) WITHOUT ROWID;

-- Lists hold what is shown.
DROP INDEX story_by_time;
DROP INDEX story_unread;
DROP INDEX story_unread_by_arrival;
DROP INDEX story_starred;
CREATE INDEX story_by_time ON story (sort_ms, id) WHERE is_hidden = 0;
CREATE INDEX story_unread ON story (sort_ms, id) WHERE is_hidden = 0 AND is_read = 0;
CREATE INDEX story_unread_by_arrival ON story (id) WHERE is_hidden = 0 AND is_read = 0;
CREATE INDEX story_starred ON story (sort_ms, id) WHERE is_hidden = 0 AND is_starred = 1;
CREATE INDEX story_hidden ON story (sort_ms, id) WHERE is_hidden = 1;

DROP TRIGGER item_arrives;
DROP TRIGGER item_moves;
DROP TRIGGER item_leaves;
CREATE TRIGGER item_arrives AFTER INSERT ON item BEGIN
    INSERT OR IGNORE INTO story_feed SELECT new.feed_id, sort_ms, id FROM story WHERE id = new.story_id AND new.is_dropped = 0;
    INSERT OR IGNORE INTO search_pending VALUES (new.story_id);
END;
CREATE TRIGGER item_moves AFTER UPDATE OF story_id ON item WHEN old.story_id <> new.story_id BEGIN
    INSERT OR IGNORE INTO story_feed SELECT new.feed_id, sort_ms, id FROM story WHERE id = new.story_id AND new.is_dropped = 0;
    DELETE FROM story_feed WHERE feed_id = old.feed_id AND story_id = old.story_id
        AND sort_ms = (SELECT sort_ms FROM story WHERE id = old.story_id)
        AND NOT EXISTS (SELECT 1 FROM item WHERE story_id = old.story_id AND feed_id = old.feed_id AND is_dropped = 0);
    INSERT OR IGNORE INTO search_pending VALUES (old.story_id), (new.story_id);
END;
CREATE TRIGGER item_leaves AFTER DELETE ON item BEGIN
    DELETE FROM story_feed WHERE feed_id = old.feed_id AND story_id = old.story_id
        AND sort_ms = (SELECT sort_ms FROM story WHERE id = old.story_id)
        AND NOT EXISTS (SELECT 1 FROM item WHERE story_id = old.story_id AND feed_id = old.feed_id AND is_dropped = 0);
    INSERT OR IGNORE INTO search_pending VALUES (old.story_id);
END;
CREATE TRIGGER item_is_ruled AFTER UPDATE OF is_dropped ON item WHEN old.is_dropped <> new.is_dropped BEGIN
    INSERT OR IGNORE INTO story_feed SELECT new.feed_id, sort_ms, id FROM story WHERE id = new.story_id AND new.is_dropped = 0;
    DELETE FROM story_feed WHERE feed_id = new.feed_id AND story_id = new.story_id
        AND sort_ms = (SELECT sort_ms FROM story WHERE id = new.story_id)
        AND NOT EXISTS (SELECT 1 FROM item WHERE story_id = new.story_id AND feed_id = new.feed_id AND is_dropped = 0);
    -- A story is found by what is shown of it, or, when nothing is, by all.
    INSERT OR IGNORE INTO search_pending SELECT new.story_id WHERE EXISTS (
        SELECT 1 FROM item WHERE story_id = new.story_id AND id <> new.id);
END;
)sql";

// feed.keep_ms: how long its items stay after they came; NULL: for ever. A feed that is no longer subscribed has its
// last.
constexpr const char* k_retention = R"sql(
ALTER TABLE feed ADD COLUMN keep_ms INTEGER;
)sql";

// item_key: the items under each of their keys (url_key, guid_key, page_key), up to number keyed_until (key_index.hpp).
constexpr const char* k_key_index = R"sql(
CREATE TABLE item_key (
    key     INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    PRIMARY KEY (key, item_id)
) WITHOUT ROWID;
INSERT INTO item_key
    SELECT url_key, id FROM item WHERE url_key <> 0 UNION SELECT guid_key, id FROM item WHERE guid_key <> 0
    UNION SELECT page_key, id FROM item WHERE page_key <> 0 ORDER BY 1, 2;
INSERT INTO meta (name, value) SELECT 'keyed_until', ifnull(max(id), 0) FROM item;
DROP INDEX item_by_url;
DROP INDEX item_by_guid;
DROP INDEX item_by_page;
CREATE TRIGGER item_loses_keys AFTER DELETE ON item BEGIN
    DELETE FROM item_key WHERE key IN (old.url_key, old.guid_key, old.page_key) AND item_id = old.id;
END;
CREATE TRIGGER item_changes_keys AFTER UPDATE OF url_key, guid_key, page_key ON item
WHEN (old.url_key, old.guid_key, old.page_key) <> (new.url_key, new.guid_key, new.page_key) BEGIN
    DELETE FROM item_key WHERE key IN (old.url_key, old.guid_key, old.page_key) AND item_id = old.id;
    INSERT OR IGNORE INTO item_key
        SELECT new.url_key, new.id WHERE new.url_key <> 0 UNION SELECT new.guid_key, new.id WHERE new.guid_key <> 0
        UNION SELECT new.page_key, new.id WHERE new.page_key <> 0;
END;
)sql";

// day: days since 1970, UTC. What the columns count: PollCounts of day_rows.hpp. poll.today: the same of the last day
// with a poll (poll_rows.hpp), which stands in poll_day when a poll of a later day comes.
constexpr const char* k_days = R"sql(
ALTER TABLE poll ADD COLUMN document_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE poll ADD COLUMN today TEXT NOT NULL DEFAULT '';
CREATE TABLE poll_day (
    day INTEGER NOT NULL, feed_id INTEGER NOT NULL,
    polls INTEGER NOT NULL, answers INTEGER NOT NULL, not_modified INTEGER NOT NULL, failures INTEGER NOT NULL,
    bytes_received INTEGER NOT NULL, bytes_saved INTEGER NOT NULL, duration_ms INTEGER NOT NULL, longest_ms INTEGER NOT NULL,
    PRIMARY KEY (day, feed_id)
) WITHOUT ROWID;
CREATE TABLE size_day (day INTEGER PRIMARY KEY, database_bytes INTEGER NOT NULL, items INTEGER NOT NULL);
)sql";

// A story goes when its items are gone, and its rows of story_feed with them: to look for them cost a look-up per feed.
constexpr const char* k_stories_go_quickly = R"sql(
DROP TRIGGER story_leaves;
CREATE TRIGGER story_leaves AFTER DELETE ON story BEGIN
    DELETE FROM story_tag WHERE story_id = old.id;
    DELETE FROM search_document WHERE story_id = old.id;
    DELETE FROM search_pending WHERE story_id = old.id;
END;
)sql";

// The index takes texts of so many bytes in memory before it writes them: by default one million, and each writing is
// merged with others several times.
constexpr const char* k_search_in_memory = "INSERT INTO search (search, rank) VALUES ('hashsize', 16000000)";

}  // namespace

std::span<const char* const> migrations() {
    static const std::array all = {
        k_first_shape, k_hosts_moves_health, k_views_and_marks, k_duplicates, k_rules, k_retention, k_key_index,
        k_days,        k_stories_go_quickly, k_search_in_memory};
    return all;
}

}  // namespace agg::store
