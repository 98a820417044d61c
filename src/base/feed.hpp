// A feed as the user subscribed to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace agg {

// The database's number of a feed; never reused, never shown to users.
enum class FeedId : std::int64_t {};

// What is told of as one.
enum class Dedup {
    off,    // nothing: every telling stands for itself
    exact,  // tellings under one address, or one id that the words confirm
    story,  // also those whose texts or titles say that they tell the same
};

// What a revision of an item does to its story.
enum class Revisions {
    quiet,    // nothing that a reader is shown
    updated,  // the entry's time of change moves
    unread,   // that, and the story is unread again
};

// What the requests of one feed have of their own.
struct TransferSettings {
    std::optional<std::string> proxy;  // its URL, "" for none; absent: what [fetch] or the environment says
    std::string user_agent;            // empty: that of [fetch]
    // Sent to the feed's own scheme, host and port only. The values may be secrets: never shown.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string credentials_file;  // an absolute path; empty: that of [fetch]

    friend bool operator==(const TransferSettings&, const TransferSettings&) = default;
};

// One [feed.NAME] of feeds.conf, defaults applied.
struct Feed {
    std::string name;   // unique; lower-case ASCII letters, digits, "-", "_", "."
    std::string url;    // as written; http, https or file
    std::string title;  // the user's own title; empty: the feed's
    std::vector<std::string> tags;

    std::optional<std::chrono::milliseconds> interval;  // absent: "auto", adapted to the feed's own rhythm
    std::chrono::milliseconds min_interval{std::chrono::minutes{15}};
    std::chrono::milliseconds max_interval{std::chrono::hours{24 * 7}};  // the ceiling of every wait, whatever a server asks
    Dedup dedup = Dedup::story;                                          // how far its items are collapsed with those of others
    Revisions revisions = Revisions::updated;
    std::optional<std::chrono::milliseconds> keep{std::chrono::hours{24 * 90}};  // its items, after they came; absent: for ever
    std::size_t preference = 0;  // its place in [dedup] prefer, from 1; 0: not there. The smallest leads a story
    bool paused = false;
    bool allow_private = false;  // this feed's own host and port may be a private address
    TransferSettings transfer;

    friend bool operator==(const Feed&, const Feed&) = default;
};

}  // namespace agg
