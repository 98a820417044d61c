// Our view of a document in the neutral model that the conformance suite compares parsers by.
#pragma once

#include <string>

#include "parse/parse.hpp"

namespace agg::tools {

// One line of JSON without line break: {"format", "feed", "entries"}, {"feeds"} for an OPML list, or {"error"}.
[[nodiscard]] std::string feed_json(const parse::Document& document);

}  // namespace agg::tools
