// A parsed item becomes an Item that any reader can show: safe HTML, plain text, links without tracking, a sane date.
// Synchronous, no shared state: call it from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/item.hpp"
#include "base/parsed_feed.hpp"

namespace agg::clean {

// Cleans one item of `feed`. `now` is the time of the poll: a date that is missing or lies in the future is repaired
// with it, by the rule in clean/dates.hpp.
[[nodiscard]] Item clean_item(const ParsedItem& item, const ParsedFeed& feed, TimePoint now);

// Cleans what the feed says of itself.
[[nodiscard]] FeedInfo clean_feed(const ParsedFeed& feed);

}  // namespace agg::clean
