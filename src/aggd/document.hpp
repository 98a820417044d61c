// What the workers make of a body: parse, clean, fingerprint, pack. Synchronous, no shared state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aggd/seen_documents.hpp"
#include "base/item.hpp"
#include "fetch/judge.hpp"
#include "fetch/response.hpp"
#include "parse/parse.hpp"
#include "store/writer.hpp"

namespace agg::aggd {

struct Document {
    fetch::Reading reading;  // what fetch::judge needs to know of it
    FeedInfo info;
    std::vector<store::KeyedItem> items;   // but those that `seen` had: they are as they were
    std::vector<store::Body> bodies;       // of `items`
    std::vector<std::uint64_t> unchanged;  // the identities of those
    SeenDocument seen;                     // for the next one
    std::vector<std::string> warnings;     // what was repaired or left out
};

// The body of `response` as parse/ takes it; a view into it. Its base holds no secret: links are made with it.
[[nodiscard]] parse::Document document_of(const fetch::Response& response);

// Reads the body of a 200 that arrived at `now`. Absent when its bytes are those of the last document,
// `last_fingerprint`. `seen` is the last document, or null: then every item counts as changed.
[[nodiscard]] std::optional<Document> read_document(const fetch::Response& response, std::uint64_t last_fingerprint,
                                                    const SeenDocument* seen, TimePoint now);

}  // namespace agg::aggd
