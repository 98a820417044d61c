// What parse/ sees in a document, before clean/: text as written (decoded to UTF-8), HTML not yet safe, dates not yet repaired.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/item.hpp"
#include "base/time.hpp"

namespace agg {

enum class MarkupType { plain, html };

// Text that may be markup. `base` is the absolute URL that relative references in it resolve against (xml:base and the
// document's address already applied); empty when there is none.
struct Markup {
    std::string text;
    MarkupType type = MarkupType::plain;
    std::string base;
};

// A date as written, and as understood. `time` is absent when `text` is no date.
struct ParsedDate {
    std::string text;
    std::optional<TimePoint> time;
};

// Where an item was taken from, as its feed names it.
struct ParsedSource {
    Markup title;
    std::string link;
};

struct ParsedItem {
    std::string id;             // guid, atom:id, rdf:about: unchanged
    std::string link;           // absolute where a base was known
    std::string original_link;  // feedburner:origLink: where `link` leads in the end
    std::string comments;
    Markup title;
    Markup summary;
    Markup content;
    std::vector<Author> authors;
    std::vector<std::string> categories;
    std::vector<Enclosure> enclosures;
    std::string image;
    std::optional<std::chrono::seconds> duration;
    ParsedSource source;
    std::string language;
    ParsedDate published;
    ParsedDate updated;
};

// What the feed itself says about polling it. Units as named; already clamped to sane values.
struct PollingHints {
    std::optional<std::chrono::minutes> ttl;                   // RSS ttl
    std::optional<std::chrono::minutes> syndication_interval;  // sy:updatePeriod / sy:updateFrequency
    std::vector<int> skip_hours;                               // 0 to 23, UTC
    std::vector<int> skip_days;                                // 0 Sunday to 6 Saturday, UTC

    friend bool operator==(const PollingHints&, const PollingHints&) = default;
};

struct ParsedFeed {
    Format format = Format::rss;
    Markup title;
    Markup subtitle;
    std::string link;  // the site, never the feed itself
    std::string id;
    std::string language;
    std::string icon;
    std::string logo;
    ParsedDate published;
    ParsedDate updated;
    std::vector<Author> authors;
    std::vector<std::string> categories;
    PollingHints hints;
    std::vector<ParsedItem> items;      // document order
    std::vector<std::string> warnings;  // what was repaired or left out, for people
    bool cut_short = false;             // the document ended before its end: more items may follow in the whole one
    bool last_item_cut_short = false;   // within its last item
};

}  // namespace agg
