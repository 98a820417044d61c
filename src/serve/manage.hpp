// What the control API takes and answers for subscriptions as a whole: lists, settings, checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "serve/http.hpp"

namespace agg::serve {

struct ReloadReport {
    std::vector<std::string> added, removed, changed;    // names of feeds
    std::vector<std::vector<std::string>> changed_keys;  // of each feed in `changed`
    std::vector<std::string> sections;                   // of the file that differ beside: "[fetch]"
    std::vector<std::string> added_rules, removed_rules, changed_rules;  // names
};

struct SetRequest {
    std::string feed;
    std::vector<std::pair<std::string, std::string>> settings;  // key and value as typed; an empty value: the default
};

struct ImportRequest {
    std::string list;      // OPML, newsboat urls, sfeedrc, addresses
    bool dry_run = false;  // tell only
};

struct ImportedFeed {
    std::string result;  // "added", "skipped", "invalid"
    std::string name;    // in feeds.conf; of an invalid one what the list calls it
    std::string url;     // without secrets
    std::string reason;
};

struct ImportReport {
    bool dry_run = false;
    std::string format;  // of the list, for people
    std::uint64_t added = 0, skipped = 0, invalid = 0;
    std::vector<ImportedFeed> feeds;    // in the list's order
    std::vector<std::string> warnings;  // what was repaired
};

// Without an address and without a document the daemon's own feeds.conf is checked, as it is now.
struct CheckRequest {
    std::string url;       // of a feed
    std::string document;  // a feed or a feeds.conf
};

enum class Severity {
    note,     // worth knowing
    warning,  // some readers will stumble
    error,    // items are lost or doubled, or every poll costs the whole feed
};
[[nodiscard]] const char* to_string(Severity severity);

struct Finding {
    Severity severity = Severity::note;
    std::string rule;     // its stable name: "id-repeated"
    std::string message;  // what, where, and what to do
};

struct CheckReport {
    std::string what;  // "feeds.conf with 12 feeds", "RSS feed with 34 items"
    unsigned requests = 0;
    std::vector<Finding> findings;  // the most severe first
};

// Something that takes long: "refresh", "import", "backup".
struct Work {
    std::string what;
    std::uint64_t done = 0, total = 0;  // total 0: not known
    bool in_bytes = false;              // else in feeds
};

// What an archive of `aggctl backup` says of itself.
struct Manifest {
    std::string version;  // of the aggd that wrote it
    TimePoint made{};
    std::uint64_t schema = 0;  // of the database
    std::uint64_t feeds = 0, items = 0, stories = 0;
    std::optional<TimePoint> oldest_item, newest_item;  // by arrival
    std::uint64_t database_bytes = 0;
    std::string database_hash, config_hash;  // XXH128, as `xxhsum -H2` prints it
};

struct Backup {
    Pieces pieces;  // of the archive
    std::uint64_t bytes = 0;
};

struct RestoreRequest {
    Pieces archive;
    bool dry_run = false;  // tell only
};

struct RestoreReport {
    bool dry_run = false;
    Manifest archive;
    std::uint64_t feeds = 0, items = 0, stories = 0;  // that are here now
    std::optional<TimePoint> newest_item;
    ReloadReport changes;           // of feeds.conf
    std::vector<std::string> kept;  // where what is here now stays; empty in a dry run
};

}  // namespace agg::serve
