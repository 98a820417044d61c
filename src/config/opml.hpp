// Subscription lists that other readers export.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace agg::config {

// One subscription of an OPML list.
struct Outline {
    std::string url;                  // xmlUrl, white space around it removed, otherwise as written
    std::string title;                // the title attribute, else text; may be empty
    std::vector<std::string> folder;  // titles of the enclosing outlines, outermost first; empty at the top

    friend bool operator==(const Outline&, const Outline&) = default;
};

struct OpmlList {
    std::vector<Outline> outlines;      // document order; an address may come twice, in two folders
    std::vector<std::string> warnings;  // what was repaired, for people
};

// Reads OPML 1.0 and 2.0 in any encoding, repairing what is not XML: every second list in the wild has a bare "&" or
// "<" in it. Outlines without an address are folders. An empty list is a list. Fails with `invalid` when the document
// is no OPML.
[[nodiscard]] Result<OpmlList> read_opml(std::string_view bytes);

}  // namespace agg::config
