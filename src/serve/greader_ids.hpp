// The names that the Google Reader API has for items and streams, in all the forms that clients write. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/item.hpp"

namespace agg::serve {

// tag:google.com,2005:reader/item/000000000000007b
[[nodiscard]] std::string long_item_id(StoryId story);

// Reads the long form (padded or not), a bare hexadecimal one, or a decimal one. All digits without a leading zero are
// decimal (liferea, and what we emit ourselves), everything else is hexadecimal (Reeder). Absent when it is none.
[[nodiscard]] std::optional<StoryId> parse_item_id(std::string_view text);

struct Stream {
    enum class Kind { reading_list, read, unread, starred, label, feed, other };
    Kind kind = Kind::other;
    std::string name;  // of a label; a feed's number or URL
};

// Reads "user/-/state/com.google/read", "user/1005/label/World news", "feed/7", "feed/https://...". States that clients
// name and nobody keeps (tracking-kept-unread, like, broadcast) are `other`.
[[nodiscard]] Stream parse_stream(std::string_view text);

// user/-/label/NAME
[[nodiscard]] std::string label_stream(std::string_view name);

inline constexpr const char* k_state_reading_list = "user/-/state/com.google/reading-list";
inline constexpr const char* k_state_read = "user/-/state/com.google/read";
inline constexpr const char* k_state_starred = "user/-/state/com.google/starred";

}  // namespace agg::serve
