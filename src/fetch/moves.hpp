// Permanent redirects in quarantine: captive portals and parked domains redirect permanently too. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/feed.hpp"
#include "base/poll_state.hpp"
#include "base/url.hpp"
#include "fetch/policy.hpp"

namespace agg::fetch {

// Where the feed is asked: at the URL of feeds.conf, or where it has moved once that is believed. A user and a password
// in the URL go along within their scheme, host and port, and nowhere else.
[[nodiscard]] std::string effective_url(const Feed& feed, const PollState& state);

// True when `url` is at the host and port that feeds.conf names: the feed's own rights hold there and nowhere else.
[[nodiscard]] bool is_at_home(const Feed& feed, const Url& url);

// What a poll says about where the feed lives.
enum class Arrival {
    at_the_feed,  // 304, or a document with items that are known
    elsewhere,    // another answer: a page, 404, a document of which nothing is known
    unknown,      // no answer, or one that says nothing about it: 429, 5xx
};

// What is remembered of the move after a poll that was redirected for good to `moved_to` ("" when it was not). A move
// is believed after policy.move_polls polls in a row that arrived at the feed by the same redirect, over at least
// policy.move_age. An answer that says otherwise forgets it. Once it is believed, `before.url` itself is asked: the
// move stands until that fails `failures` = 3 times in a row; where it is redirected further, the quarantine begins
// anew.
[[nodiscard]] std::optional<Move> move_after(const std::optional<Move>& before, const std::string& moved_to,
                                             Arrival arrival, unsigned failures, const Policy& policy, TimePoint now);

}  // namespace agg::fetch
