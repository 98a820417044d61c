// What the control API takes and answers for subscriptions as a whole: lists, settings, checks.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace agg::serve {

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

}  // namespace agg::serve
