// One poll, from the question to the commit: the spine of aggd.
#pragma once

#include <functional>
#include <optional>

#include "aggd/commit_queue.hpp"
#include "aggd/subscriptions.hpp"
#include "base/async.hpp"
#include "fetch/client.hpp"
#include "fetch/judge.hpp"
#include "fetch/poller.hpp"

namespace agg::aggd {

// Since the start.
struct PollCounts {
    std::uint64_t polls = 0;
    std::uint64_t not_modified = 0;  // 304s and repeated documents
    std::uint64_t errors = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t new_items = 0;
    std::uint64_t told_elsewhere = 0;  // of the new items
};

class Polls : public fetch::PollHandler {
  public:
    // `committed` is called on the io thread with the generation that readers see from then on; `rerouted` when the feed
    // is asked at another address from then on, or not at all: the poller must be told.
    Polls(fetch::Client& client, asio::thread_pool& workers, CommitQueue& commits, Subscriptions& subscriptions,
          std::function<void(std::uint64_t generation)> committed, std::function<void(FeedId feed)> rerouted)
        : client_(client),
          workers_(workers),
          commits_(commits),
          subscriptions_(subscriptions),
          committed_(std::move(committed)),
          rerouted_(std::move(rerouted)) {}

    // Fetches, parses, cleans, recognises and stores.
    [[nodiscard]] Task<std::optional<TimePoint>> poll(FeedId feed) override;

    // The same for an answer that is already here, to a request for `url`: `aggctl add` has fetched it once and does
    // not fetch it again.
    [[nodiscard]] Task<Committed> take(FeedId feed, std::string url, const Result<fetch::Response>& answer);

    // Takes effect with the next poll.
    void use(fetch::Policy policy) { policy_ = policy; }

    [[nodiscard]] const fetch::Policy& policy() const { return policy_; }
    [[nodiscard]] const PollCounts& counts() const { return counts_; }

  private:
    fetch::Client& client_;
    asio::thread_pool& workers_;
    CommitQueue& commits_;
    Subscriptions& subscriptions_;
    std::function<void(std::uint64_t)> committed_;
    std::function<void(FeedId)> rerouted_;
    fetch::Policy policy_;
    PollCounts counts_;
};

}  // namespace agg::aggd
