// Lists of feeds from elsewhere: OPML, newsboat's urls, sfeed's sfeedrc, plain lines of addresses. Nothing that such a
// list would have a shell do is done.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/opml.hpp"

namespace agg::config {

enum class ListFormat { opml, urls, sfeedrc };  // urls: newsboat's, of which plain addresses are a part
[[nodiscard]] const char* to_string(ListFormat format);

// A line that is no feed, and why.
struct RefusedLine {
    std::string what;  // "line 12", the name of a feed; never an address, which may hold secrets
    std::string reason;
};

struct FeedList {
    ListFormat format = ListFormat::urls;
    std::vector<Outline> feeds;  // in the list's order, nothing checked yet
    std::vector<RefusedLine> refused;
    std::vector<std::string> warnings;  // what was repaired
};

// Reads a list in whatever format it is. Fails with `invalid` when it is none of them.
[[nodiscard]] Result<FeedList> read_feed_list(std::string_view bytes);

}  // namespace agg::config
