// The only connection that writes. Synchronous; belongs to the writer thread, which alone may call it after open().
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/health_event.hpp"
#include "base/host.hpp"
#include "base/item.hpp"
#include "base/poll_state.hpp"
#include "base/result.hpp"
#include "base/rule.hpp"
#include "dedup/identity.hpp"
#include "dedup/rules.hpp"
#include "store/account.hpp"
#include "store/body.hpp"
#include "store/day_rows.hpp"
#include "store/marks.hpp"
#include "store/search_index.hpp"

namespace agg::store {

// A subscribed feed and what is remembered of it.
struct StoredFeed {
    FeedId id{};
    PollState poll;
    FeedInfo info;
    std::uint64_t items = 0;  // stored
};

using dedup::KeyedItem;

// One finished poll: everything that it changes.
struct Poll {
    FeedId feed{};
    std::optional<std::string> url;  // that was asked: when the feed has another one by now, the poll is dropped
    TimePoint now{};
    PollState state;
    std::optional<FeedInfo> info;  // of a document
    std::vector<KeyedItem> items;  // of a document, in its order; empty otherwise
    std::vector<Body> bodies;      // of these, made where there was time for it; empty: made when they are stored
    // The identities of the document's further items, which are as they were stored.
    std::vector<std::uint64_t> unchanged;
    std::optional<HostState> host;     // when the poll changed it
    std::vector<HealthEvent> events;   // what people are told of it
    std::optional<PollCounts> counts;  // absent: nothing was asked
};

// What became of one poll's items.
struct Ingest {
    std::uint64_t fresh = 0;       // new stories
    std::uint64_t same_story = 0;  // new items, told elsewhere before
    std::uint64_t revised = 0;
    std::uint64_t unchanged = 0;
    std::map<dedup::Rule, std::uint64_t> told_by_rule;  // same_story, by the rule that knew
    // It is stored, and no id stood on several items lately: items that come again as they are need no second look.
    bool knows_items = false;
    // Where each item belongs now, in the poll's order; 0: purged before, not stored again.
    std::vector<StoryId> stories;
};

struct Commit {
    std::uint64_t generation = 0;  // after it
    std::vector<Ingest> polls;     // in the order given
};

struct Tidied {
    std::map<FeedId, std::uint64_t> gone;  // items, by feed
    std::uint64_t generation = 0;          // after it
    bool more = false;                     // there is more to do
};

// What ruling on stored items anew changed.
struct RuledBatch {
    std::size_t items = 0;  // less than were asked for: none waits any more
    std::uint64_t generation = 0;
    std::uint64_t marks = 0;
};

class Writer {
  public:
    // Opens the database at `path`, making folder and file (mode 0600) when absent, and brings it to this version's
    // shape. Fails with `unavailable` when another aggd uses it, `storage` when it cannot be read or written or is
    // damaged.
    [[nodiscard]] static Result<Writer> open(const std::string& path);
    ~Writer();
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;

    // A random name given to the database when it was made.
    [[nodiscard]] const std::string& uid() const;
    [[nodiscard]] const std::string& path() const;
    [[nodiscard]] std::uint64_t generation();

    // Makes the subscriptions those of `feeds` and returns what is remembered of each, in their order. A feed is found
    // again by its name while it is subscribed, else by its URL: renaming it or changing its URL keeps its items. A new
    // URL drops validators and failures, and is due at once, unless it is where the feed moved. Feeds that are not in
    // `feeds` keep their items.
    //
    // `rules` are those that new and revised items are ruled on by from now on; stored items that they may rule on
    // otherwise wait for rule_on_waiting(), across restarts. Takes both, or, when it throws, nothing.
    [[nodiscard]] std::vector<StoredFeed> subscribe(const std::vector<Feed>& feeds, TimePoint now,
                                                    const std::vector<Rule>& rules = {});

    // Rules on up to `limit` stored items that wait for it, in one transaction.
    [[nodiscard]] RuledBatch rule_on_waiting(std::size_t limit, TimePoint now);

    // What is remembered of the hosts.
    [[nodiscard]] std::vector<HostState> hosts();

    // Stores finished polls in one transaction: items, validators and the next check together, or, when it throws,
    // nothing. The same items stored again change nothing. Throws Trouble when the file is not in its
    // place any more.
    Commit commit(const std::vector<Poll>& polls);

    // Makes the item a story of its own, for good: it and what is like it stay out of the old one. Returns the new
    // generation. Fails with `not_found`, or `conflict` when the item is alone in its story.
    [[nodiscard]] Result<std::uint64_t> split(ItemId item, TimePoint now);

    // Makes the stories of two items one, for good. Returns the new generation. Fails with `not_found`, or `conflict`
    // when they are one already.
    [[nodiscard]] Result<std::uint64_t> merge(ItemId a, ItemId b, TimePoint now);

    // Gives the items of the feed's last healing their old ids back. Returns how many; fails with `conflict` when
    // nothing is healed.
    [[nodiscard]] Result<std::uint64_t> undo_heal(FeedId feed, TimePoint now);

    // Takes items away. As long as their feeds carry them they do not come back. Returns how many there were.
    std::uint64_t purge(const std::vector<ItemId>& items, TimePoint now);

    // A small step of what keeps the database small: items whose time is over go, then figures of days long past, then
    // what is left of the items in the full-text index, then the room they took. To be called until there is no more to
    // do, which notes how large the database is then.
    [[nodiscard]] Tidied tidy(TimePoint now);

    // Lets go of memory that busy moments fill and quiet ones do not need.
    void rest();

    // As the functions of marks.hpp, search_index.hpp and account.hpp.
    [[nodiscard]] Marked mark(const MarkRequest& request);
    [[nodiscard]] Marked tag(const TagRequest& request);
    [[nodiscard]] Marked rename_tag(const std::string& from, const std::string& to);
    [[nodiscard]] Indexed index_pending(std::size_t limit);
    [[nodiscard]] std::optional<Account> account();
    void set_account(const std::optional<Account>& account);

    // Forgets a feed that is not subscribed any more, and its items; returns how many went. A story that other feeds
    // tell too stays. A poll of it that finishes later is dropped.
    std::uint64_t purge_feed(FeedId feed, TimePoint now);

  private:
    struct Impl;
    explicit Writer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace agg::store
