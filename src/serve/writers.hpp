// Entries in the formats that readers take. Pure: the same entries give the same bytes, which a strong ETag promises.
#pragma once

#include <string>
#include <vector>

#include "serve/entry.hpp"

namespace agg::serve {

// Atom 1.0 (RFC 4287). Media type application/atom+xml.
[[nodiscard]] std::string write_atom(const ViewInfo& view, const std::vector<Entry>& entries);

// RSS 2.0 (rssboard.org, 2.0.11) with content:encoded, dc:creator, atom:link and media:content. Media type
// application/rss+xml.
[[nodiscard]] std::string write_rss(const ViewInfo& view, const std::vector<Entry>& entries);

// JSON Feed 1.1. What it has no member for stands in "_aggd": the source feed and the other outlets. Media type
// application/feed+json.
[[nodiscard]] std::string write_json_feed(const ViewInfo& view, const std::vector<Entry>& entries);

}  // namespace agg::serve
