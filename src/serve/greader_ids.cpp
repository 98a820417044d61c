#include "serve/greader_ids.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"

namespace agg::serve {

std::string long_item_id(StoryId story) {
    return fmt::format("tag:google.com,2005:reader/item/{:016x}", static_cast<std::uint64_t>(story));
}

std::optional<StoryId> parse_item_id(std::string_view text) {
    text = trim(text);
    const bool is_long = text.find('/') != std::string_view::npos;
    if (is_long) text = text.substr(text.rfind('/') + 1);
    const bool is_decimal = !is_long && !text.starts_with('0') &&
                            std::all_of(text.begin(), text.end(), [](char c) { return is_ascii_digit(c); });
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, is_decimal ? 10 : 16);
    if (text.empty() || read.ec != std::errc{} || read.ptr != end || number > (std::uint64_t{1} << 62))
        return std::nullopt;
    return StoryId{static_cast<std::int64_t>(number)};
}

Stream parse_stream(std::string_view text) {
    text = trim(text);
    if (text.starts_with("feed/")) return {Stream::Kind::feed, std::string(text.substr(5))};
    if (!text.starts_with("user/")) return {};
    text.remove_prefix(5);
    text = text.substr(std::min(text.find('/'), text.size()));  // any user is ours
    if (text.starts_with("/label/") && text.size() > 7) return {Stream::Kind::label, std::string(text.substr(7))};
    constexpr std::string_view k_states = "/state/com.google/";
    if (!text.starts_with(k_states)) return {};
    const std::string_view state = text.substr(k_states.size());
    if (state == "reading-list") return {Stream::Kind::reading_list, {}};
    if (state == "read") return {Stream::Kind::read, {}};
    if (state == "kept-unread" || state == "unread") return {Stream::Kind::unread, {}};
    if (state == "starred") return {Stream::Kind::starred, {}};
    return {};
}

std::string label_stream(std::string_view name) { return fmt::format("user/-/label/{}", name); }

}  // namespace agg::serve
