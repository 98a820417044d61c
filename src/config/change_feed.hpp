// Changing keys of a feed that stands in feeds.conf, leaving every other byte as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace agg::config {

// What becomes of a feed's keys; absent members stay as they are, empty ones are taken out.
struct FeedChange {
    std::optional<std::string> title;
    std::optional<std::vector<std::string>> tags;
};

// `text` with the feed's keys changed: in place where they stand, with the comment behind them, else below the last key
// of [feed.NAME]. Fails with `not_found`; with `invalid` when `text` has errors or holds the feed in a way that cannot
// be edited (an inline table, dotted keys).
[[nodiscard]] Result<std::string> with_feed_changed(std::string_view text, std::string_view name,
                                                    const FeedChange& change);

// `text` as a TOML string, in quotes.
[[nodiscard]] std::string toml_string(std::string_view text);

// ["news", "world"]
[[nodiscard]] std::string toml_array(const std::vector<std::string>& texts);

}  // namespace agg::config
