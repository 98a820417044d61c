#include "aggd/polls.hpp"

#include <chrono>

#include "aggd/clock.hpp"
#include "aggd/document.hpp"
#include "fetch/health.hpp"

namespace agg::aggd {
namespace {

constexpr std::chrono::minutes k_after_a_storage_failure{5};

void log_poll(const Subscription& subscription, const fetch::Verdict& verdict, const store::Ingest& ingest) {
    const std::string& name = subscription.feed.name;
    const bool changed_state = (verdict.state.failures == 0) != (subscription.poll.failures == 0) || verdict.state.gone;
    switch (verdict.outcome) {
        case fetch::Outcome::document:
            log::info("{}: {}, {} new, {} told elsewhere before, {} revised", name, verdict.state.last_result,
                      ingest.fresh + ingest.same_story, ingest.same_story, ingest.revised);
            break;
        case fetch::Outcome::same_document:
        case fetch::Outcome::not_modified: log::debug("{}: {}", name, verdict.state.last_result); break;
        case fetch::Outcome::held:
        case fetch::Outcome::failed:
        case fetch::Outcome::gone:
            // A feed that keeps failing is listed by aggctl; the log tells the change.
            if (changed_state)
                log::info("{}: {}; next poll: {}", name, verdict.state.last_result, verdict.state.next_poll_reason);
            else
                log::debug("{}: {}", name, verdict.state.last_result);
            break;
    }
}

}  // namespace

Task<std::optional<TimePoint>> Polls::poll(FeedId feed) {
    const Subscription* subscription = subscriptions_.find(feed);
    if (subscription == nullptr) co_return std::nullopt;
    const std::string url = subscription->feed.url;
    const std::string name = subscription->feed.name;
    Result<fetch::Request> request = fetch::request_for(subscription->feed, subscription->poll, policy_, now());
    Result<fetch::Response> answer = tl::unexpected(Error{ErrorKind::invalid, {}});
    if (request)
        answer = co_await client_.get(std::move(*request));
    else
        answer = tl::unexpected(request.error());
    if (!answer && answer.error().kind == ErrorKind::unavailable)
        co_return std::nullopt;  // aggd is stopping: not the feed's fault

    subscription = subscriptions_.find(feed);
    if (subscription != nullptr && subscription->feed.url != url)
        co_return now();  // changed meanwhile: this answer is another feed's
    try {
        co_await take(feed, url, answer);
    } catch (const std::exception& failure) {
        log::error("{}: what the poll brought could not be stored: {}", name, failure.what());
        if (Subscription* affected = subscriptions_.find(feed)) {
            affected->poll.last_result = fmt::format("what it brought could not be stored: {}", failure.what());
            ++affected->poll.failures;
        }
        co_return now() + k_after_a_storage_failure;
    }
    subscription = subscriptions_.find(feed);
    if (subscription == nullptr || subscription->feed.paused) co_return std::nullopt;
    co_return subscription->poll.next_poll;
}

Task<Committed> Polls::take(FeedId feed, std::string url, const Result<fetch::Response>& answer) {
    Subscription* subscription = subscriptions_.find(feed);
    if (subscription == nullptr) co_return Committed{};
    const TimePoint time = now();
    std::optional<Document> document;
    if (answer && answer->status == 200) {
        auto read = [&response = *answer, known = subscription->poll.body_fingerprint, time] {
            return read_document(response, known, time);
        };
        document = co_await run_on(workers_, std::move(read));
        subscription = subscriptions_.find(feed);
        if (subscription == nullptr || subscription->feed.url != url) co_return Committed{};
        for (const std::string& warning : document ? document->warnings : std::vector<std::string>())
            log::debug("{}: {}", subscription->feed.name, warning);
    }
    std::optional<fetch::Reading> reading;
    if (document) reading = document->reading;
    fetch::Verdict verdict = fetch::judge(answer, reading, subscription->feed, subscription->poll, policy_, time);

    store::Poll finished{.feed = feed, .url = url, .now = time, .state = verdict.state};
    finished.events =
        fetch::changes(subscription->poll, verdict.state, subscription->feed, subscription->title(), time);
    for (const HealthEvent& event : finished.events) log::info("{}: {}", event.feed, event.title);
    if (verdict.outcome == fetch::Outcome::document) {
        finished.info = document->info;
        finished.items = std::move(document->items);
    }
    const Committed committed = co_await commits_.commit(std::move(finished));

    ++counts_.polls;
    if (answer) counts_.bytes_received += answer->bytes_received;
    if (verdict.outcome == fetch::Outcome::not_modified || verdict.outcome == fetch::Outcome::same_document)
        ++counts_.not_modified;
    else if (verdict.outcome != fetch::Outcome::document)
        ++counts_.errors;
    const std::uint64_t new_items = committed.ingest.fresh + committed.ingest.same_story;
    counts_.new_items += new_items;
    counts_.told_elsewhere += committed.ingest.same_story;

    subscription = subscriptions_.find(feed);
    if (subscription != nullptr && subscription->feed.url == url) {
        log_poll(*subscription, verdict, committed.ingest);
        if (verdict.outcome == fetch::Outcome::document) subscription->info = std::move(document->info);
        const bool reroutes = verdict.state.gone != subscription->poll.gone ||
                              fetch::effective_url(subscription->feed, verdict.state) !=
                                  fetch::effective_url(subscription->feed, subscription->poll);
        subscription->poll = std::move(verdict.state);
        subscription->poll.last_new_items = new_items;
        subscription->items += new_items;
        if (reroutes) rerouted_(feed);
    }
    committed_(committed.generation);
    co_return committed;
}

}  // namespace agg::aggd
