// Documents for the tests of parse, written in one line.
#pragma once

#include <string>
#include <string_view>

#include "parse/parse.hpp"

namespace agg::parse {

// What parse() makes of `bytes`; fails the test when that is no feed.
inline ParsedFeed feed_of(std::string_view bytes, std::string url = {}, std::string content_type = {}) {
    auto feed = parse({.bytes = bytes, .content_type = std::move(content_type), .url = std::move(url), .content_location = {}});
    if (!feed) FAIL(feed.error().message);
    return std::move(*feed);
}

// What parse() says of what is no feed; "" when it takes it for one.
inline std::string refusal_of(std::string_view bytes) {
    const auto feed = parse({.bytes = bytes, .content_type = {}, .url = {}, .content_location = {}});
    return feed ? std::string{} : feed.error().message;
}

inline std::string rss(std::string_view channel) {
    return "<rss version=\"2.0\"><channel>" + std::string(channel) + "</channel></rss>";
}

// The one item of an RSS feed that consists of `elements`.
inline ParsedItem rss_item(std::string_view elements, std::string url = {}) {
    ParsedFeed feed = feed_of(rss("<item>" + std::string(elements) + "</item>"), std::move(url));
    REQUIRE(feed.items.size() == 1);
    return feed.items[0];
}

inline std::string when(const ParsedDate& date) { return date.time ? to_rfc3339(*date.time) : "no date"; }

}  // namespace agg::parse
