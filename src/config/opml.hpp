// Subscription lists as feed readers exchange them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/setting.hpp"

namespace agg::config {

// One subscription of a list.
struct Outline {
    std::string url;                  // xmlUrl, white space around it removed, otherwise as written
    std::string title;                // the title attribute, else text; may be empty
    std::vector<std::string> folder;  // titles of the enclosing outlines, outermost first; empty at the top
    std::vector<std::string> tags;    // of category, or what else a list has of tags
    std::string site;                 // htmlUrl; may be empty
    std::string name;               // in feeds.conf: a list of our own has it, and then `settings` tell title and tags
    std::vector<Setting> settings;  // of [feed.NAME], and what others' attributes mean there
    bool secrets_removed = false;   // user, password or token were left out of the URL when the list was written

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

// OPML 2.0 with `outlines` in their order; neighbours in one folder share it. Names and settings stand in a namespace
// of our own, so that read_opml gives back what was written (texts with single spaces and without control characters).
// Nothing else is in it, so that equal subscriptions make equal bytes.
[[nodiscard]] std::string write_opml(const std::vector<Outline>& outlines, std::string_view title);

}  // namespace agg::config
