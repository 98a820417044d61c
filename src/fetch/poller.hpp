// When each feed is polled: due times, limits per host and in all. Lives on the io thread; wakes up only when something
// is due.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"
#include "base/feed.hpp"
#include "base/time.hpp"

namespace agg::fetch {

// What a poll is. aggd implements it.
class PollHandler {
  public:
    virtual ~PollHandler() = default;

    // Polls the feed once, stores what it brought, and returns when to poll it again; absent: not until asked. What it
    // throws is logged, and the feed is polled again an hour later.
    [[nodiscard]] virtual Task<std::optional<TimePoint>> poll(FeedId feed) = 0;
};

struct Pace {
    std::size_t max_transfers = 32;                 // polls at once, in all
    std::chrono::milliseconds host_spacing{1'000};  // between two starts at one host, which sees one poll at a time
    // Between starts of overdue feeds, so that there is no burst after a start, a suspend or an outage; less where all
    // of them would take longer than `catch_up_within`.
    std::chrono::milliseconds catch_up_spacing{250};
    std::chrono::milliseconds catch_up_within{std::chrono::minutes{7}};
};

class Poller {
  public:
    Poller(asio::any_io_executor executor, PollHandler& handler, Pace pace);

    // Adds a feed, or changes when it is due next; absent: never polled before, due at once. `host` is the scope of the
    // spacing; empty: none (private hosts, files).
    void schedule(FeedId feed, std::string host, std::optional<TimePoint> due);

    // The feed stays known, but is polled only by poll_now().
    void suspend(FeedId feed, std::string host);

    // A running poll of it goes on; what it returns is not scheduled.
    void forget(FeedId feed);

    // Polls the feed as soon as its host's spacing allows, whatever its due time, and returns when that is done. Joins
    // a poll that is waiting or running already. Returns at once for a feed that is not known or when the poller has
    // stopped.
    [[nodiscard]] Task<void> poll_now(FeedId feed);

    // When something is due next; absent: nothing is.
    [[nodiscard]] std::optional<TimePoint> next_due() const;
    [[nodiscard]] std::size_t running() const { return running_; }

    // Starts nothing any more; running polls end by themselves.
    void stop();

  private:
    struct Entry {
        std::string host;
        std::optional<TimePoint> due;  // in asked_ or queue_ while set
        bool running = false;
        bool suspended = false;
        bool asked = false;                                        // by poll_now()
        bool in_line = false;                                      // in its host's line
        std::vector<std::shared_ptr<asio::steady_timer>> waiting;  // poll_now() calls
    };
    struct Host {
        std::optional<FeedId> turn;  // is polled, or will be as soon as the spacing is over
        TimePoint next_start{};
        std::deque<FeedId> line;  // due feeds behind it
    };

    void put(FeedId feed, Entry& entry, std::optional<TimePoint> due);
    [[nodiscard]] std::optional<std::pair<TimePoint, FeedId>> next_start(TimePoint now) const;
    [[nodiscard]] std::chrono::milliseconds catch_up_spacing() const;
    void wake_at(TimePoint time);
    void pump();
    bool start_if_allowed(FeedId feed, Entry& entry, TimePoint now);
    void leave_host(FeedId feed, Entry& entry);
    void call_next(Host& host);
    [[nodiscard]] Task<void> run(FeedId feed, std::string host);
    void finished(FeedId feed, const std::string& host, std::optional<TimePoint> next);

    asio::any_io_executor executor_;
    PollHandler& handler_;
    Pace pace_;
    asio::steady_timer timer_;
    std::unordered_map<FeedId, Entry> entries_;
    std::set<std::pair<TimePoint, FeedId>> asked_;  // poll_now() does not wait behind a backlog
    std::set<std::pair<TimePoint, FeedId>> queue_;
    std::unordered_map<std::string, Host> hosts_;
    TimePoint next_catch_up_{};
    std::size_t running_ = 0;
    bool stopped_ = false;
};

}  // namespace agg::fetch
