#include "fetch/judge.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "fetch/audit.hpp"
#include "fetch/health.hpp"
#include "fetch/page.hpp"

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr std::size_t k_rhythm_sample = 20;
constexpr std::size_t k_shown_body_bytes = 200;

const char* status_words(int status) {
    switch (status) {
        case 400: return " Bad Request";
        case 401: return " Unauthorized: it wants a user and a password";
        case 403: return " Forbidden";
        case 404: return " Not Found";
        case 406: return " Not Acceptable";
        case 410: return " Gone";
        case 429: return " Too Many Requests";
        case 451: return " Unavailable For Legal Reasons";
        case 500: return " Internal Server Error";
        case 502: return " Bad Gateway";
        case 503: return " Service Unavailable";
        case 504: return " Gateway Timeout";
        case 511: return " Network Authentication Required";
        default: return "";
    }
}

// `what` came instead of a feed: what it is where that is known, and its beginning, which often says why.
std::string shown(const std::string& what, const Response& response) {
    std::string out = what;
    if (const auto page = recognise_page(response)) out += fmt::format(", {}: {}", page->what, page->advice);
    const std::string text = page_text(response, k_shown_body_bytes);
    return text.empty() ? out : fmt::format("{}: \"{}\"", out, text);
}

std::string status_shown(const Response& response) {
    return shown(fmt::format("{}{}", response.status, status_words(response.status)), response);
}

void count_failure(PollState& state, std::string result, TimePoint now) {
    ++state.failures;
    if (!state.failing_since) state.failing_since = now;
    state.last_result = std::move(result);
}

Verdict failed(PollState state, std::string result, const Feed& feed, TimePoint now) {
    count_failure(state, std::move(result), now);
    // A feed that is gone was asked by hand, and is still not back.
    if (!state.gone) set_next_poll(state, feed, wait_after_failure(feed, state, now), now);
    return {Outcome::failed, std::move(state)};
}

Verdict held(PollState state, const Response& response, const Feed& feed, TimePoint now) {
    count_failure(state, status_shown(response), now);
    if (!state.gone) set_next_poll(state, feed, wait_as_asked(feed, state, response.headers, now), now);
    return {Outcome::held, std::move(state)};
}

// `last_poll` is the poll before this one.
Verdict gone(PollState state, std::optional<TimePoint> last_poll, const Feed& feed, TimePoint now) {
    // One 410 may be a slip: an interval later it is believed, not when somebody asks again at once.
    const milliseconds apart =
        std::max(std::min(usual_interval(feed, state, now), feed.max_interval), feed.min_interval);
    const bool too_soon = state.gone_answers == 1 && last_poll && now - *last_poll < apart;
    if (!too_soon) ++state.gone_answers;
    if (state.gone_answers < 2)
        return failed(std::move(state), "410 Gone; asked once more before it is believed", feed, now);
    if (state.move && state.move->confirmed) {
        state.move.reset();
        state.gone_answers = 0;
        return failed(std::move(state), "410 Gone where it had moved; its old address is asked again", feed, now);
    }
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

Verdict not_modified(PollState state, const Response& response, const Feed& feed, TimePoint now) {
    succeeded(state, now);
    if (const std::string& etag = response.headers.get("ETag"); !etag.empty()) state.validators.etag = etag;
    if (const std::string& modified = response.headers.get("Last-Modified"); !modified.empty())
        state.validators.last_modified = modified;
    state.last_result = "304, not modified";
    set_next_poll(state, feed, wait_after_success(feed, state, response.headers, now), now);
    return {Outcome::not_modified, std::move(state)};
}

void remember_items(PollState& state, const Reading& reading, TimePoint now) {
    std::vector<TimePoint> published = reading.published;
    std::erase_if(published, [&](TimePoint time) { return time > now; });
    std::sort(published.begin(), published.end(), std::greater<>());
    if (!published.empty() && (!state.newest_item || *state.newest_item < published.front()))
        state.newest_item = published.front();
    if (published.size() > k_rhythm_sample) published.resize(k_rhythm_sample);
    state.rhythm_items = static_cast<unsigned>(published.size());
    state.rhythm_since = published.empty() ? std::nullopt : std::optional{published.back()};
    // An empty document in between does not make the feed another one.
    if (reading.identities.empty()) return;
    const std::size_t remembered = std::min(reading.identities.size(), k_remembered_items);
    state.item_identities.assign(reading.identities.begin(),
                                 reading.identities.begin() + static_cast<std::ptrdiff_t>(remembered));
}

// `reading`: of another document than the last one; absent: the same.
Verdict document(PollState state, const Response& response, const std::optional<Reading>& reading, const Feed& feed,
                 TimePoint now) {
    succeeded(state, now);
    state.last_document = now;
    state.document_bytes = response.bytes_received;
    const bool whole = !reading || !reading->cut_short;
    if (whole) {
        state.validators = {response.headers.get("ETag"), response.headers.get("Last-Modified")};
        state.validators_url = response.url;
    }
    if (reading) {
        state.body_fingerprint = whole ? reading->fingerprint : 0;
        state.hints = reading->hints;
        remember_items(state, *reading, now);
        state.last_result = fmt::format("200, {} item{}{}", reading->items, reading->items == 1 ? "" : "s",
                                        whole ? "" : ", but the document ends before its end");
    } else {
        state.last_result = "200, the same document as before";
    }
    set_next_poll(state, feed, wait_after_success(feed, state, response.headers, now), now);
    return {reading ? Outcome::document : Outcome::same_document, std::move(state)};
}

Verdict judge_answer(const Result<Response>& answer, const std::optional<Reading>& reading, const Feed& feed,
                     const PollState& before, TimePoint now) {
    PollState state = before;
    state.last_poll = now;
    state.last_status = answer ? answer->status : 0;
    state.last_bytes = answer ? answer->bytes_received : 0;
    state.last_duration = answer ? answer->duration : milliseconds{0};
    state.last_new_items = 0;
    if (state.last_status != 410) state.gone_answers = 0;
    if (!answer) return failed(std::move(state), answer.error().message, feed, now);

    switch (answer->status) {
        case 200:
            if (reading && reading->error)
                return failed(std::move(state), shown(fmt::format("200, but {}", reading->error->message), *answer),
                              feed, now);
            return document(std::move(state), *answer, reading, feed, now);
        case 304:
            // One that nobody asked for would keep a feed empty for ever.
            if (!answer->conditional)
                return failed(std::move(state), "304 to a request without a condition: the server is broken", feed,
                              now);
            return not_modified(std::move(state), *answer, feed, now);
        case 410: return gone(std::move(state), before.last_poll, feed, now);
        case 429:
        case 503: return held(std::move(state), *answer, feed, now);
        default: return failed(std::move(state), status_shown(*answer), feed, now);
    }
}

Arrival arrival_of(const Result<Response>& answer, const Verdict& verdict, const std::optional<Reading>& reading,
                   const PollState& before) {
    switch (verdict.outcome) {
        case Outcome::not_modified:
        case Outcome::same_document: return Arrival::at_the_feed;
        case Outcome::document:
            return has_known_items(before, reading->identities) ? Arrival::at_the_feed : Arrival::elsewhere;
        case Outcome::held: return Arrival::unknown;
        case Outcome::failed:
        case Outcome::gone: return !answer || answer->status >= 500 ? Arrival::unknown : Arrival::elsewhere;
    }
    return Arrival::unknown;
}

std::optional<TimePoint> lying_since(const Response& response, const PollState& before, const PollState& after,
                                     const Reading& reading, TimePoint now) {
    // A changed document in answer to a condition, or nothing left to lie with.
    if (response.conditional || after.validators.empty()) return std::nullopt;
    if (!before.lying_since && proves_a_lie(before, after.validators, reading.identities, reading.published))
        return now;
    return before.lying_since;
}

}  // namespace

Result<Request> request_for(const Feed& feed, const PollState& state, const Policy& policy, TimePoint now) {
    auto url = Url::parse(effective_url(feed, state));
    if (!url) return tl::unexpected(url.error());
    Request request{.url = std::move(*url)};
    if (is_at_home(feed, request.url)) {
        request.allow_private = feed.allow_private;
        request.allow_file = request.url.is_file();
        request.transfer = feed.transfer;
    } else {
        // Nobody but the user may say who else sees the feed's secrets.
        request.transfer = {.proxy = feed.transfer.proxy, .user_agent = feed.transfer.user_agent};
        request.with_login = false;
    }
    if (is_conditional(state, policy, now)) {
        request.validators = state.validators;
        request.validators_url = state.validators_url;
    }
    return request;
}

Verdict judge(const Result<Response>& answer, const std::optional<Reading>& reading, const Feed& feed,
              const PollState& before, const Policy& policy, TimePoint now) {
    Verdict verdict = judge_answer(answer, reading, feed, before, now);
    PollState& state = verdict.state;
    const bool broke = verdict.outcome == Outcome::failed || verdict.outcome == Outcome::gone;
    state.move = move_after(state.move, answer ? answer->moved_to : std::string(),
                            arrival_of(answer, verdict, reading, before), broke ? state.failures : 0, policy, now);
    if (verdict.outcome == Outcome::document) state.lying_since = lying_since(*answer, before, state, *reading, now);
    state.condition = condition_of(state, feed, now);
    return verdict;
}

}  // namespace agg::fetch
