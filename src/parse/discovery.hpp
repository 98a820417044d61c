// Web pages, as far as a feed reader looks at them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parse/parse.hpp"

namespace agg::parse {

// What a document that is no feed is: "a web page titled \"Sign in\"", "an empty document", "an OPML list".
[[nodiscard]] std::string describe(std::string_view text);

// The feeds that the page `html` (UTF-8), fetched from `url`, offers.
[[nodiscard]] std::vector<FeedLink> feed_links_in(std::string_view html, const std::string& url);

}  // namespace agg::parse
