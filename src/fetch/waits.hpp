// What servers say about when to come back. Pure; every malformed value counts as not said.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

// How long the answer stays fresh from `now` on: max-age minus Age, else Expires minus Date (RFC 9111, 4.2). Absent
// when the server does not say, or says something unusable; never negative; at most a century (more than 64 bits of
// seconds count as that).
[[nodiscard]] std::optional<std::chrono::milliseconds> freshness(const Headers& headers, TimePoint now);

// How long Retry-After asks to stay away, in seconds or as a date (RFC 9110, 10.2.3). Absent when it is missing or
// unusable.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(std::string_view value, TimePoint now);

// The first time at or after `due` that is in no hour and on no day (UTC) that the feed asks to skip. Hints that name
// every hour or every day are nonsense and are ignored.
[[nodiscard]] TimePoint outside_skipped(TimePoint due, const PollingHints& hints);

}  // namespace agg::fetch
