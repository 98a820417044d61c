// What is remembered of a host: how it asked to be treated. fetch/ decides it, store/ keeps it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace agg {

// A host here is the scope of politeness: a registrable domain, or what [host.NAME] of feeds.conf names.
struct HostState {
    std::string host;
    std::optional<TimePoint> held_until;  // until then none of its feeds is polled
    std::string held_reason;              // in words
    unsigned limited = 0;                 // how often it asked to slow down, in a row: a hold per answer counts once
    std::optional<TimePoint> limited_at;  // the last time
    // Between two requests, learned from its rate headers; in force until `spacing_until`.
    std::optional<std::chrono::milliseconds> spacing;
    std::optional<TimePoint> spacing_until;

    friend bool operator==(const HostState&, const HostState&) = default;
};

}  // namespace agg
