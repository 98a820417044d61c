// Reading what is stored: the merged view. Synchronous; one Reader per thread at a time, any number of Readers beside
// the Writer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/item.hpp"
#include "base/time.hpp"
#include "store/health_rows.hpp"

namespace agg::store {

// One outlet's telling of a story.
struct Member {
    ItemId id{};
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
    std::vector<Member> members;  // the first to tell it leads: by published date, then by arrival; never empty
};

// The newest stories and the generation they belong to, read in one snapshot.
struct Page {
    std::uint64_t generation = 0;
    TimePoint changed_at{};      // when that generation came about
    std::vector<Story> stories;  // newest first
};

struct Totals {
    std::uint64_t feeds = 0;    // subscribed now
    std::uint64_t items = 0;    // stored, all members
    std::uint64_t stories = 0;  // entries they make: items - stories were told more than once
};

class Reader {
  public:
    // Opens the database at `path` read-only. Throws SQLite::Exception when that cannot be done: a Writer has made it
    // before.
    explicit Reader(const std::string& path);
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    // The newest `limit` stories, bodies included.
    [[nodiscard]] Page newest(std::size_t limit);

    // Grows with every change that a reader of the merged feed could see; survives restarts.
    [[nodiscard]] std::uint64_t generation();

    [[nodiscard]] Totals totals();

    // The newest `limit` changes in how feeds do, the newest first.
    [[nodiscard]] std::vector<StoredHealthEvent> health_events(std::size_t limit);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace agg::store
