// Which view a request asks for, read from its path and parameters. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/view.hpp"
#include "serve/entry.hpp"
#include "serve/http.hpp"
#include "store/selection.hpp"

namespace agg::serve {

enum class ViewFormat { atom, rss, json_feed };

struct FormatFacts {
    const char* extension;
    const char* media_type;
    std::string (*write)(const ViewInfo&, const std::vector<Entry>&);
};
[[nodiscard]] const FormatFacts& facts_of(ViewFormat format);

// What feeds.conf offers to be viewed.
struct Catalog {
    std::set<std::string> sources;  // names of feeds
    std::set<std::string> tags;     // of feeds and rules, in lower case
    std::vector<View> views;
};

struct ViewSpec {
    ViewFormat format = ViewFormat::atom;
    std::string path;   // "feed", "tag/news", "view/morning", "search": percent-encoded where it must be
    std::string title;  // empty: that of the feed which is shown
    store::Selection selection;
    Dedup dedup = Dedup::story;
    IdScope id_scope = IdScope::all;
    std::string source;        // the one feed that is shown; else empty
    std::string parameters;    // as they stand in the view's own address: "n=50&q=rain"; empty: none
    bool needs_marks = false;  // what it shows depends on more than the items: states, tags, the full-text index

    // The view's address below the base URL, of the page before `before` if that is given.
    [[nodiscard]] std::string address(const std::optional<store::Position>& before) const;

    // All that decides what is sent, beside what is stored and the coding.
    [[nodiscard]] std::string key() const;
};

// Reads a GET of /feed.*, /tag/NAME.*, /source/NAME.*, /view/NAME.* or /search.*. Parameters: n (1 to 1000 stories), q
// (a query that must hold as well), since, dedup, id_scope, and before, which next links carry. Fails with `invalid`,
// and with `not_found` when there is no such view, feed or tag.
[[nodiscard]] Result<ViewSpec> read_view(const Request& request, const Catalog& catalog, TimePoint now);

// A place as `before` carries it.
[[nodiscard]] std::string to_text(const store::Position& position);

// Reads such a place. Fails with `invalid`.
[[nodiscard]] Result<store::Position> read_position(std::string_view text);

// `text` as one segment of a path or a value of a query.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace agg::serve
