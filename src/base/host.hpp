// How a host is treated: what the user set, and what is remembered of its own requests. A host here is the scope of
// politeness: a registrable domain ("reddit.com" for www.reddit.com), or what [host.NAME] of feeds.conf names.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace agg {

// One [host.NAME] of feeds.conf: NAME and every name below it are one scope, apart from the rest of their domain.
struct HostRule {
    std::string name;                                  // lower case
    std::optional<std::chrono::milliseconds> spacing;  // between two starts
    std::optional<std::size_t> max_transfers;          // at once

    friend bool operator==(const HostRule&, const HostRule&) = default;
};

// What is remembered of a host. fetch/ decides it, store/ keeps it.
struct HostState {
    std::string host;
    std::optional<TimePoint> held_until;  // until then none of its feeds is polled
    std::string held_reason;              // in words
    unsigned limited = 0;                 // how often in a row it asked to slow down
    std::optional<TimePoint> limited_at;  // the last time
    // Between two requests, learned from its rate headers; in force until `spacing_until`.
    std::optional<std::chrono::milliseconds> spacing;
    std::optional<TimePoint> spacing_until;

    friend bool operator==(const HostState&, const HostState&) = default;
};

}  // namespace agg
