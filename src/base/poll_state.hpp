// What is remembered of a feed's polls. fetch/ decides it, store/ keeps it; both in one transaction with the items.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/parsed_feed.hpp"
#include "base/time.hpp"

namespace agg {

// An entity tag and a modification date as the server wrote them, byte for byte: sent back verbatim, as a pair (RFC
// 9110, 13.1).
struct Validators {
    std::string etag;
    std::string last_modified;

    [[nodiscard]] bool empty() const { return etag.empty() && last_modified.empty(); }
    friend bool operator==(const Validators&, const Validators&) = default;
};

// A permanent redirect. It waits in quarantine, because captive portals and parked domains redirect permanently too.
struct Move {
    std::string url;         // where it leads
    TimePoint since{};       // when it was seen first
    unsigned polls = 0;      // in a row that ended well there
    bool confirmed = false;  // believed: `url` is asked directly, until it fails; feeds.conf is the user's

    friend bool operator==(const Move&, const Move&) = default;
};

// What people have been told of a feed last: they are told changes, not failures. The numbers are stored: only add.
enum class Condition {
    fine = 0,
    broken = 1,        // it has failed for a while
    dead = 2,          // it has failed for two weeks: polled once a day
    gone = 3,          // 410: polled no more
    rate_limited = 4,  // the publisher asked to slow down
    stale = 5,         // it answers, but has told nothing new for far longer than is its habit
};

struct PollState {
    Validators validators;                       // of the last complete, parsed document
    std::string validators_url;                  // the final URL they belong to
    std::uint64_t body_fingerprint = 0;          // of that document's bytes; 0: none
    std::vector<std::uint64_t> item_identities;  // of some of that document's items, at most 32
    PollingHints hints;                          // what that document says about polling

    std::optional<TimePoint> rhythm_since;  // date of the oldest of that document's newest items
    unsigned rhythm_items = 0;              // how many items have come since, that one included
    std::optional<TimePoint> newest_item;   // the latest date among all items that it ever told
    // Since when its validators are known to lie: it answered 304 although there was something new.
    std::optional<TimePoint> lying_since;
    std::optional<Move> move;

    std::optional<TimePoint> last_poll;
    std::optional<TimePoint> last_success;   // a document or a 304
    std::optional<TimePoint> last_document;  // the last poll that brought a document in full
    std::uint64_t document_bytes = 0;        // that it received then, all hops; 0: not known
    std::optional<TimePoint> next_poll;      // absent: never polled yet, or not any more (gone)
    std::string next_poll_reason;            // the rule that set it, in words
    std::optional<TimePoint>
        not_before;                // until then nobody asks, a person neither: the server's or the feed's own word
    std::string last_result;       // what the last poll brought, in words
    int last_status = 0;           // of the last answer; 0: none arrived
    std::uint64_t last_bytes = 0;  // that it received, all hops
    std::chrono::milliseconds last_duration{0};
    std::uint64_t last_new_items = 0;  // that it stored
    unsigned failures = 0;             // in a row
    std::optional<TimePoint> failing_since;
    unsigned gone_answers = 0;  // 410s in a row
    bool gone = false;          // no longer polled on schedule
    Condition condition = Condition::fine;
};

}  // namespace agg
