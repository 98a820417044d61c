// Edits of feeds.conf that keep every byte they do not concern: comments, order, blank lines, quoting, line ends.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/feed.hpp"
#include "base/result.hpp"
#include "config/setting.hpp"

namespace agg::config {

// What `aggctl add` writes of a new feed; empty members are not written.
struct NewFeed {
    std::string name;
    std::string url;
    std::string title;
    std::vector<std::string> tags;
    std::string interval;  // as typed: "30min"
};

// `text` with a table [feed.NAME] for `feed` at its end, behind a blank line, in the file's own line ends. Fails with
// `conflict` when the name is taken or the URL subscribed (the message names that feed), `invalid` when `text` has
// errors or the result would have.
[[nodiscard]] Result<std::string> with_feed(std::string_view text, const NewFeed& feed);

// `text` without [feed.NAME]: its header, its keys, what stands between them and the comments that touch them (directly
// above the header; directly below the last key, unless they touch what follows). A comment behind a blank line stays.
// Inline tables and dotted keys are found as well. It undoes with_feed. Fails with `not_found`; with `invalid` when
// `text` has errors or the feed shares a line with others.
[[nodiscard]] Result<std::string> without_feed(std::string_view text, std::string_view name);

// `text` with the url of [feed.NAME] replaced by `url`, every other byte as it is. Fails with `not_found`; with `conflict`
// when another feed has that URL (the message names it); with `invalid` when `text` has errors or the URL stands in an
// inline table.
[[nodiscard]] Result<std::string> with_feed_url(std::string_view text, std::string_view name, std::string_view url);

// `text` with those of `tags` that [feed.NAME] lacks added to its tags, every other byte as it is. Fails as
// with_feed_url does.
[[nodiscard]] Result<std::string> with_feed_tags(std::string_view text, std::string_view name,
                                                 const std::vector<std::string>& tags);
// `text` with the settings of [feed.NAME] changed, in the order given; an empty one is taken out, so that the feed has
// the default again. Only the values' own bytes change; a key that was not there stands behind the feed's last one.
// Fails with `not_found`; with `invalid` when `text` has errors, a setting is unknown or the result would not be valid.
[[nodiscard]] Result<std::string> with_settings(std::string_view text, std::string_view name,
                                                const std::vector<Setting>& settings);

// Names for feeds, no two the same.
class FeedNames {
  public:
    void take(const std::string& name) { taken_.insert(name); }
    // True when `name` was free and could be a feed's name; it is taken now.
    [[nodiscard]] bool take_if_free(const std::string& name);
    // A name that was free and is taken now; made as make_feed_name does.
    [[nodiscard]] std::string make(std::string_view title, std::string_view url);

  private:
    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, std::size_t> last_number_;
};

// True for what [feed.NAME] may be called.
[[nodiscard]] bool is_feed_name(std::string_view name);

// A name for a feed titled `title` at `url` that is not among `taken`: "bbc-news", "bbc-news-2". Never empty; titles
// in other scripts fall back to the host's name.
[[nodiscard]] std::string make_feed_name(std::string_view title, std::string_view url,
                                         const std::vector<std::string>& taken);

// Replaces the file by `text` if it still holds `expected`: a temporary file beside it, fsync, rename, fsync of the
// folder; mode and owner are kept (or the edit is refused), a symbolic link is followed. Fails with `conflict` when
// somebody else changed the file meanwhile, `storage` when it cannot be written; the old file is whole in both cases.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view expected, std::string_view text);

}  // namespace agg::config
