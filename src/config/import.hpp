// Whole lists of feeds into feeds.conf, and out of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/feed_list.hpp"

namespace agg::config {

enum class ImportOutcome {
    added,
    skipped,  // subscribed already, or twice in the list
    invalid,
};
[[nodiscard]] const char* to_string(ImportOutcome outcome);

struct ImportedFeed {
    ImportOutcome outcome = ImportOutcome::invalid;
    std::string name;    // in feeds.conf; of an invalid one its title, or where it stands in the list
    std::string url;     // as Url::shown; empty where there is none
    std::string reason;  // in words, unless it was added as it stands in the list
};

struct Import {
    std::string text;                 // feeds.conf afterwards; the text before when nothing was added
    std::vector<ImportedFeed> feeds;  // in the list's order
};

// `text` with a table at its end for every feed of `list` that it does not have; what it has stays as it is. Two feeds
// are the same when their addresses are (url_identity; user, password and secrets aside where the list left them out).
// Folders and categories become tags. Settings that feeds.conf would refuse, or that open the own network or name
// files, are left out and told. Fails with `invalid` when `text` has errors.
[[nodiscard]] Result<Import> with_feeds(std::string_view text, const FeedList& list);

// The feeds of `text` as a list of our own: in the order of the file, own settings included, secrets left out. Title is
// the user's own, site is empty. Fails with `invalid` when `text` has errors.
[[nodiscard]] Result<std::vector<Outline>> listed_feeds(std::string_view text);

}  // namespace agg::config
