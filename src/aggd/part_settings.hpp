// What single parts of the daemon need of the configuration.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "serve/listener.hpp"
#include "serve/view_spec.hpp"

namespace agg::aggd {

// Where the merged feed says that it is: the TCP address that is really listened on, if any.
[[nodiscard]] std::string base_url(const std::vector<serve::Listener>& listeners);

[[nodiscard]] serve::Catalog catalog_of(const config::Config& config);

// Overdue feeds are caught up with in half the shortest interval at most.
[[nodiscard]] std::chrono::milliseconds catch_up_time(const config::Config& config);

}  // namespace agg::aggd
