#include "aggd/control.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include <boost/asio/steady_timer.hpp>

#include "aggd/clock.hpp"
#include "aggd/feed_report.hpp"
#include "aggd/message_ids.hpp"
#include "base/log_fields.hpp"
#include "config/edit.hpp"
#include "version.hpp"

namespace agg::aggd {
namespace {

constexpr std::chrono::seconds k_between_looks{1};

bool has_tag(const Feed& feed, const std::vector<std::string>& tags) {
    return std::find_first_of(feed.tags.begin(), feed.tags.end(), tags.begin(), tags.end()) != feed.tags.end();
}

}  // namespace

// Polls that run side by side, and the one who waits for all of them.
struct Control::Countdown {
    Countdown(const asio::any_io_executor& executor, std::size_t count, std::shared_ptr<UnderWay::Job> watched)
        : left(count), job(std::move(watched)), done(executor, asio::steady_timer::time_point::max()) {
        job->total = count;
    }
    std::size_t left;
    std::shared_ptr<UnderWay::Job> job;
    asio::steady_timer done;
};

Task<Result<serve::DaemonStatus>> Control::status() {
    serve::DaemonStatus status;
    status.version = k_version;
    status.started = started_;
    status.config_file = parts_.live_config.file();
    status.config_problem = parts_.live_config.problem();
    status.restores = parts_.restores.count;
    status.restore_problem = parts_.restores.problem;
    status.config_changed = co_await parts_.live_config.is_behind_its_file();
    status.database = parts_.database;
    status.listening = parts_.listening();
    for (const Subscription& subscription : parts_.subscriptions.all()) {
        ++status.feeds;
        switch (state_of(subscription)) {
            case serve::FeedState::unpolled: ++status.unpolled; break;
            case serve::FeedState::fine: ++status.fine; break;
            case serve::FeedState::failing: ++status.failing; break;
            case serve::FeedState::gone: ++status.gone; break;
            case serve::FeedState::paused: ++status.paused; break;
        }
        if (auto need = need_of(subscription)) status.needs.push_back(std::move(*need));
    }
    const PollCounts& counts = parts_.polls.counts();
    status.polls = counts.polls;
    status.not_modified = counts.not_modified;
    status.errors = counts.errors;
    status.bytes_received = counts.bytes_received;
    status.next_poll = parts_.poller.next_due();
    status.offline_since = parts_.polls.offline_since();
    status.storage_problem = storage_problem();

    const StoreSize size = co_await measure_store();
    status.items = size.totals.items;
    status.stories = size.totals.stories;
    status.hidden = size.totals.hidden;
    status.unruled = size.totals.unruled;
    status.database_bytes = size.database_bytes + size.wal_bytes;
    co_return status;
}

Task<Result<std::vector<serve::FeedStatus>>> Control::feeds() {
    std::vector<serve::FeedStatus> all;
    for (const Subscription& subscription : parts_.subscriptions.all())
        all.push_back(feed_status(subscription, parts_.subscriptions));
    co_return all;
}

Task<Result<serve::FeedDetails>> Control::feed(std::string feed) {
    const auto found = parts_.subscriptions.named(feed);
    if (!found) co_return tl::unexpected(found.error());
    const HostState host = parts_.hosts.state(parts_.live_config.host_of(**found).name);
    co_return feed_details(**found, parts_.subscriptions, host, parts_.polls.policy(), now());
}

Task<Result<serve::FeedStatus>> Control::remove(std::string feed) {
    const auto found = parts_.subscriptions.named(feed);
    if (!found) co_return tl::unexpected(found.error());
    const serve::FeedStatus before = feed_status(**found, parts_.subscriptions);
    auto change = [name = before.name](std::string_view text) { return config::without_feed(text, name); };
    const auto edited = co_await parts_.live_config.edit(std::move(change), "");
    if (!edited) co_return tl::unexpected(edited.error());
    log::write(log::Level::info, {.feed = before.name, .message_id = message_id::k_feed_removed},
               fmt::format("{}: removed from {}; its {} items stay stored", before.name, parts_.live_config.file(),
                           before.items));
    co_return before;
}

Task<void> Control::poll_and_count(FeedId feed, fetch::Hold hold, std::shared_ptr<Countdown> countdown) {
    co_await parts_.poller.poll_now(feed, hold);
    // A feed that was gone is outside the poller's schedule until it has answered again.
    const Subscription* subscription = parts_.subscriptions.find(feed);
    if (subscription != nullptr) parts_.live_config.schedule(*subscription);
    ++countdown->job->done;
    if (--countdown->left == 0) countdown->done.cancel();
}

Task<Result<std::vector<serve::RefreshedFeed>>> Control::refresh(serve::RefreshRequest request) {
    struct Asked {
        FeedId id;
        std::uint64_t items_before;
        std::size_t place;  // in `answer`
    };
    std::vector<Asked> asked;
    std::vector<serve::RefreshedFeed> answer;
    const TimePoint time = now();
    const auto ask = [&](const Subscription& subscription) {
        answer.push_back({.name = subscription.feed.name});
        const PollState& poll = subscription.poll;
        if (parts_.subscriptions.polled_instead_of(subscription) != nullptr) {
            answer.back().asked = false;
            answer.back().result = feed_status(subscription, parts_.subscriptions).next_poll_reason;
            return;
        }
        const auto leave = [&](TimePoint until, std::string_view why) {
            answer.back().asked = false;
            answer.back().result = fmt::format("not asked again for {}: {}",
                                               to_words(std::chrono::ceil<std::chrono::seconds>(until - time)), why);
        };
        const HostState host = parts_.hosts.state(parts_.live_config.host_of(subscription).name);
        const bool is_clock_right = poll.last_poll.value_or(time) <= time;
        if (!request.force && poll.not_before && time < *poll.not_before && is_clock_right)
            leave(*poll.not_before,
                  poll.not_before == poll.next_poll ? poll.next_poll_reason : "it was polled a moment ago");
        else if (!request.force && host.held_until && time < *host.held_until)
            leave(*host.held_until, fmt::format("{} is held, because {}", host.host, host.held_reason));
        else
            asked.push_back({subscription.id, subscription.items, answer.size() - 1});
    };
    for (const std::string& name : request.feeds) {
        const auto found = parts_.subscriptions.named(name);
        if (!found) co_return tl::unexpected(found.error());
        ask(**found);
    }
    const bool everything = request.feeds.empty() && request.tags.empty();
    const auto named = static_cast<std::ptrdiff_t>(answer.size());
    for (const Subscription& subscription : parts_.subscriptions.all()) {
        if (subscription.feed.paused || subscription.poll.gone) continue;
        const bool is_named =
            std::any_of(answer.begin(), answer.begin() + named,
                        [&](const serve::RefreshedFeed& feed) { return feed.name == subscription.feed.name; });
        if (!is_named && (everything || has_tag(subscription.feed, request.tags))) ask(subscription);
    }
    if (asked.empty()) co_return answer;

    auto countdown = std::make_shared<Countdown>(parts_.executor, asked.size(), under_way_.begin("refresh"));
    const auto hold = request.force ? fetch::Hold::override_once : fetch::Hold::respect;
    for (const Asked& one : asked) spawn(parts_.executor, "refresh", poll_and_count(one.id, hold, countdown));
    if (!request.wait) co_return answer;
    // Polls that end at once have counted down already.
    while (countdown->left > 0) {
        // They wait for the database, which may take long.
        if (!parts_.commits.failure().empty()) co_return fail(ErrorKind::unavailable, "{}", storage_problem());
        countdown->done.expires_after(k_between_looks);
        co_await wait_on(countdown->done);
    }

    for (const Asked& one : asked) {
        serve::RefreshedFeed& refreshed = answer[one.place];
        const Subscription* subscription = parts_.subscriptions.find(one.id);
        if (subscription == nullptr) {
            refreshed.failed = true;
            refreshed.result = "removed meanwhile";
            continue;
        }
        refreshed.failed = subscription->poll.failures > 0 || subscription->poll.gone || subscription->uncharged;
        refreshed.result = subscription->poll.last_result;
        refreshed.new_items = subscription->items - std::min(subscription->items, one.items_before);
    }
    co_return answer;
}

Task<Result<std::vector<serve::HostStatus>>> Control::hosts() {
    const TimePoint time = now();
    std::map<std::string, serve::HostStatus> hosts;
    for (const Subscription& subscription : parts_.subscriptions.all()) {
        const fetch::HostOfFeed host = parts_.live_config.host_of(subscription);
        if (host.name.empty()) continue;
        const auto [found, is_new] = hosts.try_emplace(host.name);
        serve::HostStatus& status = found->second;
        ++status.feeds;
        if (!is_new) continue;
        const fetch::HostPace pace = parts_.hosts.pace(host.name, host.whose, time);
        const HostState state = parts_.hosts.state(host.name);
        status.name = host.name;
        if (pace.bounded) {
            status.spacing = pace.spacing;
            status.max_transfers = pace.max_transfers;
        }
        if (pace.held_until > time) {
            status.held_until = pace.held_until;
            status.held_reason = state.held_reason;
        }
        if (state.spacing && state.spacing_until && *state.spacing_until > time)
            status.spacing_until = state.spacing_until;
        status.limited = state.limited;
    }
    std::vector<serve::HostStatus> all;
    for (auto& [name, status] : hosts) all.push_back(std::move(status));
    // What is out of the ordinary first, then the hosts of many feeds.
    std::stable_sort(all.begin(), all.end(), [](const serve::HostStatus& a, const serve::HostStatus& b) {
        return std::tuple(a.held_until.has_value(), a.feeds) > std::tuple(b.held_until.has_value(), b.feeds);
    });
    co_return all;
}

Task<Result<serve::ReloadReport>> Control::reload() { return parts_.live_config.reload(); }

}  // namespace agg::aggd
