// What is wrong with a feed, for the one who publishes it. Pure: the requests were made by somebody else.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "fetch/response.hpp"
#include "serve/manage.hpp"

namespace agg::aggd {

struct Lint {
    std::string what;  // "RSS feed with 34 items"; what it is instead
    std::vector<serve::Finding> findings;
};

// Looks at a document that arrived at `now`: ids, dates, links, encoding, size. An answer that is no file has its
// status and headers looked at as well. The rules and their severities stand in aggctl(1).
[[nodiscard]] Lint lint(const fetch::Response& answer, TimePoint now);

// Looks at the answer to a second request that carried the validators of `first`: an unchanged feed is a 304.
[[nodiscard]] std::vector<serve::Finding> lint_validators(const fetch::Response& first, const fetch::Response& second);

// The validators of an answer as a request sends them back; empty when it has none.
[[nodiscard]] Validators validators_of(const fetch::Response& answer);

}  // namespace agg::aggd
