// One poll, from the question to the commit: the spine of aggd.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "aggd/commit_queue.hpp"
#include "aggd/seen_documents.hpp"
#include "aggd/subscriptions.hpp"
#include "base/async.hpp"
#include "base/histogram.hpp"
#include "dedup/rules.hpp"
#include "fetch/client.hpp"
#include "fetch/hosts.hpp"
#include "fetch/judge.hpp"
#include "fetch/outage.hpp"
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
    std::uint64_t revised = 0;
    std::map<fetch::Outcome, std::uint64_t> by_outcome;
    std::map<dedup::Rule, std::uint64_t> told_by_rule;
    Histogram durations;  // of those that were answered
};

class Polls : public fetch::PollHandler {
  public:
    struct Parts {
        fetch::Client& client;
        asio::thread_pool& workers;
        CommitQueue& commits;
        Subscriptions& subscriptions;
        fetch::Hosts& hosts;
        // On the io thread, with the generation that readers see from then on.
        std::function<void(std::uint64_t generation)> committed;
        // Tells the poller when the feed is due.
        std::function<void(const Subscription&)> schedule;
        // We are offline until then at least; absent: online again.
        std::function<void(std::optional<TimePoint> retry)> network_changed;
    };
    explicit Polls(Parts parts) : parts_(std::move(parts)) {}

    // Fetches, parses, cleans, recognises and stores.
    [[nodiscard]] Task<std::optional<TimePoint>> poll(FeedId feed) override;

    void clock_set_back() override;

    // The same for an answer that is already here, to a request for `url`: `aggctl add` has fetched it once and does
    // not fetch it again.
    [[nodiscard]] Task<Committed> take(FeedId feed, std::string url, const Result<fetch::Response>& answer);

    // Looks at the feed's next document as a whole, also at what it held before.
    void look_again(FeedId feed) { seen_.forget(feed); }

    // Takes effect with the next poll.
    void use(fetch::Policy policy) { policy_ = policy; }

    [[nodiscard]] const fetch::Policy& policy() const { return policy_; }
    [[nodiscard]] const PollCounts& counts() const { return counts_; }

    // Since when no host can be reached, which is our own network's fault: no feed is charged.
    [[nodiscard]] std::optional<TimePoint> offline_since() const { return outage_.since(); }

  private:
    // A feed that could not be reached, as it stood before: it is put back when it turns out that we were offline.
    struct Suspect {
        FeedId feed;
        std::string url;
        PollState before;
    };
    enum class Blame { theirs, unclear, ours };
    std::optional<TimePoint> not_stored(FeedId feed, const std::string& why);
    [[nodiscard]] Blame blame_for(const Subscription& subscription, const Result<fetch::Response>& answer);
    void remember(Suspect suspect);
    Subscription* leave_uncharged(const Suspect& suspect, std::string why);
    [[nodiscard]] Task<void> uncharge_suspects();
    [[nodiscard]] std::optional<HostState> changed_host(const fetch::Response& answer, const Feed& feed,
                                                        const fetch::Verdict& verdict, TimePoint now) const;

    void reroute(FeedId feed);

    Parts parts_;
    fetch::Policy policy_;
    fetch::Outage outage_;
    SeenDocuments seen_;
    std::vector<Suspect> suspects_;  // since the last answer
    PollCounts counts_;
};

}  // namespace agg::aggd
