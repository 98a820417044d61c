// The feeds that are subscribed now and what is remembered of each: the io thread's copy of what the database holds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/poll_state.hpp"
#include "base/result.hpp"
#include "store/writer.hpp"

namespace agg::aggd {

struct Subscription {
    FeedId id{};
    Feed feed;
    FeedInfo info;
    PollState poll;
    std::uint64_t items = 0;  // stored
    bool uncharged = false;   // its last poll failed because we are offline: `poll` knows nothing of it

    // The user's title, else the feed's, else its name.
    [[nodiscard]] const std::string& title() const;
};

// Its last polls failed, and it is still polled.
[[nodiscard]] inline bool is_failing(const Subscription& subscription) {
    return !subscription.feed.paused && !subscription.poll.gone && subscription.poll.failures > 0;
}

class Subscriptions {
  public:
    // Replaces all of them: `stored` holds what is remembered of `feeds`, in the same order.
    void replace(const std::vector<Feed>& feeds, std::vector<store::StoredFeed> stored);

    // In the order of feeds.conf.
    [[nodiscard]] const std::vector<Subscription>& all() const { return all_; }

    // Null when the feed is no longer subscribed.
    [[nodiscard]] Subscription* find(FeedId id);

    // How many registrable domains they are polled at, machines of our own left out.
    [[nodiscard]] std::size_t public_hosts() const { return public_hosts_; }

    // The feed that is polled where `subscription` has moved to, in its stead: two feeds that became one are asked for
    // once. It is the one that feeds.conf names there, else the first that moved there. Null: it is polled itself.
    [[nodiscard]] const Subscription* polled_instead_of(const Subscription& subscription) const;

    // The feed that a person means: by its name, its exact URL, or a unique prefix of its title (case of ASCII letters
    // ignored). Fails with `not_found`, or with `ambiguous`, listing the candidates.
    [[nodiscard]] Result<const Subscription*> named(std::string_view text) const;

  private:
    std::vector<Subscription> all_;
    std::unordered_map<FeedId, std::size_t> by_id_;
    std::size_t public_hosts_ = 0;
};

}  // namespace agg::aggd
