#include "aggd/polls.hpp"

#include <algorithm>

#include "aggd/clock.hpp"
#include "aggd/document.hpp"
#include "aggd/message_ids.hpp"
#include "base/log_fields.hpp"
#include "base/url.hpp"
#include "fetch/due.hpp"
#include "fetch/health.hpp"

namespace agg::aggd {
namespace {

constexpr std::size_t k_most_suspects = 100;

store::PollCounts counts_of(const Result<fetch::Response>& answer, const fetch::Verdict& verdict,
                            const PollState& before) {
    store::PollCounts counts{.polls = 1};
    if (answer) {
        counts.answers = 1;
        counts.bytes_received = answer->bytes_received;
        counts.duration = counts.longest = answer->duration;
    }
    switch (verdict.outcome) {
        case fetch::Outcome::document:
        case fetch::Outcome::same_document: break;
        case fetch::Outcome::not_modified:
            counts.not_modified = 1;
            counts.bytes_saved = before.document_bytes - std::min(before.document_bytes, counts.bytes_received);
            break;
        case fetch::Outcome::held:
        case fetch::Outcome::failed:
        case fetch::Outcome::gone: counts.failures = 1; break;
    }
    return counts;
}

void log_poll(const Subscription& subscription, const Result<fetch::Response>& answer, const fetch::Verdict& verdict,
              const store::Ingest& ingest) {
    const std::string& name = subscription.feed.name;
    const log::Fields fields{.feed = name, .status = answer ? answer->status : 0};
    const bool changed_state = (verdict.state.failures == 0) != (subscription.poll.failures == 0) || verdict.state.gone;
    switch (verdict.outcome) {
        case fetch::Outcome::document:
            log::write(
                log::Level::info, fields,
                fmt::format("{}: {}, {} new, {} told elsewhere before, {} revised", name, verdict.state.last_result,
                            ingest.fresh + ingest.same_story, ingest.same_story, ingest.revised));
            break;
        case fetch::Outcome::same_document:
        case fetch::Outcome::not_modified:
            log::write(log::Level::debug, fields, fmt::format("{}: {}", name, verdict.state.last_result));
            break;
        case fetch::Outcome::held:
        case fetch::Outcome::failed:
        case fetch::Outcome::gone:
            // A feed that keeps failing is listed by aggctl; the log tells the change.
            log::write(
                changed_state ? log::Level::info : log::Level::debug, fields,
                fmt::format("{}: {}; next poll: {}", name, verdict.state.last_result, verdict.state.next_poll_reason));
            break;
    }
}

}  // namespace

Task<std::optional<TimePoint>> Polls::poll(FeedId feed) {
    const Subscription* subscription = parts_.subscriptions.find(feed);
    if (subscription == nullptr) co_return std::nullopt;
    const std::string url = subscription->feed.url;
    Result<fetch::Request> request = fetch::request_for(subscription->feed, subscription->poll, policy_, now());
    Result<fetch::Response> answer = tl::unexpected(Error{ErrorKind::invalid, {}});
    if (request)
        answer = co_await parts_.client.get(std::move(*request));
    else
        answer = tl::unexpected(request.error());
    if (!answer && answer.error().kind == ErrorKind::unavailable)
        co_return std::nullopt;  // aggd is stopping: not the feed's fault

    subscription = parts_.subscriptions.find(feed);
    if (subscription == nullptr) co_return std::nullopt;
    if (subscription->feed.url != url) co_return now();  // changed meanwhile: this answer is another feed's
    const Blame blame = blame_for(*subscription, answer);
    Suspect suspect{feed, url, subscription->poll};
    if (blame == Blame::ours) {
        const std::string why = answer.error().message;
        leave_uncharged(suspect, why);
        co_await uncharge_suspects();
        co_return now();
    }
    try {
        co_await take(feed, url, answer);
        if (blame == Blame::unclear) {
            remember(std::move(suspect));
            if (outage_.since()) co_await uncharge_suspects();
        }
    } catch (const store::Trouble& trouble) {
        if (trouble.kind() == store::Trouble::Kind::passing) co_return std::nullopt;  // aggd is stopping
        co_return not_stored(feed, trouble.what());
    } catch (const std::exception& failure) {
        co_return not_stored(feed, failure.what());
    }
    subscription = parts_.subscriptions.find(feed);
    if (subscription == nullptr || subscription->feed.paused) co_return std::nullopt;
    co_return subscription->poll.next_poll;
}

void Polls::clock_set_back() {
    log::info("the clock was set back: feeds that were polled later than now are due again");
    for (const Subscription& subscription : parts_.subscriptions.all()) parts_.schedule(subscription);
}

// Returns when to try again. The log tells the first time; then it is listed by aggctl, as any feed that fails.
std::optional<TimePoint> Polls::not_stored(FeedId feed, const std::string& why) {
    Subscription* subscription = parts_.subscriptions.find(feed);
    if (subscription == nullptr) return std::nullopt;
    PollState& state = subscription->poll;
    const std::string& name = subscription->feed.name;
    log::write(state.failures == 0 ? log::Level::error : log::Level::debug, {.feed = name},
               fmt::format("{}: what the poll brought could not be stored: {}", name, why));
    state.last_result = fmt::format("what it brought could not be stored: {}", why);
    ++state.failures;
    fetch::set_next_poll(state, subscription->feed, fetch::wait_after_failure(subscription->feed, state, now()), now());
    return state.next_poll;
}

// Whose fault it is that there is no answer; remembers it for the next poll that has none.
Polls::Blame Polls::blame_for(const Subscription& subscription, const Result<fetch::Response>& answer) {
    const auto url = Url::parse(fetch::effective_url(subscription.feed, subscription.poll));
    const bool is_somebodys = url && url->is_http() && !subscription.feed.allow_private &&
                              fetch::whose_host(url->host()) == fetch::Whose::somebodys;
    if (!is_somebodys) return Blame::theirs;
    if (answer) {
        suspects_.clear();
        if (outage_.reached()) {
            log::write(log::Level::info, {.message_id = message_id::k_online}, "online again");
            parts_.network_changed(std::nullopt);
        }
        return Blame::theirs;
    }
    // A transfer that was cut off or stood still may be the first sign of an outage, but says nothing of one.
    const ErrorKind kind = answer.error().kind;
    if (kind == ErrorKind::timeout || kind == ErrorKind::network) return Blame::unclear;
    if (kind != ErrorKind::unreachable) return Blame::theirs;
    const bool was_known = outage_.since().has_value();
    if (!outage_.unreachable(parts_.hosts.scope_of(*url), parts_.subscriptions.public_hosts(), now()))
        return Blame::unclear;
    if (!was_known)
        log::write(log::Level::warning, {.message_id = message_id::k_offline},
                   "offline: no host can be reached; no feed is charged, the next try is in 5 min");
    parts_.network_changed(outage_.retry());
    return Blame::ours;
}

// Puts the feed back to how it stood; returns it as it is to be stored. Null when it is no longer subscribed.
Subscription* Polls::leave_uncharged(const Suspect& suspect, std::string why) {
    Subscription* subscription = parts_.subscriptions.find(suspect.feed);
    if (subscription == nullptr || subscription->feed.url != suspect.url) return nullptr;
    subscription->uncharged = true;
    subscription->poll = suspect.before;
    subscription->poll.last_result = std::move(why);
    subscription->poll.next_poll = now();  // overdue: among the others that are caught up with
    subscription->poll.next_poll_reason = "when aggd is online again: no host could be reached";
    subscription->poll.not_before.reset();
    return subscription;
}

// As it stood before the first of its failures.
void Polls::remember(Suspect suspect) {
    const bool is_known = std::any_of(suspects_.begin(), suspects_.end(), [&](const Suspect& other) {
        return other.feed == suspect.feed && other.url == suspect.url;
    });
    if (is_known) return;
    if (suspects_.size() == k_most_suspects) suspects_.erase(suspects_.begin());
    suspects_.push_back(std::move(suspect));
}

// Takes back what feeds were charged with before it was clear that we are offline.
Task<void> Polls::uncharge_suspects() {
    const std::vector<Suspect> suspects = std::exchange(suspects_, {});
    for (const Suspect& suspect : suspects) {
        Subscription* subscription = leave_uncharged(suspect, suspect.before.last_result);
        if (subscription == nullptr) continue;
        parts_.schedule(*subscription);
        store::Poll before{.feed = suspect.feed, .url = suspect.url, .now = now(), .state = subscription->poll};
        co_await parts_.commits.commit(std::move(before));
    }
}

std::optional<HostState> Polls::changed_host(const fetch::Response& answer, const Feed& feed,
                                             const fetch::Verdict& verdict, TimePoint time) const {
    const auto url = Url::parse(answer.url);
    const std::string host = url ? parts_.hosts.scope_of(*url) : std::string();
    if (host.empty()) return std::nullopt;
    const HostState before = parts_.hosts.state(host);
    HostState after = fetch::host_after(before, answer, verdict.state.next_poll, feed.max_interval, time);
    if (after == before) return std::nullopt;
    if (after.held_until && after.held_until != before.held_until)
        log::info("{}: no poll before {}: {}", host, to_rfc3339(*after.held_until), after.held_reason);
    return after;
}

// The feed has another place in the poller, and so may those that have moved to where it is.
void Polls::reroute(FeedId feed) {
    for (const Subscription& subscription : parts_.subscriptions.all())
        if (subscription.id == feed || subscription.poll.move) parts_.schedule(subscription);
}

Task<Committed> Polls::take(FeedId feed, std::string url, const Result<fetch::Response>& answer) {
    Subscription* subscription = parts_.subscriptions.find(feed);
    if (subscription == nullptr) co_return Committed{};
    const TimePoint time = now();
    std::optional<Document> document;
    if (answer && answer->status == 200) {
        auto read = [&response = *answer, known = subscription->poll.body_fingerprint,
                     seen = seen_.last(feed, url, time),
                     time] { return read_document(response, known, seen.get(), time); };
        document = co_await run_on(parts_.workers, std::move(read));
        subscription = parts_.subscriptions.find(feed);
        if (subscription == nullptr || subscription->feed.url != url) co_return Committed{};
        for (const std::string& warning : document ? document->warnings : std::vector<std::string>())
            log::debug("{}: {}", subscription->feed.name, warning);
    }
    std::optional<fetch::Reading> reading;
    if (document) reading = document->reading;
    fetch::Verdict verdict = fetch::judge(answer, reading, subscription->feed, subscription->poll, policy_, time);

    store::Poll finished{.feed = feed, .url = url, .now = time, .state = verdict.state};
    finished.counts = counts_of(answer, verdict, subscription->poll);
    if (answer) finished.host = changed_host(*answer, subscription->feed, verdict, time);
    // Before the commit: another answer of the host, judged meanwhile, must not undo this one's hold.
    if (finished.host) parts_.hosts.remember(*finished.host);
    finished.events =
        fetch::changes(subscription->poll, verdict.state, subscription->feed, subscription->title(), time);
    for (const HealthEvent& event : finished.events)
        log::write(log::Level::info, {.feed = event.feed, .message_id = message_id::of(event.kind)},
                   fmt::format("{}: {}", event.feed, event.title));
    if (verdict.outcome == fetch::Outcome::document) {
        finished.info = document->info;
        finished.items = std::move(document->items);
        finished.bodies = std::move(document->bodies);
        finished.unchanged = std::move(document->unchanged);
    }
    const Committed committed = co_await parts_.commits.commit(std::move(finished));
    if (verdict.outcome == fetch::Outcome::document) {
        document->seen.url = url;
        if (committed.ingest.knows_items)
            seen_.remember(feed, std::move(document->seen));
        else
            seen_.forget(feed);
    }

    ++counts_.polls;
    ++counts_.by_outcome[verdict.outcome];
    if (answer) {
        counts_.bytes_received += answer->bytes_received;
        counts_.durations.add(answer->duration);
    }
    if (verdict.outcome == fetch::Outcome::not_modified || verdict.outcome == fetch::Outcome::same_document)
        ++counts_.not_modified;
    else if (verdict.outcome != fetch::Outcome::document)
        ++counts_.errors;
    const std::uint64_t new_items = committed.ingest.fresh + committed.ingest.same_story;
    counts_.new_items += new_items;
    counts_.told_elsewhere += committed.ingest.same_story;
    counts_.revised += committed.ingest.revised;
    for (const auto& [rule, count] : committed.ingest.told_by_rule) counts_.told_by_rule[rule] += count;

    subscription = parts_.subscriptions.find(feed);
    if (subscription != nullptr && subscription->feed.url == url) {
        log_poll(*subscription, answer, verdict, committed.ingest);
        if (verdict.outcome == fetch::Outcome::document) subscription->info = std::move(document->info);
        const bool reroutes = verdict.state.gone != subscription->poll.gone ||
                              fetch::effective_url(subscription->feed, verdict.state) !=
                                  fetch::effective_url(subscription->feed, subscription->poll);
        subscription->poll = std::move(verdict.state);
        subscription->poll.last_new_items = new_items;
        subscription->items += new_items;
        subscription->uncharged = false;
        if (reroutes) reroute(feed);
    }
    parts_.committed(committed.generation);
    co_return committed;
}

}  // namespace agg::aggd
