#include "fetch/poller.hpp"

#include <limits>

#include <boost/asio/post.hpp>

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr TimePoint k_at_once{};
constexpr milliseconds k_overdue = seconds{2};
constexpr milliseconds k_after_a_broken_poll = hours{1};
constexpr milliseconds k_longest_outage_retry = minutes{10};
constexpr milliseconds k_trifle = minutes{1};  // by which a clock may be set back and nobody need mind
constexpr std::size_t k_probes_at_once = 3;    // while we are offline

TimePoint now() { return floor<milliseconds>(system_clock::now()); }

}  // namespace

Poller::Poller(asio::any_io_executor executor, PollHandler& handler, const Hosts& hosts, Pace pace)
    : executor_(std::move(executor)), handler_(handler), host_rules_(hosts), pace_(pace), timer_(executor_, [this] {
          pump();
      }) {}

void Poller::put(FeedId feed, Entry& entry, std::optional<TimePoint> due) {
    if (entry.due) {
        asked_.erase({*entry.due, feed});
        queue_.erase({*entry.due, feed});
    }
    entry.due = due;
    if (due) (entry.asked ? asked_ : queue_).insert({*due, feed});
}

void Poller::schedule(FeedId feed, HostOfFeed host, std::optional<TimePoint> due) {
    Entry& entry = entries_[feed];
    entry.suspended = false;
    if (!entry.running_since) leave_host(feed, entry);
    entry.host = std::move(host);
    if (!entry.running_since) put(feed, entry, entry.asked ? k_at_once : due.value_or(k_at_once));
    pump();
}

void Poller::suspend(FeedId feed, HostOfFeed host) {
    Entry& entry = entries_[feed];
    entry.suspended = true;
    if (!entry.running_since) leave_host(feed, entry);
    entry.host = std::move(host);
    if (!entry.running_since) put(feed, entry, entry.asked ? std::optional{k_at_once} : std::nullopt);
    pump();
}

void Poller::forget(FeedId feed) {
    const auto found = entries_.find(feed);
    if (found == entries_.end()) return;
    Entry& entry = found->second;
    if (!entry.running_since) leave_host(feed, entry);
    put(feed, entry, std::nullopt);
    for (const auto& timer : entry.waiting) timer->cancel();
    entries_.erase(found);
    pump();
}

Task<void> Poller::poll_now(FeedId feed, Hold hold) {
    const auto found = entries_.find(feed);
    if (found == entries_.end() || stopped_) co_return;
    Entry& entry = found->second;
    auto wake = std::make_shared<asio::steady_timer>(executor_, asio::steady_timer::time_point::max());
    entry.waiting.push_back(wake);
    if (!entry.running_since && (!entry.asked || hold == Hold::override_once)) {
        if (hold == Hold::override_once) leave_host(feed, entry);
        put(feed, entry, std::nullopt);
        entry.asked = true;
        entry.hold = hold;
        put(feed, entry, k_at_once);
        pump();
    }
    co_await wait_on(*wake);
}

std::optional<TimePoint> Poller::next_due() const {
    std::optional<TimePoint> first;
    for (const auto* waiting : {&asked_, &queue_})
        if (!waiting->empty() && (!first || waiting->begin()->first < *first)) first = waiting->begin()->first;
    return first;
}

void Poller::offline(TimePoint retry) {
    offline_until_ = retry;
    pump();
}

void Poller::online() {
    offline_until_.reset();
    pump();
}

void Poller::stop() {
    stopped_ = true;
    timer_.stop();
    for (auto& [feed, entry] : entries_)
        for (const auto& timer : entry.waiting) timer->cancel();
}

// Which feed to try next, and when. Overdue feeds wait for each other, nobody waits for them.
std::optional<std::pair<TimePoint, FeedId>> Poller::next_start(TimePoint time) const {
    std::optional<std::pair<TimePoint, FeedId>> first;
    const auto consider = [&](TimePoint start, FeedId feed) {
        if (!first || start < first->first) first = {start, feed};
    };
    if (!asked_.empty()) consider(asked_.begin()->first, asked_.begin()->second);
    if (offline_until_ && running() >= k_probes_at_once) return first;
    const TimePoint earliest = offline_until_.value_or(TimePoint::min());
    const auto on_time = queue_.lower_bound({time - k_overdue, FeedId{std::numeric_limits<std::int64_t>::min()}});
    if (on_time != queue_.begin()) consider(std::max(next_catch_up_, earliest), queue_.begin()->second);
    if (on_time != queue_.end()) consider(std::max(on_time->first, earliest), on_time->second);
    return first;
}

std::chrono::milliseconds Poller::catch_up_spacing() const {
    const auto feeds = static_cast<std::int64_t>(std::max<std::size_t>(entries_.size(), 1));
    return std::min(pace_.catch_up_spacing, pace_.catch_up_within / feeds);
}

void Poller::pump() {
    while (!stopped_) {
        const TimePoint time = now();
        const bool set_back = time + k_trifle < last_look_;
        last_look_ = time;
        if (set_back) return handler_.clock_set_back();  // which comes back here
        // By less, all the same.
        next_catch_up_ = std::min(next_catch_up_, time + catch_up_spacing());
        if (offline_until_) offline_until_ = std::min(*offline_until_, time + k_longest_outage_retry);
        const auto next = next_start(time);
        if (!next) return;
        auto [start, feed] = *next;
        const auto slot = next_free_slot(time);
        if (!slot) return;  // the next poll that ends comes back here
        start = std::max(start, *slot);
        if (start > time) return timer_.set(start);
        Entry& entry = entries_.at(feed);
        const bool catching_up = !entry.asked && *entry.due < time - k_overdue;
        if (start_if_allowed(feed, entry, time) && catching_up) next_catch_up_ = time + catch_up_spacing();
    }
}

// When another poll may run beside those that do, by itself; absent: not before one of them ends.
std::optional<TimePoint> Poller::next_free_slot(TimePoint time) const {
    if (running() < pace_.max_transfers) return TimePoint::min();
    if (running() >= 4 * pace_.max_transfers) return std::nullopt;
    const TimePoint last_counted = *std::prev(running_since_.end(), static_cast<std::ptrdiff_t>(pace_.max_transfers));
    // Later than now by more than the patience: the clock was set back.
    return std::min(last_counted, time) + pace_.patience;
}

// Starts the poll, unless its host says later.
bool Poller::start_if_allowed(FeedId feed, Entry& entry, TimePoint time) {
    if (!entry.host.name.empty()) {
        Host& host = hosts_[entry.host.name];
        if (entry.hold == Hold::respect && put_off(feed, entry, host, time)) return false;
        ++host.running;
    }
    put(feed, entry, std::nullopt);
    entry.running_since = time;
    running_since_.insert(time);
    entry.asked = false;
    entry.hold = Hold::respect;
    if (!entry.host.name.empty()) call_next(entry.host, hosts_.at(entry.host.name));
    spawn(executor_, "poll", run(feed, entry.host, time));
    return true;
}

// Puts the poll off until its host's spacing or hold is over, or behind the feeds that wait there already; false when
// nothing is in its way, and then the host's next start is spaced from this one.
bool Poller::put_off(FeedId feed, Entry& entry, Host& host, TimePoint time) {
    const HostPace pace = host_rules_.pace(entry.host.name, entry.host.whose, time);
    if (!pace.bounded) {
        leave_host(feed, entry);  // it may have been bounded before: nobody waits there any more
        if (time >= pace.held_until) return false;
        host.next_release = std::max(host.next_release + pace_.catch_up_spacing, pace.held_until);
        put(feed, entry, host.next_release);
        return true;
    }
    if (host.running >= pace.max_transfers || (host.next && *host.next != feed)) {
        if (host.next == feed) host.next.reset();  // its turn is over: call_next() calls whoever is first in the line
        put(feed, entry, std::nullopt);
        if (entry.in_line) std::erase(host.line, feed);
        entry.in_line = true;
        if (entry.asked)
            host.line.push_front(feed);
        else
            host.line.push_back(feed);
        return true;
    }
    host.next_start = std::min(host.next_start, time + pace.spacing);  // the clock may have been set back
    const TimePoint start = std::max(host.next_start, pace.held_until);
    if (time < start) {
        host.next = feed;
        put(feed, entry, start);
        return true;
    }
    host.next.reset();
    host.next_start = time + pace.spacing;
    return false;
}

// Gives up the place in the line of its host, or its turn there. Not for a feed that is running.
void Poller::leave_host(FeedId feed, Entry& entry) {
    const auto found = hosts_.find(entry.host.name);
    if (found == hosts_.end()) return;
    Host& host = found->second;
    if (entry.in_line) std::erase(host.line, feed);
    entry.in_line = false;
    if (host.next != feed) return;
    host.next.reset();
    call_next(entry.host, host);
}

// Lets the first of those that wait at the host step forward, if there is room.
void Poller::call_next(const HostOfFeed& name, Host& host) {
    if (host.next || host.line.empty()) return;
    const HostPace pace = host_rules_.pace(name.name, name.whose, now());
    if (host.running >= pace.max_transfers) return;
    const FeedId feed = host.line.front();
    host.line.pop_front();
    host.next = feed;
    Entry& entry = entries_.at(feed);
    entry.in_line = false;
    put(feed, entry, std::max(host.next_start, pace.held_until));
}

Task<void> Poller::run(FeedId feed, HostOfFeed host, TimePoint since) {
    co_await asio::post(
        asio::use_awaitable);  // spawn() runs on at once: a poll that ends so must not meet pump() half-way
    std::optional<TimePoint> next = now() + k_after_a_broken_poll;
    try {
        next = co_await handler_.poll(feed);
    } catch (const std::exception& failure) {
        log::error("a poll broke off: {}", failure.what());
    }
    finished(feed, host, since, next);
}

void Poller::finished(FeedId feed, const HostOfFeed& host, TimePoint since, std::optional<TimePoint> next) {
    running_since_.erase(running_since_.find(since));
    if (!host.name.empty()) {
        Host& left = hosts_.at(host.name);
        --left.running;
        call_next(host, left);
    }
    const auto found = entries_.find(feed);
    if (found != entries_.end()) {
        Entry& entry = found->second;
        entry.running_since.reset();
        put(feed, entry, entry.suspended ? std::nullopt : next);
        for (const auto& timer : entry.waiting) timer->cancel();
        entry.waiting.clear();
    }
    pump();
}

}  // namespace agg::fetch
