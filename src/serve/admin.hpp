// What can be asked of the running daemon, beyond reading. aggd implements it; serve's control API calls it on the io
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/item.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "serve/manage.hpp"

namespace agg::serve {

enum class FeedState {
    unpolled,  // subscribed, never polled yet
    fine,
    failing,  // the last poll failed; polled again later
    gone,     // answered 410: no longer polled
    paused,   // by the user
};
[[nodiscard]] const char* to_string(FeedState state);

struct FeedStatus {
    std::string name;
    std::string title;
    std::string url;   // without secrets
    std::string site;  // may be empty
    std::vector<std::string> tags;
    FeedState state = FeedState::unpolled;
    std::optional<TimePoint> last_poll;
    std::string last_result;             // in words: "200, 34 items", "could not resolve feeds.example"
    std::optional<TimePoint> next_poll;  // absent: not polled (paused, gone)
    std::string next_poll_reason;        // the rule that set it
    unsigned failures = 0;               // in a row
    std::uint64_t items = 0;             // stored
};

struct DaemonStatus {
    std::string version;
    TimePoint started{};
    std::string config_file;
    std::string config_problem;   // empty: the running configuration is the file's; else why the file was not taken
    bool config_changed = false;  // the file holds another text by now than the one that runs
    std::string database;
    std::uint64_t database_bytes = 0;
    std::vector<std::string> listening;  // "unix:/run/aggd.sock", "http://127.0.0.1:8137/"
    std::uint64_t feeds = 0, fine = 0, failing = 0, gone = 0, paused = 0, unpolled = 0;
    std::uint64_t items = 0;                                                    // stored
    std::uint64_t stories = 0;                                                  // entries they make
    std::uint64_t polls = 0, not_modified = 0, errors = 0, bytes_received = 0;  // since the start
    std::optional<TimePoint> next_poll;
    std::optional<TimePoint> offline_since;  // no host can be reached: no feed is charged
};

// How a host of subscribed feeds is treated.
struct HostStatus {
    std::string name;  // a registrable domain, or as [host.NAME] of feeds.conf names it
    std::uint64_t feeds = 0;
    std::optional<std::chrono::milliseconds> spacing;  // between two starts; absent: a machine of our own
    std::optional<std::size_t> max_transfers;          // at once; absent likewise
    std::optional<TimePoint> spacing_until;            // present: the spacing was learned from its rate headers
    std::optional<TimePoint> held_until;               // until then none of its feeds is polled
    std::string held_reason;                           // in words
    unsigned limited = 0;                              // 429s in a row
};

struct AddRequest {
    std::string url;    // as typed: a feed or a page, scheme optional
    std::string name;   // empty: made from the title
    std::string title;  // empty: the feed's
    std::vector<std::string> tags;
    std::string interval;  // as typed; empty: the default
};

struct AddedFeed {
    FeedStatus feed;
    Format format = Format::rss;
    bool found_on_page = false;         // the URL was a page that names this feed
    std::uint64_t items = 0;            // in the feed now
    std::uint64_t known_elsewhere = 0;  // of these, told by other outlets before
};

struct RefreshRequest {
    std::vector<std::string> feeds;  // empty: all that are not paused or gone
    bool wait = false;               // answer only when they are polled
    bool force = false;              // also those whose publisher asked to wait, and those polled a moment ago
};

struct RefreshedFeed {
    std::string name;
    bool failed = false;
    std::string result;  // in words, as FeedStatus::last_result, or why it was not polled; empty when not waited for
    std::uint64_t new_items = 0;
    bool asked = true;  // false: it was not polled; `result` says why
};

struct ReloadReport {
    std::vector<std::string> added, removed, changed;    // names of feeds
    std::vector<std::vector<std::string>> changed_keys;  // of each feed in `changed`
    std::vector<std::string> sections;                   // of the file that differ beside: "[fetch]"
};

// A feed is named by its name in feeds.conf, its exact URL, or a unique prefix of its title; else the calls fail with
// `not_found` or `ambiguous` (the message lists the candidates). Nothing throws for what a caller may do wrong.
class Admin {
  public:
    virtual ~Admin() = default;

    [[nodiscard]] virtual Task<Result<DaemonStatus>> status() = 0;

    // All feeds, in the order of feeds.conf.
    [[nodiscard]] virtual Task<Result<std::vector<FeedStatus>>> feeds() = 0;

    // Fetches once, finds the feed behind a page, writes feeds.conf. Fails with `conflict` when it is subscribed
    // already (the message names that one), `not_a_feed` when there is none, or as the transfer failed.
    [[nodiscard]] virtual Task<Result<AddedFeed>> add(AddRequest request) = 0;

    // Takes the feed out of feeds.conf; its items stay stored. Returns how it stood.
    [[nodiscard]] virtual Task<Result<FeedStatus>> remove(std::string feed) = 0;

    [[nodiscard]] virtual Task<Result<std::vector<RefreshedFeed>>> refresh(RefreshRequest request) = 0;

    // The hosts of all feeds; those that are held first, then those of many feeds.
    [[nodiscard]] virtual Task<Result<std::vector<HostStatus>>> hosts() = 0;

    // Reads feeds.conf anew; a file with an error changes nothing and fails with all its problems.
    [[nodiscard]] virtual Task<Result<ReloadReport>> reload() = 0;

    // What reload() would change; fails as it would.
    [[nodiscard]] virtual Task<Result<ReloadReport>> preview_reload() = 0;

    // Changes settings of a feed in feeds.conf, all or none, and puts them in force. Fails with `invalid` when the file
    // would not be valid with them.
    [[nodiscard]] virtual Task<Result<FeedStatus>> set(SetRequest request) = 0;

    // As remove(), and deletes what only this feed told. Returns how it stood.
    [[nodiscard]] virtual Task<Result<FeedStatus>> purge(std::string feed) = 0;

    // Subscribes to the feeds of a whole list in one edit of feeds.conf; none is fetched before the answer. Fails with
    // `invalid` when it is no list.
    [[nodiscard]] virtual Task<Result<ImportReport>> import_list(ImportRequest request) = 0;

    // The subscriptions as OPML, without secrets.
    [[nodiscard]] virtual Task<Result<std::string>> export_list() = 0;

    // Tells what is wrong with a feed or with a feeds.conf that is not in force. A feed at an address is asked for
    // twice, the second time with its validators. Fails only when there is nothing to look at.
    [[nodiscard]] virtual Task<Result<CheckReport>> check(CheckRequest request) = 0;
};

}  // namespace agg::serve
