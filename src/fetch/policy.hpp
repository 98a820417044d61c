// The numbers of the fetch policy that feeds.conf may set for all feeds.
#pragma once

#include <chrono>

namespace agg::fetch {

struct Policy {
    unsigned move_polls = 3;                                     // that a permanent redirect must be seen in
    std::chrono::milliseconds move_age{std::chrono::hours{24}};  // from the first of them to the last, at least
    // The longest time without a document asked for unconditionally: servers get stuck on 304.
    std::chrono::milliseconds revalidate{std::chrono::hours{24 * 8}};
};

}  // namespace agg::fetch
