#include "fetch/audit.hpp"

#include <algorithm>

#include "fetch/due.hpp"

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr milliseconds k_audited_daily = hours{24};
constexpr int k_distances = 8;
// Items are dated some hours back by editors who kept them in a drawer: that alone is no lie.
constexpr milliseconds k_clearly_before = hours{6};

milliseconds longest_streak(const PollState& state, const Policy& policy) {
    const milliseconds least = std::min(k_audited_daily, policy.revalidate);
    if (state.lying_since) return least;
    const auto distance = mean_distance(state);
    return distance ? std::clamp(*distance * k_distances, least, policy.revalidate) : policy.revalidate;
}

bool is_known(const PollState& before, std::uint64_t identity) {
    const auto& known = before.item_identities;
    return std::find(known.begin(), known.end(), identity) != known.end();
}

}  // namespace

bool is_conditional(const PollState& state, const Policy& policy, TimePoint now) {
    if (state.validators.empty() || !state.last_document) return false;
    return now - *state.last_document < longest_streak(state, policy);
}

bool proves_a_lie(const PollState& before, const Validators& validators, const std::vector<std::uint64_t>& identities,
                  const std::vector<TimePoint>& published) {
    const bool was_told_304 =
        before.last_success && before.last_document && *before.last_success > *before.last_document;
    if (!was_told_304 || before.validators.empty()) return false;
    // Of a long document only the first items are remembered.
    const bool all_remembered = before.item_identities.size() < k_remembered_items;
    const std::size_t compared = all_remembered ? identities.size() : std::min(identities.size(), k_remembered_items);
    const bool tells_more = std::any_of(identities.begin(), identities.begin() + static_cast<std::ptrdiff_t>(compared),
                                        [&](std::uint64_t identity) { return !is_known(before, identity); });
    if (tells_more && validators == before.validators) return true;
    return before.newest_item && std::any_of(published.begin(), published.end(), [&](TimePoint time) {
               return time > *before.newest_item && time < *before.last_success - k_clearly_before;
           });
}

bool has_known_items(const PollState& before, const std::vector<std::uint64_t>& identities) {
    return std::any_of(identities.begin(), identities.end(),
                       [&](std::uint64_t identity) { return is_known(before, identity); });
}

}  // namespace agg::fetch
