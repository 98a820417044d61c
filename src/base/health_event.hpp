// A change in how a feed does, for people: an entry of /health.atom.
#pragma once

#include <string>

#include "base/time.hpp"

namespace agg {

// The numbers are stored: never change them, only add.
enum class HealthKind {
    broken = 1,
    recovered = 2,
    moved = 3,
    gone = 4,
    stale = 5,
    rate_limited = 6,
    lying_cache = 7,
    dead = 8,
    ids_healed = 9,  // the feed gave its items new ids; they were recognised
};

struct HealthEvent {
    HealthKind kind = HealthKind::broken;
    TimePoint at{};
    std::string feed;   // its name in feeds.conf
    std::string title;  // a line: "Quay Notes is broken: 404 Not Found since 12 May"
    std::string text;   // what happened, in sentences
    std::string fix;    // the command that mends it or tells more: "aggctl why quay-notes"

    friend bool operator==(const HealthEvent&, const HealthEvent&) = default;
};

}  // namespace agg
