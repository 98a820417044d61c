// One key of a [feed.NAME] as people type it: interval=30min, tags=news,world, paused=true.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace agg::config {

struct Node;

struct Setting {
    std::string key;
    std::string text;

    friend bool operator==(const Setting&, const Setting&) = default;
};

// A TOML string that holds `text`.
[[nodiscard]] std::string toml_string(std::string_view text);

// ["news", "world"]
[[nodiscard]] std::string toml_array(const std::vector<std::string>& texts);

// What stands behind "KEY = " in feeds.conf for a value that was typed: a string where the key takes one, else the text
// as TOML (true, 5, ["a", "b"]), else a list of its parts between commas. Fails with `invalid` and what the key takes.
[[nodiscard]] Result<std::string> toml_value(const Setting& setting);

// The text for which toml_value gives `value` back. Absent for what nobody types: tables and dates.
[[nodiscard]] std::optional<std::string> typed_text(const Node& value);

// True for what [feed.NAME] may hold.
[[nodiscard]] bool is_feed_key(std::string_view key);

// True for the settings that a list of feeds may carry to another machine: none that lets a feed into the own network,
// or names a file or a secret.
[[nodiscard]] bool is_portable(std::string_view key);

}  // namespace agg::config
