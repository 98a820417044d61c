// How much of a feed is believed. Nobody writes longer titles or more authors; who sends them wants memory.
#pragma once

#include <cstddef>

#include "base/parsed_feed.hpp"

namespace agg::parse {

constexpr std::size_t k_max_items = 20'000;  // readers stop at the one after it
constexpr std::size_t k_max_url_bytes = 8 * 1024;
constexpr std::size_t k_max_title_bytes = 16 * 1024;
constexpr std::size_t k_max_body_bytes = 4 * 1024 * 1024;
constexpr std::size_t k_max_people = 100;
constexpr std::size_t k_max_categories = 500;
constexpr std::size_t k_max_enclosures = 200;

// Cuts texts and lists to their limits and leaves out longer addresses; says so in the warnings, each kind once.
void keep_within_limits(ParsedFeed& feed);

}  // namespace agg::parse
