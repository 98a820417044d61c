#include "fetch/poller.hpp"

#include <boost/asio/redirect_error.hpp>

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr milliseconds k_overdue = seconds{2};
constexpr milliseconds k_after_a_broken_poll = hours{1};
// A clock that jumps, or a machine that slept, is noticed within this time: the timer counts running time only.
constexpr milliseconds k_longest_sleep = minutes{10};

TimePoint now() { return floor<milliseconds>(system_clock::now()); }

}  // namespace

Poller::Poller(asio::any_io_executor executor, PollHandler& handler, Pace pace)
    : executor_(std::move(executor)), handler_(handler), pace_(pace), timer_(executor_) {}

void Poller::put(FeedId feed, Entry& entry, std::optional<TimePoint> due) {
    if (entry.due) queue_.erase({*entry.due, feed});
    entry.due = due;
    if (due) queue_.insert({*due, feed});
}

void Poller::schedule(FeedId feed, std::string host, std::optional<TimePoint> due) {
    Entry& entry = entries_[feed];
    entry.host = std::move(host);
    if (!entry.running && !entry.asked && !entry.in_line) put(feed, entry, due.value_or(TimePoint{}));
    pump();
}

void Poller::suspend(FeedId feed, std::string host) {
    Entry& entry = entries_[feed];
    entry.host = std::move(host);
    if (!entry.running && !entry.asked) put(feed, entry, std::nullopt);
}

void Poller::forget(FeedId feed) {
    const auto found = entries_.find(feed);
    if (found == entries_.end()) return;
    put(feed, found->second, std::nullopt);
    for (const auto& timer : found->second.waiting) timer->cancel();
    entries_.erase(found);
}

Task<void> Poller::poll_now(FeedId feed) {
    const auto found = entries_.find(feed);
    if (found == entries_.end() || stopped_) co_return;
    Entry& entry = found->second;
    auto wake = std::make_shared<asio::steady_timer>(executor_, asio::steady_timer::time_point::max());
    entry.waiting.push_back(wake);
    if (!entry.running) {
        entry.asked = true;
        put(feed, entry, TimePoint::min());
        pump();
    }
    boost::system::error_code ignored;
    co_await wake->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

std::optional<TimePoint> Poller::next_due() const {
    return queue_.empty() ? std::nullopt : std::optional{queue_.begin()->first};
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

void Poller::pump() {
    while (!stopped_ && running_ < pace_.max_transfers && !queue_.empty()) {
        const TimePoint time = now();
        const auto [due, feed] = *queue_.begin();
        if (due > time) return wake_at(due);
        Entry& entry = entries_.at(feed);
        const bool overdue = !entry.asked && !entry.staggered && due < time - k_overdue;
        if (overdue && next_catch_up_ > time) stagger(feed, entry, time);
        else start_if_allowed(feed, entry, time);
        if (overdue) {
            const auto share = pace_.catch_up_within / static_cast<std::int64_t>(entries_.size());
            next_catch_up_ = std::max(next_catch_up_, time) + std::min(pace_.catch_up_spacing, share);
        }
    }
}

void Poller::stagger(FeedId feed, Entry& entry, TimePoint time) {
    put(feed, entry, std::max(next_catch_up_, time));
    entry.staggered = true;
}

// Starts the poll, or puts it off: until its host's spacing is over, or behind the poll that its host is answering.
void Poller::start_if_allowed(FeedId feed, Entry& entry, TimePoint time) {
    if (!entry.host.empty()) {
        Host& host = hosts_[entry.host];
        if (host.busy) {
            put(feed, entry, std::nullopt);
            if (!entry.in_line) host.waiting.push_back(feed);
            entry.in_line = true;
            return;
        }
        if (time < host.next_start) {
            put(feed, entry, host.next_start);
            return;
        }
        host.busy = true;
        host.next_start = time + pace_.host_spacing;
    }
    put(feed, entry, std::nullopt);
    entry.running = true;
    entry.asked = false;
    entry.staggered = false;
    ++running_;
    spawn(executor_, "poll", run(feed));
}

Task<void> Poller::run(FeedId feed) {
    const std::string host = entries_.at(feed).host;
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
    if (!host.empty()) {
        Host& scope = hosts_[host];
        scope.busy = false;
        if (!scope.waiting.empty()) {
            const FeedId waiting = scope.waiting.front();
            scope.waiting.pop_front();
            const auto entry = entries_.find(waiting);
            if (entry != entries_.end() && entry->second.in_line) {
                entry->second.in_line = false;
                put(waiting, entry->second, scope.next_start);
            }
        }
    }
    const auto found = entries_.find(feed);
    if (found != entries_.end()) {
        Entry& entry = found->second;
        entry.running = false;
        put(feed, entry, next);
        for (const auto& timer : entry.waiting) timer->cancel();
        entry.waiting.clear();
    }
    pump();
}

}  // namespace agg::fetch
