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
#include "fetch/hosts.hpp"
#include "fetch/wall_timer.hpp"

namespace agg::fetch {

// What a poll is. aggd implements it.
class PollHandler {
  public:
    virtual ~PollHandler() = default;

    // Polls the feed once, stores what it brought, and returns when to poll it again; absent: not until asked. What it
    // throws is logged, and the feed is polled again an hour later.
    [[nodiscard]] virtual Task<std::optional<TimePoint>> poll(FeedId feed) = 0;

    // The clock was set back, so that what is due by the old one may be years away: schedules every feed anew.
    virtual void clock_set_back() = 0;
};

struct Pace {
    // Polls at once, in all. Those that have taken longer than `patience` are no longer counted, so that servers that
    // hang delay nobody else; four times as many run at most.
    std::size_t max_transfers = 32;
    std::chrono::milliseconds patience{5'000};
    // Between starts of overdue feeds, so that there is no burst after a start, a suspend or an outage; less where all
    // of them would take longer than `catch_up_within`.
    std::chrono::milliseconds catch_up_spacing{250};
    std::chrono::milliseconds catch_up_within{std::chrono::minutes{7}};
};

// Where a feed is polled: a scope of Hosts, and whose it is. No name: nobody is bothered (files).
struct HostOfFeed {
    std::string name;
    Whose whose = Whose::somebodys;
};

enum class Hold { respect, override_once };

class Poller {
  public:
    // `hosts` says how each host is treated, at every start anew; it must outlive the poller.
    Poller(asio::any_io_executor executor, PollHandler& handler, const Hosts& hosts, Pace pace);

    // Adds a feed, or changes when it is due next; absent: never polled before, due at once.
    void schedule(FeedId feed, HostOfFeed host, std::optional<TimePoint> due);

    // The feed stays known, but is polled only by poll_now().
    void suspend(FeedId feed, HostOfFeed host);

    // A running poll of it goes on; what it returns is not scheduled.
    void forget(FeedId feed);

    // Polls the feed as soon as its host allows, whatever its due time, and returns when that is done; at once, past
    // its host's holds, spacing and queue, with Hold::override_once. Joins a poll that is waiting or running already.
    // Returns at once for a feed that is not known or when the poller has stopped.
    [[nodiscard]] Task<void> poll_now(FeedId feed, Hold hold);

    // We are offline: until `retry` only what poll_now() asks for is started, then three polls at a time, until
    // online().
    void offline(TimePoint retry);
    void online();

    // When something is due next; absent: nothing is.
    [[nodiscard]] std::optional<TimePoint> next_due() const;
    [[nodiscard]] std::size_t running() const { return running_since_.size(); }

    // Starts nothing any more; running polls end by themselves.
    void stop();

  private:
    struct Entry {
        HostOfFeed host;
        std::optional<TimePoint> due;  // in asked_ or queue_ while set
        std::optional<TimePoint> running_since;
        bool suspended = false;
        bool asked = false;  // by poll_now()
        Hold hold = Hold::respect;
        bool in_line = false;                                      // in its host's line
        std::vector<std::shared_ptr<asio::steady_timer>> waiting;  // poll_now() calls
    };
    struct Host {
        std::size_t running = 0;
        std::optional<FeedId> next;  // starts as soon as spacing and hold are over
        TimePoint next_start{};
        TimePoint next_release{};  // of those that wait for the end of a hold, where nothing else spaces them
        std::deque<FeedId> line;   // due feeds behind it
    };

    void put(FeedId feed, Entry& entry, std::optional<TimePoint> due);
    [[nodiscard]] std::optional<std::pair<TimePoint, FeedId>> next_start(TimePoint now) const;
    [[nodiscard]] std::chrono::milliseconds catch_up_spacing() const;
    void pump();
    bool start_if_allowed(FeedId feed, Entry& entry, TimePoint now);
    void leave_host(FeedId feed, Entry& entry);
    void call_next(const HostOfFeed& name, Host& host);
    [[nodiscard]] bool put_off(FeedId feed, Entry& entry, Host& host, TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_free_slot(TimePoint now) const;
    [[nodiscard]] Task<void> run(FeedId feed, HostOfFeed host, TimePoint since);
    void finished(FeedId feed, const HostOfFeed& host, TimePoint since, std::optional<TimePoint> next);

    asio::any_io_executor executor_;
    PollHandler& handler_;
    const Hosts& host_rules_;
    Pace pace_;
    WallTimer timer_;
    std::unordered_map<FeedId, Entry> entries_;
    std::set<std::pair<TimePoint, FeedId>> asked_;  // poll_now() does not wait behind a backlog
    std::set<std::pair<TimePoint, FeedId>> queue_;
    std::unordered_map<std::string, Host> hosts_;
    TimePoint next_catch_up_{};
    TimePoint last_look_{};  // at the clock
    std::optional<TimePoint> offline_until_;
    std::multiset<TimePoint> running_since_;
    bool stopped_ = false;
};

}  // namespace agg::fetch
