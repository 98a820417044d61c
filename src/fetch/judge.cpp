#include "fetch/judge.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "fetch/waits.hpp"

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr milliseconds k_default_interval = hours{1};
constexpr milliseconds k_shortest_rhythm = minutes{15};
constexpr milliseconds k_longest_rhythm = hours{6};
constexpr milliseconds k_longest_freshness = hours{24};
constexpr milliseconds k_longest_backoff = hours{24};
constexpr milliseconds k_longest_hold = hours{24 * 7};
constexpr milliseconds k_validator_age = hours{24 * 8};
constexpr milliseconds k_longest_jitter = minutes{5};
constexpr milliseconds k_between_refreshes = minutes{5};
constexpr std::size_t k_rhythm_sample = 20;
constexpr std::size_t k_shown_body_bytes = 200;

enum class Whose { ours, publishers };

struct Wait {
    milliseconds duration;
    std::string reason;
    Whose word = Whose::ours;
};

// The same feed at the same time always gets the same share of [0, 1): decisions stay pure.
double jitter_share(const Feed& feed, TimePoint now) {
    std::uint64_t mixed = std::hash<std::string>{}(feed.url) ^ static_cast<std::uint64_t>(to_unix_ms(now));
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D0'49BB'1331'11EBULL;
    return static_cast<double>((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53;
}

Wait regular_wait(const Feed& feed, const PollState& state, const Headers& headers, TimePoint now) {
    Wait wait = feed.interval
                    ? Wait{*feed.interval, fmt::format("every {}, as feeds.conf says", to_words(*feed.interval))}
                    : Wait{rhythm_interval(state, now), ""};
    if (!feed.interval) {
        wait.reason = state.rhythm_items < 2
                          ? fmt::format("every {}: its rhythm is not known yet", to_words(wait.duration))
                          : fmt::format("every {} by its own rhythm", to_words(wait.duration));
    }
    const auto stretch = [&](milliseconds asked, std::string reason) {
        asked = std::min(asked, k_longest_freshness);
        if (asked > wait.duration) wait = {asked, std::move(reason), Whose::publishers};
    };
    // max-age=0 says nothing about polling: blogs send it with every page.
    if (const auto fresh = freshness(headers, now); fresh && *fresh > milliseconds{0}) {
        stretch(*fresh, fmt::format("the server says its answer is good for {}", to_words(*fresh)));
    } else if (state.hints.ttl) {
        stretch(*state.hints.ttl, fmt::format("the feed's ttl is {}", to_words(*state.hints.ttl)));
    }
    // WordPress says "hourly" whatever the truth: only slower claims mean something.
    if (const auto own = state.hints.syndication_interval; own && *own >= hours{24}) {
        stretch(*own, fmt::format("the feed says it is updated every {}", to_words(*own)));
    }
    return wait;
}

milliseconds base_interval(const Feed& feed, const PollState& state, TimePoint now) {
    return feed.interval ? *feed.interval : rhythm_interval(state, now);
}

// interval x 2^(n-1), capped.
milliseconds backed_off(milliseconds interval, unsigned failures) {
    const unsigned doublings = std::min(failures > 0 ? failures - 1 : 0, 20U);
    return std::min(interval * (std::int64_t{1} << doublings), std::max(k_longest_backoff, interval));
}

void set_next_poll(PollState& state, const Feed& feed, Wait wait, TimePoint now) {
    if (state.gone) return;  // asked by hand, and still not back
    if (wait.duration < feed.min_interval) wait.duration = feed.min_interval;
    const auto longest_jitter = std::min<milliseconds>(wait.duration / 10, k_longest_jitter);
    const auto jitter =
        milliseconds{static_cast<std::int64_t>(static_cast<double>(longest_jitter.count()) * jitter_share(feed, now))};
    TimePoint next = now + wait.duration + jitter;
    if (const TimePoint outside = outside_skipped(next, state.hints); outside > next) {
        next = outside + jitter;  // or all of them would return in the same instant
        wait.reason += ", outside the hours and days that the feed asks to skip";
        wait.word = Whose::publishers;
    }
    if (next > now + feed.max_interval) {
        next = now + feed.max_interval;
        wait.reason += fmt::format(", but {} at most (max_interval)", to_words(feed.max_interval));
    }
    state.next_poll = next;
    state.next_poll_reason = wait.reason;
    state.not_before = wait.word == Whose::publishers ? next : now + std::min(feed.min_interval, k_between_refreshes);
}

const char* status_words(int status) {
    switch (status) {
        case 400: return " Bad Request";
        case 401: return " Unauthorized: it wants a user and a password";
        case 403: return " Forbidden";
        case 404: return " Not Found";
        case 406: return " Not Acceptable";
        case 410: return " Gone";
        case 429: return " Too Many Requests";
        case 500: return " Internal Server Error";
        case 502: return " Bad Gateway";
        case 503: return " Service Unavailable";
        case 504: return " Gateway Timeout";
        default: return "";
    }
}

// The beginning of an error page as text, for people: pages of 403 and 429 often say why.
std::string page_says(std::string_view body) {
    std::string text;
    bool in_tag = false;
    for (const char c : body.substr(0, 16 * k_shown_body_bytes)) {
        if (c == '<')
            in_tag = true;
        else if (c == '>' && in_tag)
            in_tag = false, text += ' ';
        else if (!in_tag)
            text += c;
    }
    text = collapse_space(to_valid_utf8(text));
    if (text.empty()) return {};
    return fmt::format(": \"{}\"", truncate_utf8(text, k_shown_body_bytes));
}

std::string ordinal_failure(unsigned failures) {
    return failures == 1 ? "after a failure"
                         : fmt::format("after {} failures in a row, each waiting twice as long", failures);
}

Verdict failed(PollState state, std::string result, const Feed& feed, TimePoint now) {
    ++state.failures;
    if (!state.failing_since) state.failing_since = now;
    state.last_result = std::move(result);
    const milliseconds wait = backed_off(base_interval(feed, state, now), state.failures);
    const std::string reason = fmt::format("{} {}", to_words(wait), ordinal_failure(state.failures));
    set_next_poll(state, feed, {wait, reason}, now);
    return {Outcome::failed, std::move(state)};
}

Verdict held(PollState state, const Response& response, const Feed& feed, TimePoint now) {
    ++state.failures;
    if (!state.failing_since) state.failing_since = now;
    state.last_result = fmt::format("{}{}{}", response.status, status_words(response.status), page_says(response.body));
    const milliseconds interval = base_interval(feed, state, now);
    if (const auto asked = retry_after(response.headers.get("Retry-After"), now)) {
        const milliseconds wait = std::clamp(*asked, std::min(interval, k_longest_hold), k_longest_hold);
        std::string reason = fmt::format("the server asked to wait {} (Retry-After)", to_words(*asked));
        if (wait != *asked) reason += fmt::format(", which makes {} here", to_words(wait));
        set_next_poll(state, feed, {wait, std::move(reason), Whose::publishers}, now);
    } else {
        const milliseconds wait = backed_off(2 * interval, state.failures);
        set_next_poll(state, feed,
                      {wait, fmt::format("{}: the server asked to slow down", to_words(wait)), Whose::publishers}, now);
    }
    return {Outcome::held, std::move(state)};
}

// `last_poll` is the poll before this one.
Verdict gone(PollState state, std::optional<TimePoint> last_poll, const Feed& feed, TimePoint now) {
    // One 410 may be a slip: an interval later it is believed, not when somebody asks again at once.
    const bool too_soon = state.gone_answers == 1 && last_poll && now - *last_poll < feed.min_interval;
    if (!too_soon) ++state.gone_answers;
    if (state.gone_answers < 2)
        return failed(std::move(state), "410 Gone; asked once more before it is believed", feed, now);
    state.gone = true;
    state.last_result = "410 Gone";
    state.next_poll.reset();
    state.next_poll_reason = "the publisher says that the feed is gone (410)";
    return {Outcome::gone, std::move(state)};
}

void succeeded(PollState& state, TimePoint now) {
    state.last_success = now;
    state.failures = 0;
    state.failing_since.reset();
    state.gone = false;
}

void remember_rhythm(PollState& state, std::vector<TimePoint> published, TimePoint now) {
    std::erase_if(published, [&](TimePoint time) { return time > now; });
    std::sort(published.begin(), published.end(), std::greater<>());
    if (published.size() > k_rhythm_sample) published.resize(k_rhythm_sample);
    state.rhythm_items = static_cast<unsigned>(published.size());
    state.rhythm_since = published.empty() ? std::nullopt : std::optional{published.back()};
}

// True when a poll at `now` sends the stored validators, at the URL they belong to.
bool is_conditional(const PollState& state, TimePoint now) {
    return !state.validators.empty() && state.last_document && now - *state.last_document < k_validator_age;
}

}  // namespace

milliseconds rhythm_interval(const PollState& state, TimePoint now) {
    if (state.rhythm_items < 2 || !state.rhythm_since) return k_default_interval;
    const milliseconds mean = (now - *state.rhythm_since) / state.rhythm_items;
    return std::clamp(mean / 2, k_shortest_rhythm, k_longest_rhythm);
}

Result<Request> request_for(const Feed& feed, const PollState& state, TimePoint now) {
    auto url = Url::parse(feed.url);
    if (!url) return tl::unexpected(url.error());
    Request request{.url = std::move(*url), .allow_private = feed.allow_private, .transfer = feed.transfer};
    request.allow_file = request.url.is_file();
    if (is_conditional(state, now)) {
        request.validators = state.validators;
        request.validators_url = state.validators_url;
    }
    return request;
}

TimePoint due_time(const Feed& feed, const PollState& state, TimePoint now) {
    if (!state.next_poll || !state.last_poll || *state.last_poll > now) return now;
    TimePoint due = std::min(*state.next_poll, *state.last_poll + feed.max_interval);
    const bool set_by_publisher = state.not_before == state.next_poll;
    if (!set_by_publisher && state.failures == 0 && feed.interval) {
        const milliseconds longest = *feed.interval + std::min<milliseconds>(*feed.interval / 10, k_longest_jitter);
        due = std::min(due, *state.last_poll + longest);
    }
    return due;
}

Verdict judge(const Result<Response>& answer, const std::optional<Reading>& reading, const Feed& feed,
              const PollState& before, TimePoint now) {
    PollState state = before;
    state.last_poll = now;
    state.last_status = answer ? answer->status : 0;
    if (state.last_status != 410) state.gone_answers = 0;
    if (!answer) return failed(std::move(state), answer.error().message, feed, now);
    const Response& response = *answer;

    if (response.status == 410) return gone(std::move(state), before.last_poll, feed, now);
    if (response.status == 429 || response.status == 503) return held(std::move(state), response, feed, now);
    if (response.status == 304) {
        // A 304 that nobody asked for would keep a feed empty for ever.
        const bool asked = is_conditional(before, now) && response.url == before.validators_url;
        if (!asked)
            return failed(std::move(state), "304 to a request without a condition: the server is broken", feed, now);
        succeeded(state, now);
        if (const std::string& etag = response.headers.get("ETag"); !etag.empty()) state.validators.etag = etag;
        if (const std::string& modified = response.headers.get("Last-Modified"); !modified.empty())
            state.validators.last_modified = modified;
        state.last_result = "304, not modified";
        set_next_poll(state, feed, regular_wait(feed, state, response.headers, now), now);
        return {Outcome::not_modified, std::move(state)};
    }
    if (response.status != 200) {
        return failed(std::move(state),
                      fmt::format("{}{}{}", response.status, status_words(response.status), page_says(response.body)),
                      feed, now);
    }
    if (reading && reading->error)
        return failed(std::move(state), fmt::format("200, but {}", reading->error->message), feed, now);

    succeeded(state, now);
    state.last_document = now;
    const bool whole = !reading || !reading->cut_short;
    if (whole) {
        state.validators = {response.headers.get("ETag"), response.headers.get("Last-Modified")};
        state.validators_url = response.url;
    }
    if (reading) {
        state.body_fingerprint = whole ? reading->fingerprint : 0;
        state.hints = reading->hints;
        remember_rhythm(state, reading->published, now);
        state.last_result = fmt::format("200, {} item{}{}", reading->items, reading->items == 1 ? "" : "s",
                                        whole ? "" : ", but the document ends before its end");
    } else {
        state.last_result = "200, the same document as before";
    }
    set_next_poll(state, feed, regular_wait(feed, state, response.headers, now), now);
    return {reading ? Outcome::document : Outcome::same_document, std::move(state)};
}

}  // namespace agg::fetch
