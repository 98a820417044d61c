// Values of feeds.conf that say how feeds are requested. As in values.hpp: each is absent when it is not what the name
// says, which is then among the findings. What may hold a secret is not repeated in a finding.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/values.hpp"

namespace agg::config {

// The URL of a proxy; "" for "none".
[[nodiscard]] std::optional<std::string> read_proxy(const Value& value);

// What a User-Agent begins with.
[[nodiscard]] std::optional<std::string> read_user_agent(const Value& value);

// Names and values of header lines, none of which aggd or HTTP itself sets.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> read_headers(const Value& value);

// The absolute path of a file with passwords; a relative one is taken from $CREDENTIALS_DIRECTORY when systemd sets
// that, else from the folder of feeds.conf.
[[nodiscard]] std::optional<std::string> read_credentials_path(const Value& value);

}  // namespace agg::config
