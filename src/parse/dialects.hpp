// The readers of the dialects. Each takes the element that stands for the feed and fills a ParsedFeed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/parsed_feed.hpp"
#include "base/result.hpp"
#include "parse/limits.hpp"
#include "parse/xml.hpp"

namespace agg::parse {

// The element of `xml` that is a feed's root, wherever junk has pushed it; false when there is none.
[[nodiscard]] Element feed_root(const Xml& xml);

// Reads what feed_root found.
[[nodiscard]] ParsedFeed read_xml_feed(const Element& root);

[[nodiscard]] ParsedFeed read_rss(const Element& root);   // rss, RDF or a bare channel
[[nodiscard]] ParsedFeed read_atom(const Element& root);  // feed or a bare entry
[[nodiscard]] ParsedFeed read_cdf(const Element& root);   // CHANNEL

// Reads JSON Feed 1.0 and 1.1. `base` is the document's address. Fails with not_a_feed.
[[nodiscard]] Result<ParsedFeed> read_json_feed(std::string_view text, const std::string& base);

}  // namespace agg::parse
