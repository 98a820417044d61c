// What pages embed: players that readers would rather open, and pictures that only count them.
#pragma once

#include <string>
#include <string_view>

#include "clean/html_tokenizer.hpp"

namespace agg::clean {

// The page of the video or sound that the player at `address` shows; empty when it is no player we know.
[[nodiscard]] std::string player_page(std::string_view address);

// True for a picture that nobody is meant to see: one of at most one pixel, or one of a well-known counter. `address`
// is its absolute source.
[[nodiscard]] bool is_tracking_pixel(const HtmlToken& image, std::string_view address);

}  // namespace agg::clean
