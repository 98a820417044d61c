// Decides how to ask and what an answer means. Pure: no clock, no network, no database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/poll_state.hpp"
#include "base/result.hpp"
#include "fetch/due.hpp"
#include "fetch/moves.hpp"
#include "fetch/policy.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

// How to poll `feed` at `now`: at its effective URL, with the stored validators unless its server is audited. Fails
// with `invalid` when the URL cannot be read.
[[nodiscard]] Result<Request> request_for(const Feed& feed, const PollState& state, const Policy& policy,
                                          TimePoint now);

// What parse/ made of the body of a 200.
struct Reading {
    std::uint64_t fingerprint = 0;  // of the body
    std::optional<Error> error;     // it is no feed
    bool cut_short = false;         // a feed that ends before its end
    PollingHints hints;
    std::vector<TimePoint> published;       // the dates of its items
    std::vector<std::uint64_t> identities;  // of its items, in its order
    std::size_t items = 0;
};

enum class Outcome {
    document,       // a feed, with something changed since the last one
    same_document,  // 200 with the bytes of the last one: nothing to store
    not_modified,   // 304
    held,           // 429 or 503: the server asked us to stay away
    failed,
    gone,  // 410, for the second time in a row
};

[[nodiscard]] constexpr const char* to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::document: return "document";
        case Outcome::same_document: return "same_document";
        case Outcome::not_modified: return "not_modified";
        case Outcome::held: return "held";
        case Outcome::failed: return "failed";
        case Outcome::gone: return "gone";
    }
    return "unknown";
}

struct Verdict {
    Outcome outcome = Outcome::failed;
    PollState state;  // to store, with the items if there are any
};

// Judges `answer` to a poll of `feed` made at `now`. `reading` is there if the answer is a 200 whose body was not the
// last one's. Validators are taken only from a 200 that parsed (both replaced) or that repeats the last document, and
// from a 304 (those present replaced: RFC 9111, 4.3.4). A document that is cut short gives its items, but no
// validators: libcurl does not notice a compressed body that breaks off where Content-Length says. After any other
// answer the stored pair stays, so that the next poll can see the items again. The next poll is never before
// `now` + feed.min_interval and never later than feed.max_interval after it, jitter included.
[[nodiscard]] Verdict judge(const Result<Response>& answer, const std::optional<Reading>& reading, const Feed& feed,
                            const PollState& before, const Policy& policy, TimePoint now);

}  // namespace agg::fetch
