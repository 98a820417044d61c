// What the feeds' last documents held, item by item, as it was before cleaning. Most documents bring one new item among
// fifty that were there before: those are neither cleaned nor recognised again. In memory alone: after a start every
// document is looked at as a whole, and then once a day, for what takes its time (a purged item that is still there, a
// date that was in the future). Belongs to the io thread; the documents may be read by any.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/parsed_feed.hpp"
#include "base/time.hpp"

namespace agg::aggd {

struct SeenItem {
    std::uint64_t fingerprint = 0;           // of the parsed item
    std::uint64_t identity = 0;              // dedup::Keys::identity
    TimePoint published = TimePoint::min();  // min: the feed does not say
};

struct SeenDocument {
    std::string url;              // of the feed
    TimePoint looked_at{};        // as a whole
    std::vector<SeenItem> items;  // by fingerprint

    // Null when it was not there, or was another one.
    [[nodiscard]] const SeenItem* find(std::uint64_t fingerprint) const;
};

// Of all of `item` that cleaning it asks for.
[[nodiscard]] std::uint64_t fingerprint_of(const ParsedItem& item, const ParsedFeed& feed);

class SeenDocuments {
  public:
    // The feed's last document; null when the next one at `url` is to be looked at as a whole.
    [[nodiscard]] std::shared_ptr<const SeenDocument> last(FeedId feed, const std::string& url, TimePoint now) const;

    // To be called when all that the document brought is stored. Of many large feeds not all are remembered.
    void remember(FeedId feed, SeenDocument document);
    void forget(FeedId feed);

  private:
    std::map<FeedId, std::shared_ptr<const SeenDocument>> documents_;
    std::size_t items_ = 0;
};

}  // namespace agg::aggd
