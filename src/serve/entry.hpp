// A story as every format shows it: the rules that are the same in Atom, RSS and JSON Feed. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/view.hpp"
#include "store/reader.hpp"

namespace agg::serve {

// The feed that a view is: what stands above its entries.
struct ViewInfo {
    std::string id;  // an IRI that never changes
    std::string title;
    std::string self_url;
    std::string home_url;
    TimePoint changed_at{};   // when anything that it shows last arrived or changed
    std::string next_url;     // of the older entries that follow; empty: there are none
    std::string current_url;  // of the newest entries, when this is a page of older ones; else empty
};

struct Outlet {
    std::string id;        // an IRI, without secrets
    std::string title;     // empty: the entry is aggd's own and has no source
    std::string feed_url;  // without secrets; empty when it cannot be shown
    std::string site;      // may be empty
};

// Another outlet's telling of the same story.
struct AlsoTold {
    std::string outlet;
    std::string url;  // may be empty
};

struct Entry {
    std::string id;
    std::string title;  // never empty
    std::string link;   // empty only when nothing about the story has an address
    TimePoint published{};
    TimePoint updated{};          // never before `published`
    std::vector<Author> authors;  // never empty, each with a name: the outlet when the item names nobody
    std::vector<std::string> categories;
    std::vector<Enclosure> enclosures;  // each with a URL and a type
    std::string summary_html;           // the two together may be empty
    std::string content_html;           // the later of the two ends with the line that names the other outlets
    std::string image, comments;
    std::string language;  // a language tag, or empty
    std::optional<std::chrono::seconds> duration;
    std::vector<std::string> reader_states;  // for the Google Reader API: "user/-/state/com.google/read"
    Outlet outlet;
    std::vector<AlsoTold> also;  // each outlet once, without the leading one
};

// What a view makes of stories.
struct EntryRules {
    Dedup dedup = Dedup::story;
    std::string store_identity;  // part of the ids of entries that are not a whole story
    std::string id_scope;        // the view's path when its ids are its own; empty: a story's id is the same everywhere
    std::string leading_feed;    // this feed's telling leads where there is one; empty: the first to tell it
};

[[nodiscard]] Entry entry_of(const store::Story& story);

// The entries of a story, at least one. The one that holds the item that came first has the story's id; the others' are
// made of the store's identity and their item's number, and as constant.
[[nodiscard]] std::vector<Entry> entries_of(const store::Story& story, const EntryRules& rules);

// The text of `html` without its tags, entities decoded, white space collapsed. Good enough for titles and summaries of
// clean HTML.
[[nodiscard]] std::string plain_text(std::string_view html);

}  // namespace agg::serve
