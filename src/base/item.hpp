// An item as the rest of the pipeline knows it: clean, safe to show, dated.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace agg {

// The database's numbers. They grow with arrival and are never reused.
enum class ItemId : std::int64_t {};
enum class StoryId : std::int64_t {};

enum class Format { rss, rdf, atom, json_feed, cdf };

// "RSS 2.0", "Atom" and so on, for people.
[[nodiscard]] constexpr const char* to_string(Format format) {
    switch (format) {
        case Format::rss: return "RSS";
        case Format::rdf: return "RSS 1.0";
        case Format::atom: return "Atom";
        case Format::json_feed: return "JSON Feed";
        case Format::cdf: return "CDF";
    }
    return "unknown";
}

struct Author {
    std::string name;
    std::string email;
    std::string url;

    friend bool operator==(const Author&, const Author&) = default;
};

struct Enclosure {
    std::string url;
    std::string type;  // media type; empty when unknown
    std::optional<std::uint64_t> length_bytes;

    friend bool operator==(const Enclosure&, const Enclosure&) = default;
};

// Where an item was taken from, when its feed is a collection of others (RSS source, atom:source).
struct Source {
    std::string title;
    std::string link;

    friend bool operator==(const Source&, const Source&) = default;
};

// What a feed says of itself, cleaned.
struct FeedInfo {
    Format format = Format::rss;
    std::string title;     // plain text
    std::string subtitle;  // plain text
    std::string site;      // absolute URL of the web site; may be empty
    std::string icon;
    std::string language;
};

// One cleaned item. Every string is valid UTF-8 without control characters; every URL is absolute http, https or another safe scheme.
struct Item {
    std::string id;             // as in the feed, unchanged; may be empty
    std::string link;           // without tracking parameters; may be empty
    std::string canonical_url;  // the article's identity across feeds; empty when the link identifies no article
    std::string title;          // plain text
    std::string summary_html;   // safe HTML
    std::string content_html;   // safe HTML
    std::vector<Author> authors;
    std::vector<std::string> categories;
    std::vector<Enclosure> enclosures;
    std::string image;
    std::string comments;
    std::string language;
    std::optional<std::chrono::seconds> duration;
    Source source;
    TimePoint published{};             // always set: repaired where the feed's is missing or absurd
    bool published_repaired = false;   // true: `published` is our repair, not the feed's word
    std::string published_text;        // the feed's own words, when they were repaired; else empty
    std::optional<TimePoint> updated;  // only when the feed says so and it is later than `published`

    friend bool operator==(const Item&, const Item&) = default;
};

}  // namespace agg
