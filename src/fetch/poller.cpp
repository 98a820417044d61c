#include "fetch/poller.hpp"

#include <limits>

#include <boost/asio/redirect_error.hpp>

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr TimePoint k_at_once{};
constexpr milliseconds k_overdue = seconds{2};
constexpr milliseconds k_after_a_broken_poll = hours{1};
// A clock that jumps, or a machine that slept, is noticed within this time: the timer counts running time only.
constexpr milliseconds k_longest_sleep = minutes{10};

TimePoint now() { return floor<milliseconds>(system_clock::now()); }

}  // namespace

Poller::Poller(asio::any_io_executor executor, PollHandler& handler, Pace pace)
    : executor_(std::move(executor)), handler_(handler), pace_(pace), timer_(executor_) {}

void Poller::put(FeedId feed, Entry& entry, std::optional<TimePoint> due) {
    if (entry.due) {
        asked_.erase({*entry.due, feed});
        queue_.erase({*entry.due, feed});
    }
    entry.due = due;
    if (due) (entry.asked ? asked_ : queue_).insert({*due, feed});
}

void Poller::schedule(FeedId feed, std::string host, std::optional<TimePoint> due) {
    Entry& entry = entries_[feed];
    entry.suspended = false;
    if (!entry.running) leave_host(feed, entry);
    entry.host = std::move(host);
    if (!entry.running) put(feed, entry, entry.asked ? k_at_once : due.value_or(k_at_once));
    pump();
}

void Poller::suspend(FeedId feed, std::string host) {
    Entry& entry = entries_[feed];
    entry.suspended = true;
    if (!entry.running) leave_host(feed, entry);
    entry.host = std::move(host);
    if (!entry.running) put(feed, entry, entry.asked ? std::optional{k_at_once} : std::nullopt);
    pump();
}

void Poller::forget(FeedId feed) {
    const auto found = entries_.find(feed);
    if (found == entries_.end()) return;
    Entry& entry = found->second;
    if (!entry.running) leave_host(feed, entry);
    put(feed, entry, std::nullopt);
    for (const auto& timer : entry.waiting) timer->cancel();
    entries_.erase(found);
    pump();
}

Task<void> Poller::poll_now(FeedId feed) {
    const auto found = entries_.find(feed);
    if (found == entries_.end() || stopped_) co_return;
    Entry& entry = found->second;
    auto wake = std::make_shared<asio::steady_timer>(executor_, asio::steady_timer::time_point::max());
    entry.waiting.push_back(wake);
    if (!entry.running && !entry.asked) {
        put(feed, entry, std::nullopt);
        entry.asked = true;
        put(feed, entry, k_at_once);
        pump();
    }
    boost::system::error_code ignored;
    co_await wake->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

std::optional<TimePoint> Poller::next_due() const {
    std::optional<TimePoint> first;
    for (const auto* waiting : {&asked_, &queue_})
        if (!waiting->empty() && (!first || waiting->begin()->first < *first)) first = waiting->begin()->first;
    return first;
}

void Poller::stop() {
    stopped_ = true;
    timer_.cancel();
    for (auto& [feed, entry] : entries_)
        for (const auto& timer : entry.waiting) timer->cancel();
}

void Poller::wake_at(TimePoint time) {
    timer_.expires_after(std::clamp(time - now(), milliseconds{0}, k_longest_sleep));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) pump();
    });
}

// Which feed to try next, and when. Overdue feeds wait for each other, nobody waits for them.
std::optional<std::pair<TimePoint, FeedId>> Poller::next_start(TimePoint time) const {
    std::optional<std::pair<TimePoint, FeedId>> first;
    const auto consider = [&](TimePoint start, FeedId feed) {
        if (!first || start < first->first) first = {start, feed};
    };
    if (!asked_.empty()) consider(asked_.begin()->first, asked_.begin()->second);
    const auto on_time = queue_.lower_bound({time - k_overdue, FeedId{std::numeric_limits<std::int64_t>::min()}});
    if (on_time != queue_.begin()) consider(next_catch_up_, queue_.begin()->second);
    if (on_time != queue_.end()) consider(on_time->first, on_time->second);
    return first;
}

std::chrono::milliseconds Poller::catch_up_spacing() const {
    const auto feeds = static_cast<std::int64_t>(std::max<std::size_t>(entries_.size(), 1));
    return std::min(pace_.catch_up_spacing, pace_.catch_up_within / feeds);
}

void Poller::pump() {
    while (!stopped_ && running_ < pace_.max_transfers) {
        const TimePoint time = now();
        next_catch_up_ = std::min(next_catch_up_, time + catch_up_spacing());  // the clock may have been set back
        const auto next = next_start(time);
        if (!next) return;
        const auto [start, feed] = *next;
        if (start > time) return wake_at(start);
        Entry& entry = entries_.at(feed);
        const bool catching_up = !entry.asked && *entry.due < time - k_overdue;
        if (start_if_allowed(feed, entry, time) && catching_up) next_catch_up_ = time + catch_up_spacing();
    }
}

// Starts the poll, or puts it off: until its host's spacing is over, or behind the feed whose turn it is there.
bool Poller::start_if_allowed(FeedId feed, Entry& entry, TimePoint time) {
    if (!entry.host.empty()) {
        Host& host = hosts_[entry.host];
        if (host.turn && *host.turn != feed) {
            put(feed, entry, std::nullopt);
            if (entry.in_line) std::erase(host.line, feed);
            entry.in_line = true;
            if (entry.asked)
                host.line.push_front(feed);
            else
                host.line.push_back(feed);
            return false;
        }
        host.turn = feed;
        host.next_start = std::min(host.next_start, time + pace_.host_spacing);  // the clock may have been set back
        if (time < host.next_start) {
            put(feed, entry, host.next_start);
            return false;
        }
        host.next_start = time + pace_.host_spacing;
    }
    put(feed, entry, std::nullopt);
    entry.running = true;
    entry.asked = false;
    ++running_;
    spawn(executor_, "poll", run(feed, entry.host));
    return true;
}

// Gives up the place in the line of its host, or its turn there. Not for a feed that is running.
void Poller::leave_host(FeedId feed, Entry& entry) {
    const auto found = hosts_.find(entry.host);
    if (found == hosts_.end()) return;
    Host& host = found->second;
    if (entry.in_line) std::erase(host.line, feed);
    entry.in_line = false;
    if (host.turn == feed) call_next(host);
}

void Poller::call_next(Host& host) {
    host.turn.reset();
    if (host.line.empty()) return;
    const FeedId feed = host.line.front();
    host.line.pop_front();
    host.turn = feed;
    Entry& entry = entries_.at(feed);
    entry.in_line = false;
    put(feed, entry, host.next_start);
}

Task<void> Poller::run(FeedId feed, std::string host) {
    co_await asio::post(
        asio::use_awaitable);  // spawn() runs on at once: a poll that ends so must not meet pump() half-way
    std::optional<TimePoint> next = now() + k_after_a_broken_poll;
    try {
        next = co_await handler_.poll(feed);
    } catch (const std::exception& failure) {
        log::error("a poll broke off: {}", failure.what());
    }
    finished(feed, host, next);
}

void Poller::finished(FeedId feed, const std::string& host, std::optional<TimePoint> next) {
    --running_;
    if (!host.empty()) call_next(hosts_.at(host));
    const auto found = entries_.find(feed);
    if (found != entries_.end()) {
        Entry& entry = found->second;
        entry.running = false;
        put(feed, entry, entry.suspended ? std::nullopt : next);
        for (const auto& timer : entry.waiting) timer->cancel();
        entry.waiting.clear();
    }
    pump();
}

}  // namespace agg::fetch
