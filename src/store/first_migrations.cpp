#include "store/first_migrations.hpp"

namespace agg::store {

// Times are milliseconds since 1970 (UTC), fingerprints 64 bits stored as signed integers.
// story.sort_ms: where the merged feed shows a story; it never changes while that is shown. feed.subscribed: 0 when it
// is no longer in feeds.conf.
const char* const k_first_shape = R"sql(
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value NOT NULL
) WITHOUT ROWID;

CREATE TABLE feed (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    url        TEXT NOT NULL,
    subscribed INTEGER NOT NULL,
    user_title TEXT NOT NULL DEFAULT '',
    format     INTEGER NOT NULL DEFAULT 0,
    title      TEXT NOT NULL DEFAULT '',
    subtitle   TEXT NOT NULL DEFAULT '',
    site       TEXT NOT NULL DEFAULT '',
    icon       TEXT NOT NULL DEFAULT '',
    language   TEXT NOT NULL DEFAULT '',
    item_count INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX feed_by_name ON feed (name) WHERE subscribed;

CREATE TABLE poll (
    feed_id          INTEGER PRIMARY KEY REFERENCES feed (id) ON DELETE CASCADE,
    etag             TEXT NOT NULL DEFAULT '',
    last_modified    TEXT NOT NULL DEFAULT '',
    validators_url   TEXT NOT NULL DEFAULT '',
    body_fingerprint INTEGER NOT NULL DEFAULT 0,
    ttl_min          INTEGER,
    syndication_min  INTEGER,
    skip_hours       INTEGER NOT NULL DEFAULT 0,
    skip_days        INTEGER NOT NULL DEFAULT 0,
    rhythm_since_ms  INTEGER,
    rhythm_items     INTEGER NOT NULL DEFAULT 0,
    last_poll_ms     INTEGER,
    last_success_ms  INTEGER,
    last_document_ms INTEGER,
    next_poll_ms     INTEGER,
    next_poll_reason TEXT NOT NULL DEFAULT '',
    not_before_ms    INTEGER,
    last_result      TEXT NOT NULL DEFAULT '',
    last_status      INTEGER NOT NULL DEFAULT 0,
    failures         INTEGER NOT NULL DEFAULT 0,
    failing_since_ms INTEGER,
    gone_answers     INTEGER NOT NULL DEFAULT 0,
    gone             INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE story (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    uid        TEXT NOT NULL UNIQUE,
    sort_ms    INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
);
CREATE INDEX story_by_time ON story (sort_ms, id);

CREATE TABLE item (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id            INTEGER NOT NULL REFERENCES feed (id),
    story_id           INTEGER NOT NULL REFERENCES story (id),
    rule               INTEGER NOT NULL,
    identity           INTEGER NOT NULL,
    url_key            INTEGER NOT NULL,
    content            INTEGER NOT NULL,
    first_seen_ms      INTEGER NOT NULL,
    guid               TEXT NOT NULL,
    link               TEXT NOT NULL,
    canonical_url      TEXT NOT NULL,
    title              TEXT NOT NULL,
    published_ms       INTEGER NOT NULL,
    published_repaired INTEGER NOT NULL,
    updated_ms         INTEGER
);
CREATE UNIQUE INDEX item_by_identity ON item (feed_id, identity);
CREATE INDEX item_by_url ON item (url_key) WHERE url_key <> 0;
CREATE INDEX item_by_story ON item (story_id);

-- Bodies apart, so that listing never drags them.
CREATE TABLE item_body (
    item_id      INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    summary_html TEXT NOT NULL,
    content_html TEXT NOT NULL,
    details      TEXT NOT NULL
);

INSERT INTO meta (name, value) VALUES
    ('generation', 1), ('changed_ms', unixepoch() * 1000), ('uid', lower(hex(randomblob(8))));
)sql";

// poll.item_identities: 64-bit fingerprints, 8 bytes each, least significant first.
const char* const k_hosts_moves_health = R"sql(
ALTER TABLE poll ADD COLUMN item_identities BLOB NOT NULL DEFAULT x'';
ALTER TABLE poll ADD COLUMN newest_item_ms INTEGER;
ALTER TABLE poll ADD COLUMN lying_since_ms INTEGER;
ALTER TABLE poll ADD COLUMN move_url TEXT;
ALTER TABLE poll ADD COLUMN move_since_ms INTEGER;
ALTER TABLE poll ADD COLUMN move_polls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE poll ADD COLUMN move_confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE poll ADD COLUMN last_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE poll ADD COLUMN last_duration_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE poll ADD COLUMN last_new_items INTEGER NOT NULL DEFAULT 0;
ALTER TABLE poll ADD COLUMN condition INTEGER NOT NULL DEFAULT 0;

CREATE TABLE host (
    name             TEXT PRIMARY KEY,
    held_until_ms    INTEGER,
    held_reason      TEXT NOT NULL,
    limited          INTEGER NOT NULL,
    limited_at_ms    INTEGER,
    spacing_ms       INTEGER,
    spacing_until_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE health_event (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    kind  INTEGER NOT NULL,
    feed  TEXT NOT NULL,
    title TEXT NOT NULL,
    text  TEXT NOT NULL,
    fix   TEXT NOT NULL
);
)sql";

// What views, searches and read state stand on. Triggers keep story_feed and search_pending in step with the items,
// however these are changed.
const char* const k_views_and_marks = R"sql(
-- The state belongs to the story: another outlet's telling of it does not bring it back as unread.
ALTER TABLE story ADD COLUMN is_read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE story ADD COLUMN is_starred INTEGER NOT NULL DEFAULT 0;
CREATE INDEX story_unread ON story (sort_ms, id) WHERE is_read = 0;
CREATE INDEX story_unread_by_arrival ON story (id) WHERE is_read = 0;
CREATE INDEX story_starred ON story (sort_ms, id) WHERE is_starred = 1;
INSERT INTO meta (name, value) VALUES ('marks', 1);

-- The stories that each feed tells, in the order of the merged feed.
CREATE TABLE story_feed (
    feed_id  INTEGER NOT NULL,
    sort_ms  INTEGER NOT NULL,
    story_id INTEGER NOT NULL,
    PRIMARY KEY (feed_id, sort_ms, story_id)
) WITHOUT ROWID;
INSERT INTO story_feed SELECT DISTINCT feed_id, sort_ms, story.id FROM item JOIN story ON story.id = item.story_id;

-- The tags that feeds.conf gives to feeds, and those that people and programs give to stories.
CREATE TABLE feed_tag (
    tag     TEXT NOT NULL COLLATE NOCASE,
    feed_id INTEGER NOT NULL,
    PRIMARY KEY (tag, feed_id)
) WITHOUT ROWID;
CREATE INDEX feed_tag_by_feed ON feed_tag (feed_id);
CREATE TABLE story_tag (
    tag      TEXT NOT NULL COLLATE NOCASE,
    sort_ms  INTEGER NOT NULL,
    story_id INTEGER NOT NULL,
    PRIMARY KEY (tag, sort_ms, story_id)
) WITHOUT ROWID;
CREATE INDEX story_tag_by_story ON story_tag (story_id);

-- One document per story, made anew when the story changes: a document without content of its own cannot be deleted
-- from the index, so the row that names it is, and what the index still finds of it leads nowhere.
CREATE VIRTUAL TABLE search USING fts5(title, author, body, content = '', tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE search_document (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id INTEGER NOT NULL UNIQUE
);
CREATE TABLE search_pending (story_id INTEGER PRIMARY KEY);
INSERT INTO search_pending SELECT id FROM story;

CREATE TRIGGER item_arrives AFTER INSERT ON item BEGIN
    INSERT OR IGNORE INTO story_feed SELECT new.feed_id, sort_ms, id FROM story WHERE id = new.story_id;
    INSERT OR IGNORE INTO search_pending VALUES (new.story_id);
END;
CREATE TRIGGER item_is_revised AFTER UPDATE OF content ON item BEGIN
    INSERT OR IGNORE INTO search_pending VALUES (new.story_id);
END;
CREATE TRIGGER item_moves AFTER UPDATE OF story_id ON item WHEN old.story_id <> new.story_id BEGIN
    INSERT OR IGNORE INTO story_feed SELECT new.feed_id, sort_ms, id FROM story WHERE id = new.story_id;
    DELETE FROM story_feed WHERE feed_id = old.feed_id AND story_id = old.story_id
        AND sort_ms = (SELECT sort_ms FROM story WHERE id = old.story_id)
        AND NOT EXISTS (SELECT 1 FROM item WHERE story_id = old.story_id AND feed_id = old.feed_id);
    INSERT OR IGNORE INTO search_pending VALUES (old.story_id), (new.story_id);
END;
CREATE TRIGGER item_leaves AFTER DELETE ON item BEGIN
    DELETE FROM story_feed WHERE feed_id = old.feed_id AND story_id = old.story_id
        AND sort_ms = (SELECT sort_ms FROM story WHERE id = old.story_id)
        AND NOT EXISTS (SELECT 1 FROM item WHERE story_id = old.story_id AND feed_id = old.feed_id);
    INSERT OR IGNORE INTO search_pending VALUES (old.story_id);
END;
CREATE TRIGGER story_leaves AFTER DELETE ON story BEGIN
    DELETE FROM story_feed WHERE story_id = old.id AND sort_ms = old.sort_ms
        AND feed_id IN (SELECT id FROM feed);
    DELETE FROM story_tag WHERE story_id = old.id;
    DELETE FROM search_document WHERE story_id = old.id;
    DELETE FROM search_pending WHERE story_id = old.id;
END;
)sql";

}  // namespace agg::store
