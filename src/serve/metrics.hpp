// What monitoring reads: GET /metrics, in Prometheus' text exposition format 0.0.4.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/histogram.hpp"
#include "base/time.hpp"
#include "serve/server.hpp"

namespace agg::serve {

// Counts are since the start; everything else is as it is now.
struct Metrics {
    std::string version;
    TimePoint started{};
    std::map<std::string, std::uint64_t> feeds;  // by state
    std::map<std::string, std::uint64_t> polls;  // by outcome
    Histogram poll_durations;
    std::uint64_t poll_bytes_received = 0;
    std::optional<TimePoint> last_successful_poll;
    bool offline = false;
    bool storing = true;                   // the database takes what polls bring
    std::uint64_t items = 0, stories = 0;  // stored
    std::uint64_t items_ingested = 0, items_revised = 0, stories_ingested = 0;
    std::map<std::string, std::uint64_t> duplicates;  // by rule
    std::uint64_t polls_due = 0, polls_in_flight = 0, polls_to_commit = 0, stories_to_index = 0, event_streams = 0;
    std::uint64_t database_bytes = 0, wal_bytes = 0;
    ServerCounts server;
};

[[nodiscard]] std::string write_metrics(const Metrics& metrics);

}  // namespace agg::serve
