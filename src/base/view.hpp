// A saved query that is served as a feed of its own.
#pragma once

#include <cstddef>
#include <string>

#include "base/query.hpp"

namespace agg {

// How many entries of a story a view shows.
enum class Dedup {
    off,    // one per telling
    exact,  // one per address
    story,  // one
};

// Whether a story's entry has the same id in every view. Readers that keep one row per id for all their feeds
// (newsboat) need `view` for a story to show in two of them.
enum class IdScope { all, view };

// One [view.NAME] of feeds.conf.
struct View {
    std::string name;        // unique; as a feed's
    std::string title;       // empty: the name
    std::string query_text;  // as written
    Query query;
    std::size_t entries = 100;  // stories, when the reader asks for no other number
    Dedup dedup = Dedup::story;
    IdScope id_scope = IdScope::all;

    friend bool operator==(const View&, const View&) = default;
};

}  // namespace agg
