// Bytes of a document become a ParsedFeed. Synchronous, no shared state: call it from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/parsed_feed.hpp"
#include "base/result.hpp"

namespace agg::parse {

// A document as it arrived. All but `bytes` may be empty.
struct Document {
    std::string_view bytes;
    std::string content_type;      // the HTTP Content-Type header, unchanged
    std::string url;               // where it was fetched from, after redirects: the base of relative references
    std::string content_location;  // the HTTP Content-Location header: overrides `url` as base, resolved against it
};

// Reads RSS 0.90 to 2.0, RSS 1.0 (RDF), CDF, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1 in any encoding, repairing what is broken.
// What was repaired or left out stands in ParsedFeed::warnings.
// Fails with `not_a_feed` when the document is something else; the message names what it is ("a web page titled ...",
// "an empty document", "JSON, but no JSON Feed").
[[nodiscard]] Result<ParsedFeed> parse(const Document& document);

// A feed that a web page names in its head (<link rel="alternate">) or, failing that, links to.
struct FeedLink {
    std::string url;    // absolute
    std::string title;  // may be empty
    std::string type;   // media type as written; may be empty
};

// The feeds that the web page `document` offers, in page order, each address once. Empty when it offers none.
[[nodiscard]] std::vector<FeedLink> feed_links(const Document& document);

}  // namespace agg::parse
