#include "aggd/feed_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/url.hpp"
#include "config/config.hpp"
#include "fetch/due.hpp"
#include "fetch/moves.hpp"

namespace agg::aggd {
namespace {

using namespace std::chrono;

std::string day(TimePoint time) { return to_rfc3339(time).substr(0, 10); }

std::string ago(TimePoint time, TimePoint now) {
    return now - time < seconds{1} ? "just now" : to_words(floor<seconds>(now - time)) + " ago";
}

bool has_moved(const PollState& poll) { return poll.move && poll.move->confirmed; }

// The feed that has the address in feeds.conf to which `subscription` is redirected; null when there is none.
const Subscription* owner_of_target(const Subscription& subscription, const Subscriptions& all) {
    const std::string target = config::url_identity(subscription.poll.move->url);
    for (const Subscription& other : all.all())
        if (other.id != subscription.id && config::url_identity(other.feed.url) == target) return &other;
    return nullptr;
}

std::string why_not_polled(const Subscription& subscription, const Subscription* instead) {
    switch (state_of(subscription)) {
        case serve::FeedState::paused: return "paused in feeds.conf";
        case serve::FeedState::unpolled: return "not polled yet";
        case serve::FeedState::fine:
        case serve::FeedState::failing:
        case serve::FeedState::gone: break;
    }
    if (instead == nullptr) return subscription.poll.next_poll_reason;
    return fmt::format("it has moved to where {} is polled, which is asked for both (aggctl moves)",
                       instead->feed.name);
}

std::string next_poll_in_words(const Subscription& subscription, const serve::FeedStatus& status, const HostState& host,
                               TimePoint now) {
    const std::string& name = subscription.feed.name;
    switch (status.state) {
        case serve::FeedState::paused: return fmt::format("{} is not polled: it is paused in feeds.conf.", name);
        case serve::FeedState::gone:
            return fmt::format("{} is not polled any more: {}. `aggctl refresh {}` tries it again.", name,
                               status.next_poll_reason, name);
        case serve::FeedState::unpolled: return fmt::format("{} is polled for the first time in a moment.", name);
        case serve::FeedState::fine:
        case serve::FeedState::failing: break;
    }
    if (!status.next_poll) return fmt::format("{} is not polled itself: {}.", name, status.next_poll_reason);
    // A shorter interval in feeds.conf counts before the stored time.
    TimePoint due = fetch::due_time(subscription.feed, subscription.poll, now);
    std::string reason = status.next_poll_reason;
    if (host.held_until && *host.held_until > std::max(due, now)) {
        due = *host.held_until;
        reason = fmt::format("{} is held until then, because {}", host.host, host.held_reason);
    }
    const std::string when =
        due - now < seconds{1} ? "now, or as soon as its turn comes" : "in " + to_words(floor<seconds>(due - now));
    return fmt::format("{} is polled next {}: {}.", name, when, reason);
}

std::string last_poll_in_words(const PollState& poll, TimePoint now) {
    if (!poll.last_poll) return {};
    std::string out = fmt::format(" The last poll, {}, ", ago(*poll.last_poll, now));
    if (poll.last_status == 0) return out + fmt::format("brought no answer: {}.", poll.last_result);
    out += fmt::format("took {} ms and received {} bytes: {}", poll.last_duration.count(), poll.last_bytes,
                       poll.last_result);
    if (poll.last_new_items > 0) out += fmt::format(", {} of them new", poll.last_new_items);
    return out + ".";
}

std::string streak_in_words(const PollState& poll, TimePoint now) {
    if (poll.failures > 0) {
        std::string out = fmt::format(" That was failure {} in a row", poll.failures);
        if (poll.failing_since) out += fmt::format(", since {}", to_rfc3339(*poll.failing_since));
        out += poll.last_success ? fmt::format("; the last poll that went well was {}.", ago(*poll.last_success, now))
                                 : "; it has never been read.";
        return out;
    }
    if (poll.last_document && poll.last_success && *poll.last_success > *poll.last_document)
        return fmt::format(" Since its last document, {}, it has answered 304 only.", ago(*poll.last_document, now));
    return {};
}

std::string move_in_words(const Subscription& subscription, const fetch::Policy& policy, TimePoint now) {
    if (!subscription.poll.move) return {};
    const Move& move = *subscription.poll.move;
    const std::string to = shown_url(move.url);
    if (move.confirmed) {
        return fmt::format(
            " It has moved to {}, which is asked now; feeds.conf still names {} (aggctl moves --accept {}).", to,
            shown_url(subscription.feed.url), subscription.feed.name);
    }
    return fmt::format(
        " It is redirected for good to {}: seen in {} of {} polls, for {} of {}; until then the address in feeds.conf "
        "is "
        "asked.",
        to, std::min(move.polls, policy.move_polls), policy.move_polls,
        to_words(std::min(floor<seconds>(now - move.since), floor<seconds>(policy.move_age))),
        to_words(policy.move_age));
}

}  // namespace

serve::FeedState state_of(const Subscription& subscription) {
    if (subscription.feed.paused) return serve::FeedState::paused;
    if (subscription.poll.gone) return serve::FeedState::gone;
    if (!subscription.poll.last_poll) return serve::FeedState::unpolled;
    return subscription.poll.failures > 0 ? serve::FeedState::failing : serve::FeedState::fine;
}

serve::FeedStatus feed_status(const Subscription& subscription, const Subscriptions& all) {
    const PollState& poll = subscription.poll;
    const Subscription* instead = all.polled_instead_of(subscription);
    serve::FeedStatus status;
    status.id = subscription.id;
    status.name = subscription.feed.name;
    status.title = subscription.title();
    status.url = shown_url(subscription.feed.url);
    status.site = subscription.info.site;
    status.tags = subscription.feed.tags;
    status.state = state_of(subscription);
    status.last_poll = poll.last_poll;
    status.last_result = poll.last_result;
    if (status.state != serve::FeedState::paused && instead == nullptr) status.next_poll = poll.next_poll;
    status.next_poll_reason = why_not_polled(subscription, instead);
    // What was decided at the last poll gives way to what feeds.conf says since.
    if (status.next_poll && poll.last_poll)
        if (const TimePoint due = fetch::due_time(subscription.feed, poll, *poll.last_poll); due < *status.next_poll) {
            status.next_poll = due;
            status.next_poll_reason = "feeds.conf asks for it sooner since the last poll";
        }
    status.failures = poll.failures;
    status.items = subscription.items;
    status.condition = poll.condition;
    status.newest_item = poll.newest_item;
    status.lying_since = poll.lying_since;
    if (has_moved(poll)) status.moved_to = shown_url(poll.move->url);
    return status;
}

std::optional<serve::FeedMove> feed_move(const Subscription& subscription, const Subscriptions& all) {
    if (!subscription.poll.move) return std::nullopt;
    const Move& move = *subscription.poll.move;
    const Subscription* owner = owner_of_target(subscription, all);
    return serve::FeedMove{.feed = subscription.feed.name,
                           .title = subscription.title(),
                           .from = shown_url(subscription.feed.url),
                           .to = shown_url(move.url),
                           .since = move.since,
                           .polls = move.polls,
                           .believed = move.confirmed,
                           .joins = owner == nullptr ? "" : owner->feed.name};
}

serve::FeedDetails feed_details(const Subscription& subscription, const Subscriptions& all, const HostState& host,
                                const fetch::Policy& policy, TimePoint now) {
    const PollState& poll = subscription.poll;
    serve::FeedDetails details;
    details.status = feed_status(subscription, all);
    details.interval = subscription.feed.interval;
    details.min_interval = subscription.feed.min_interval;
    details.max_interval = subscription.feed.max_interval;
    details.usual_interval = fetch::usual_interval(subscription.feed, poll, now);
    details.last_status = poll.last_status;
    details.last_bytes = poll.last_bytes;
    details.last_duration = poll.last_duration;
    details.last_new_items = poll.last_new_items;
    details.last_success = poll.last_success;
    details.last_document = poll.last_document;
    details.failing_since = poll.failing_since;
    details.not_before = poll.not_before;
    details.etag = poll.validators.etag;
    details.last_modified = poll.validators.last_modified;
    details.move = feed_move(subscription, all);
    details.why = explain(subscription, all, host, policy, now);
    return details;
}

std::string explain(const Subscription& subscription, const Subscriptions& all, const HostState& host,
                    const fetch::Policy& policy, TimePoint now) {
    const PollState& poll = subscription.poll;
    const serve::FeedStatus status = feed_status(subscription, all);
    std::string out = next_poll_in_words(subscription, status, host, now);
    out += last_poll_in_words(poll, now);
    out += streak_in_words(poll, now);
    const bool asks_later = status.next_poll && poll.not_before && *poll.not_before - now >= seconds{1};
    if (asks_later)
        out += fmt::format(" A refresh asks nothing for {} either, unless it is forced.",
                           to_words(floor<seconds>(*poll.not_before - now)));
    out += move_in_words(subscription, policy, now);
    if (poll.lying_since)
        out += fmt::format(
            " Its server answers 304 although there is something new, as was noticed on {}: it is asked without "
            "validators once a day.",
            day(*poll.lying_since));
    if (poll.condition == Condition::stale && poll.newest_item)
        out += fmt::format(" Nothing new has come since {}, longer than is its habit.", day(*poll.newest_item));
    if (poll.condition == Condition::dead) out += " It is listed as dead.";
    return out;
}

std::optional<serve::Need> need_of(const Subscription& subscription) {
    const PollState& poll = subscription.poll;
    const std::string& name = subscription.feed.name;
    if (subscription.feed.paused) return std::nullopt;
    if (poll.gone) {
        const std::string since = poll.last_poll ? " since " + day(*poll.last_poll) : "";
        return serve::Need{name, "gone" + since, "aggctl remove " + name};
    }
    if (poll.condition == Condition::dead)
        return serve::Need{name, poll.failing_since ? "dead since " + day(*poll.failing_since) : "dead",
                           "aggctl why " + name};
    // Servers and networks mend themselves; a refusal, or a page where the feed was, does not.
    const int status = poll.last_status;
    const bool is_answer = status == 200 || status == 401 || status == 403 || status == 407 || status == 451;
    if (poll.condition == Condition::broken && is_answer)
        return serve::Need{name, "refused or replaced by a page", "aggctl why " + name};
    if (has_moved(poll)) return serve::Need{name, "moved for good", "aggctl moves"};
    return std::nullopt;
}

}  // namespace agg::aggd
