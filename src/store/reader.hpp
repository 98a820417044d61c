// Reading what is stored: pages of stories, and the items that people name. Synchronous; one Reader per thread at a
// time, any number of Readers beside the Writer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/time.hpp"
#include "store/duplicates.hpp"
#include "store/find_item.hpp"
#include "store/health_rows.hpp"
#include "store/rule_trial.hpp"
#include "store/rulings.hpp"
#include "store/selection.hpp"
#include "store/space.hpp"
#include "store/statistics.hpp"
#include "store/streams.hpp"

namespace agg::store {

// One outlet's telling of a story.
struct Member {
    ItemId id{};
    FeedId feed{};
    TimePoint arrived{};
    std::string feed_name;   // as in feeds.conf
    std::string feed_title;  // the user's title, else the feed's, else the name
    std::string feed_url;    // as in feeds.conf: show only through shown_url
    std::string feed_site;   // may be empty
    Item item;
};

// What the merged feed shows as one entry: one or more items that tell the same.
struct Story {
    StoryId id{};
    std::string
        uid;  // "urn:uuid:...": the entry's id; never changes, also when the database is made anew from the same items
    TimePoint changed_at{};  // when it was last revised or told by another outlet; its first item's own date as long as
                             // neither happened
    TimePoint place{};       // in the order of the merged feed: its date, or later where it came late
    bool is_read = false;
    bool is_starred = false;
    bool is_hidden = false;         // by rules: none of its tellings is shown
    std::vector<std::string> tags;  // given to the story itself, not to its feeds
    ItemId first{};                 // the telling that began it, shown or not
    std::uint64_t fingerprint = 0;  // of all that its entry shows: another value when any of it changed
    std::vector<Member> members;    // that are shown, of a hidden story all; never empty. The feed that is preferred
                                    // leads, then the first to tell it: by published date, then by arrival
};

// Some stories and the state of the store they belong to, read in one snapshot.
struct Page {
    std::uint64_t generation = 0;
    std::uint64_t marks = 0;        // grows with every change of read, starred, tags, and of the full-text index
    TimePoint changed_at{};         // when that generation came about
    std::uint64_t fingerprint = 0;  // of the stories and their order
    std::vector<Story> stories;     // newest first
    std::optional<Position> next;   // where the following page begins; absent: this is the last
};

struct Totals {
    std::uint64_t feeds = 0;    // subscribed now
    std::uint64_t items = 0;    // stored, all members
    std::uint64_t stories = 0;  // entries they make: items - stories were told more than once
    std::uint64_t hidden = 0;   // of these, those that rules hide
    std::uint64_t unruled = 0;  // items that wait to be ruled on by the rules in force
};

class Reader {
  public:
    // Opens the database at `path` read-only. Throws SQLite::Exception when that cannot be done: a Writer has made it
    // before.
    explicit Reader(const std::string& path);
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    // The stories that `selection` asks for, bodies included. When the page's fingerprint is `known`, the caller has
    // them already, and `stories` stays empty: that costs a tenth.
    [[nodiscard]] Page page(const Selection& selection, std::uint64_t known = 0);

    // The newest `limit` stories of all.
    [[nodiscard]] Page newest(std::size_t limit);

    // These stories, in this order; those that do not exist or are hidden are left out.
    enum class Bodies { yes, no };
    [[nodiscard]] Page stories(const std::vector<StoryId>& ids, Bodies bodies = Bodies::yes);

    // One story, hidden or not; absent when there is none.
    [[nodiscard]] std::optional<Story> story(StoryId id);

    // As the functions of streams.hpp.
    [[nodiscard]] std::vector<StoryId> stream(const StreamRequest& request);
    [[nodiscard]] Arrivals arrivals(const Query& query, StoryId after, std::size_t limit, TimePoint now);
    [[nodiscard]] StoryId place_before_last(const Query& query, std::size_t count, TimePoint now);
    [[nodiscard]] StoryId newest_story();
    [[nodiscard]] std::vector<FeedCount> count_unread();
    [[nodiscard]] std::vector<std::string> story_tags();

    // As store::find_item.
    [[nodiscard]] Result<FoundItem> find_item(std::string_view text, std::string_view canonical_url = {});

    // As the functions of duplicates.hpp.
    [[nodiscard]] std::optional<Origin> origin_of(ItemId item);
    [[nodiscard]] std::vector<DatedVersion> versions_of(ItemId item);
    [[nodiscard]] std::vector<Change> changes_of(ItemId item);
    [[nodiscard]] DedupStats dedup_stats();

    // As the functions of statistics.hpp.
    [[nodiscard]] Statistics statistics(TimePoint now);
    [[nodiscard]] std::vector<OutletDays> outlet_days(TimePoint now);
    [[nodiscard]] std::vector<PollDays> poll_days(TimePoint now);

    // As the functions of rulings.hpp and rule_trial.hpp.
    [[nodiscard]] std::vector<RuleHits> rule_hits();
    [[nodiscard]] TrialOutcome try_rule(const Trial& trial);

    // Grows with every change that a reader of the merged feed could see; survives restarts.
    [[nodiscard]] std::uint64_t generation();
    [[nodiscard]] std::uint64_t marks();

    [[nodiscard]] Totals totals();

    // As measure_space().
    [[nodiscard]] Space space(std::size_t feeds);
    // Stories that wait for the full-text index.
    [[nodiscard]] std::uint64_t stories_to_index();

    // The newest `limit` changes in how feeds do, the newest first.
    [[nodiscard]] std::vector<StoredHealthEvent> health_events(std::size_t limit);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace agg::store
