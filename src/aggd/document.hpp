// What the workers make of a body: parse, clean, fingerprint. Synchronous, no shared state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/item.hpp"
#include "fetch/judge.hpp"
#include "fetch/response.hpp"
#include "store/writer.hpp"

namespace agg::aggd {

struct Document {
    fetch::Reading reading;  // what fetch::judge needs to know of it
    FeedInfo info;
    std::vector<store::KeyedItem> items;
};

// Reads the body of a 200 that arrived at `now`. Absent when its bytes are those of the last document,
// `last_fingerprint`.
[[nodiscard]] std::optional<Document> read_document(const fetch::Response& response, std::uint64_t last_fingerprint,
                                                    TimePoint now);

}  // namespace agg::aggd
