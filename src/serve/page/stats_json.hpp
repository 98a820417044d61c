// The figures of the last 30 days, as /stats shows them and as JSON.
#pragma once

#include <string>

#include "serve/admin.hpp"
#include "store/reader.hpp"

namespace agg::serve::page {

struct StatsView {
    DaemonStatus status;
    store::Statistics figures;
    store::DedupStats dedup;
};

// "2026-11-23": days are counted in UTC.
[[nodiscard]] std::string date_of(TimePoint day);

// How long an answer took on average; 0 when there was none.
[[nodiscard]] std::chrono::milliseconds mean_duration(const store::PollCounts& polls);

// docs/page.md names the members. Pure.
[[nodiscard]] std::string write_stats_json(const StatsView& view);

}  // namespace agg::serve::page
