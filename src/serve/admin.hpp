// What can be asked of the running daemon, beyond reading. aggd implements it; serve's control API calls it on the io
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/poll_state.hpp"
#include "base/result.hpp"
#include "base/rule.hpp"
#include "base/time.hpp"
#include "serve/manage.hpp"
#include "serve/metrics.hpp"
#include "store/find_item.hpp"
#include "store/marks.hpp"

namespace agg::serve {

enum class FeedState {
    unpolled,  // subscribed, never polled yet
    fine,
    failing,  // the last poll failed; polled again later
    gone,     // answered 410: no longer polled
    paused,   // by the user
};
[[nodiscard]] const char* to_string(FeedState state);
[[nodiscard]] const char* to_string(Condition condition);

struct FeedStatus {
    FeedId id{};
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
    Condition condition = Condition::fine;
    std::optional<TimePoint> newest_item;  // the latest date among its items
    std::optional<TimePoint> lying_since;  // its server answers 304 although there is something new
    std::string moved_to;                  // where it is asked instead of `url`, without secrets; empty: not moved
};

// A permanent redirect of a feed.
struct FeedMove {
    std::string feed;  // its name
    std::string title;
    std::string from, to;  // without secrets
    TimePoint since{};     // seen first
    unsigned polls = 0;    // in a row that it was seen in
    bool believed = false;
    std::string joins;  // the feed that has the new address in feeds.conf already; empty: none
};

// All that is known of a feed.
struct FeedDetails {
    FeedStatus status;
    std::optional<std::chrono::milliseconds> interval;  // absent: "auto"
    std::chrono::milliseconds min_interval{}, max_interval{};
    std::chrono::milliseconds usual_interval{};  // the one of feeds.conf or of its rhythm
    int last_status = 0;                         // 0: no answer
    std::uint64_t last_bytes = 0;
    std::chrono::milliseconds last_duration{};
    std::uint64_t last_new_items = 0;
    std::optional<TimePoint> last_success, last_document, failing_since;
    std::optional<TimePoint> not_before;  // a refresh asks nothing until then
    std::string etag, last_modified;      // sent back with the next request
    std::optional<FeedMove> move;
    std::string why;  // a paragraph: when it is polled next, by which rule, and what happened last
};

// What waits for a person, and the command that sees to it.
struct Need {
    std::string feed;  // its name
    std::string what;  // "moved for good", "gone since 2022-05-12"
    std::string command;
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
    std::uint64_t items = 0;    // stored
    std::uint64_t stories = 0;  // entries they make
    std::uint64_t hidden = 0;   // of these, by rules
    std::uint64_t unruled = 0;  // items that are still as rules of before ruled
    std::uint64_t polls = 0, not_modified = 0, errors = 0, bytes_received = 0;  // since the start
    std::optional<TimePoint> next_poll;
    std::vector<Need> needs;
    std::optional<TimePoint> offline_since;  // no host can be reached: no feed is charged
    std::string storage_problem;             // why nothing can be stored, and what to do; empty: it can
    unsigned restores = 0;                   // that this process has begun anew for
    std::string restore_problem;             // why the last of them was undone; empty: it was not
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
    std::vector<std::string> feeds;  // these two empty: all that are not paused or gone
    std::vector<std::string> tags;   // also the feeds that have one of them, and are not paused or gone
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

// Absent and empty members leave things as they are.
struct FeedChange {
    std::optional<std::string> title;
    std::vector<std::string> add_tags, remove_tags;
};

// The rules in force, in the order of feeds.conf.
struct RuleReport {
    std::vector<Rule> rules;
    std::vector<std::uint64_t> items;  // that each did something to
    std::uint64_t waiting = 0;         // stored items that are still as rules of before ruled
};

// A feed is named by its name in feeds.conf, its exact URL, or a unique prefix of its title; else the calls fail with
// `not_found` or `ambiguous` (the message lists the candidates). Nothing throws for what a caller may do wrong.
class Admin {
  public:
    virtual ~Admin() = default;

    [[nodiscard]] virtual Task<Result<DaemonStatus>> status() = 0;

    // What monitoring reads; cheap.
    [[nodiscard]] virtual Task<Result<Metrics>> metrics() = 0;

    // Fails with `unavailable`, saying why, when something no longer gets on with its work.
    [[nodiscard]] virtual Task<Result<void>> health() = 0;

    // All feeds, in the order of feeds.conf.
    [[nodiscard]] virtual Task<Result<std::vector<FeedStatus>>> feeds() = 0;

    // Fails with `not_found` or `ambiguous`.
    [[nodiscard]] virtual Task<Result<FeedDetails>> feed(std::string feed) = 0;

    // The permanent redirects that are believed: what feeds.conf could be told.
    [[nodiscard]] virtual Task<Result<std::vector<FeedMove>>> moves() = 0;

    // Writes the moves of `feeds` (empty: all that are believed) to feeds.conf and returns them. A feed whose new
    // address another feed has is joined with that one: its table goes, its tags are added to the other's, its items
    // stay stored. Fails with `not_found` for a feed that has not moved; nothing has changed then.
    [[nodiscard]] virtual Task<Result<std::vector<FeedMove>>> accept_moves(std::vector<std::string> feeds) = 0;

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

    // The items that people name, in their order, as store::find_item finds them. Fails at the first that it does not
    // find.
    [[nodiscard]] virtual Task<Result<std::vector<store::FoundItem>>> find_items(std::vector<std::string> names) = 0;

    // Makes an item a story of its own, and the stories of two items one; views show it from then on. Both fail with
    // `not_found`, or `conflict` when it is so already.
    [[nodiscard]] virtual Task<Result<void>> split(ItemId item) = 0;
    [[nodiscard]] virtual Task<Result<void>> merge(ItemId a, ItemId b) = 0;

    // Gives the items of the feed's last healing their old ids back, for good; returns how many. Fails with `conflict`
    // when nothing is healed.
    [[nodiscard]] virtual Task<Result<std::uint64_t>> undo_heal(std::string feed) = 0;

    // Changes states and tags of stories; views show it from then on.
    [[nodiscard]] virtual Task<Result<store::Marked>> mark(store::MarkRequest request) = 0;
    [[nodiscard]] virtual Task<Result<store::Marked>> tag(store::TagRequest request) = 0;
    [[nodiscard]] virtual Task<Result<store::Marked>> rename_tag(std::string from, std::string to) = 0;

    // Changes a feed's title and tags in feeds.conf; `feed` is its name.
    [[nodiscard]] virtual Task<Result<void>> change_feed(std::string feed, FeedChange change) = 0;

    // Sets the user and password that readers on TCP sign in with; an empty password takes the account away.
    [[nodiscard]] virtual Task<Result<void>> set_password(std::string user, std::string password) = 0;

    [[nodiscard]] virtual Task<Result<RuleReport>> rules() = 0;

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

    // What takes long and is under way, the latest first.
    [[nodiscard]] virtual Task<Result<std::vector<Work>>> work() = 0;

    // One archive of the database, as it is at one moment, and feeds.conf. Fails with `storage` when there is no room
    // for the copy.
    [[nodiscard]] virtual Task<Result<Backup>> backup() = 0;

    // Reads an archive, checks all of it and, unless `dry_run`, begins anew with what it holds: the answer comes before
    // that. Fails with `invalid` when the archive is no whole one or its feeds.conf cannot be put in force, `conflict`
    // when that keeps its database elsewhere; nothing has changed then.
    [[nodiscard]] virtual Task<Result<RestoreReport>> restore(RestoreRequest request) = 0;
};

}  // namespace agg::serve
