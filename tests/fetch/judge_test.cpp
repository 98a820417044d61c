#include "fetch/judge.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "base/time.hpp"

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;
using Catch::Contains;
using std::chrono::milliseconds;

namespace {

TimePoint at(std::string_view text) {
    const auto time = parse_rfc3339(text);
    if (!time) throw std::invalid_argument(std::string(text));
    return *time;
}
const TimePoint k_now = at("2022-01-10T12:00:00Z");  // a Monday
const std::string k_url = "http://example.org/feed";
const Policy k_policy;
const Validators k_pair{"\"a\"", "Mon, 10 Jan 2022 10:00:00 GMT"};

using Lines = std::vector<std::pair<std::string, std::string>>;

Response response(int status, const Lines& lines = {}, std::string body = "") {
    Response response{.status = status, .url = k_url, .conditional = status == 304, .body = std::move(body)};
    for (const auto& [name, value] : lines) response.headers.add(name, value);
    return response;
}

Feed hourly() { return {.name = "example", .url = k_url, .interval = 1h}; }
Feed automatic() { return {.name = "example", .url = k_url}; }
Feed every(milliseconds interval) { return {.name = "example", .url = k_url, .interval = interval}; }

// An hour ago a document came, with `validators`.
PollState polled_once(Validators validators = k_pair) {
    PollState state;
    state.validators = std::move(validators);
    state.validators_url = k_url;
    state.body_fingerprint = 7;
    state.last_poll = state.last_success = state.last_document = k_now - 1h;
    state.last_status = 200;
    return state;
}

PollState failed_before(unsigned failures) {
    PollState state = polled_once();
    state.failures = failures;
    if (failures > 0) state.failing_since = k_now - 30min;
    return state;
}

Reading reading(std::size_t items = 1) { return {.fingerprint = 42, .published = {k_now - 1h}, .items = items}; }
Reading no_feed() { return {.fingerprint = 42, .error = Error{ErrorKind::not_a_feed, "it is a web page"}}; }
Result<Response> network_failure() { return fail(ErrorKind::network, "could not connect to example.org:80: refused"); }

Verdict judged(const Result<Response>& answer, const Feed& feed, const PollState& before = polled_once()) {
    const bool document = answer && answer->status == 200;
    return judge(answer, document ? std::optional{reading()} : std::nullopt, feed, before, k_policy, k_now);
}

milliseconds wait(const Verdict& verdict) {
    REQUIRE(verdict.state.next_poll);
    return *verdict.state.next_poll - k_now;
}

// `wait` is asked for; up to a tenth of it, five minutes at most, is added so that feeds spread.
void check_wait(const Verdict& verdict, milliseconds asked) {
    CHECK(wait(verdict) >= asked);
    CHECK(wait(verdict) <= asked + std::min<milliseconds>(asked / 10, 5min));
}

}  // namespace

// How a feed is asked for.

TEST_CASE("a feed that was never polled is asked for without a condition") {
    const auto request = request_for(hourly(), {}, k_policy, k_now);
    REQUIRE(request);
    CHECK(request->url.text() == k_url);
    CHECK(request->validators.empty());
    CHECK_FALSE(request->allow_file);
    CHECK_FALSE(request->allow_private);
}

TEST_CASE("the stored pair goes with the request, and so does the address it belongs to") {
    auto state = polled_once();
    state.validators_url = "http://example.org/elsewhere";
    const auto request = request_for(hourly(), state, k_policy, k_now);
    REQUIRE(request);
    CHECK(request->validators == k_pair);
    CHECK(request->validators_url == "http://example.org/elsewhere");
}

TEST_CASE("eight days after the last document the request has no condition, because servers get stuck on 304") {
    auto state = polled_once();
    state.last_document = k_now - 24h * 8 + 1ms;
    CHECK_FALSE(request_for(hourly(), state, k_policy, k_now)->validators.empty());
    state.last_document = k_now - 24h * 8;
    CHECK(request_for(hourly(), state, k_policy, k_now)->validators.empty());
}

TEST_CASE("a feed's own rights travel with its request") {
    auto feed = hourly();
    feed.allow_private = true;
    CHECK(request_for(feed, {}, k_policy, k_now)->allow_private);
    feed.url = "file:///srv/feed.xml";
    CHECK(request_for(feed, {}, k_policy, k_now)->allow_file);
}

TEST_CASE("a feed whose URL cannot be read makes no request") {
    auto feed = hourly();
    feed.url = "not a url";
    const auto request = request_for(feed, {}, k_policy, k_now);
    REQUIRE_FALSE(request);
    CHECK(request.error().kind == ErrorKind::invalid);
}

// What an answer does to the validators.

TEST_CASE("a document replaces both validators; one that is absent is cleared") {
    struct Case {
        Lines lines;
        Validators stored;
    };
    const auto test = GENERATE(values<Case>({
        {{{"ETag", "\"b\""}, {"Last-Modified", "yesterday"}}, {"\"b\"", "yesterday"}},
        {{{"ETag", "\"b\""}}, {"\"b\"", ""}},
        {{{"Last-Modified", "yesterday"}}, {"", "yesterday"}},
        {{}, {"", ""}},
    }));
    const auto verdict = judged(response(200, test.lines), hourly());
    CHECK(verdict.outcome == Outcome::document);
    CHECK(verdict.state.validators == test.stored);
}

TEST_CASE("validators belong to the address that answered") {
    auto moved = response(200, {{"ETag", "\"b\""}});
    moved.url = "http://example.org/after-redirects";
    CHECK(judged(moved, hourly()).state.validators_url == "http://example.org/after-redirects");
}

TEST_CASE("a 304 without validators keeps the stored pair") {
    const auto verdict = judged(response(304), hourly());
    CHECK(verdict.outcome == Outcome::not_modified);
    CHECK(verdict.state.validators == k_pair);
    CHECK(verdict.state.validators_url == k_url);
}

TEST_CASE("a 304 replaces the validators that it carries, and only those") {
    CHECK(judged(response(304, {{"ETag", "\"b\""}}), hourly()).state.validators ==
          Validators{"\"b\"", k_pair.last_modified});
    CHECK(judged(response(304, {{"Last-Modified", "later"}}), hourly()).state.validators ==
          Validators{k_pair.etag, "later"});
}

TEST_CASE("the same document again renews the validators and changes nothing else that it said") {
    auto before = polled_once();
    before.hints.ttl = 3h;
    before.rhythm_items = 5;
    before.rhythm_since = k_now - 24h;
    const auto verdict = judge(response(200, {{"ETag", "\"b\""}}), std::nullopt, hourly(), before, k_policy, k_now);
    CHECK(verdict.outcome == Outcome::same_document);
    CHECK(verdict.state.validators == Validators{"\"b\"", ""});
    CHECK(verdict.state.body_fingerprint == 7);
    CHECK(verdict.state.hints == before.hints);
    CHECK(verdict.state.rhythm_items == 5);
    CHECK(verdict.state.last_document == k_now);
}

TEST_CASE("no other answer touches the validators, so that the next poll can see the items again") {
    const int status = GENERATE(201, 204, 206, 226, 301, 302, 400, 401, 403, 404, 410, 429, 500, 502, 503, 504);
    INFO(status);
    const auto verdict =
        judged(response(status, {{"ETag", "\"error page\""}, {"Last-Modified", "now"}}, "sorry"), hourly());
    CHECK(verdict.state.validators == k_pair);
    CHECK(verdict.state.validators_url == k_url);
    CHECK(verdict.state.body_fingerprint == 7);
    CHECK(verdict.state.last_document == k_now - 1h);
    CHECK(verdict.state.last_success == k_now - 1h);
}

TEST_CASE("a 200 that is no feed is a failure and leaves the validators") {
    const auto verdict = judge(response(200, {{"ETag", "\"login page\""}}), no_feed(), hourly(), polled_once(), k_policy, k_now);
    CHECK(verdict.outcome == Outcome::failed);
    CHECK(verdict.state.validators == k_pair);
    CHECK(verdict.state.body_fingerprint == 7);
    CHECK(verdict.state.failures == 1);
    CHECK_THAT(verdict.state.last_result, Contains("web page"));
}

TEST_CASE("a document that is cut short brings its items, but no validators and no fingerprint") {
    Reading cut = reading(3);
    cut.cut_short = true;
    const Verdict verdict = judge(response(200, {{"ETag", "\"half\""}}), cut, hourly(), polled_once(), k_policy, k_now);
    CHECK(verdict.outcome == Outcome::document);
    CHECK(verdict.state.validators == k_pair);
    CHECK(verdict.state.body_fingerprint == 0);
    CHECK_THAT(verdict.state.last_result, Contains("3 items") && Contains("ends before its end"));
}

TEST_CASE("a person may ask again after five minutes, or the shortest interval where that is less") {
    CHECK(judged(response(200), hourly()).state.not_before == k_now + 5min);
    Feed quick = every(1min);
    quick.min_interval = 1min;
    CHECK(judged(response(200), quick).state.not_before == k_now + 1min);
    CHECK(judged(response(500), hourly()).state.not_before == k_now + 5min);
}

TEST_CASE("what a publisher asked for holds for persons as well") {
    for (const Verdict& verdict :
         {judged(response(200, {{"Cache-Control", "max-age=7200"}}), hourly()),
          judged(response(429, {{"Retry-After", "7200"}}), hourly()), judged(response(503), hourly())})
        CHECK(verdict.state.not_before == verdict.state.next_poll);
}

TEST_CASE("a failed transfer leaves the validators") {
    const auto verdict = judged(network_failure(), hourly());
    CHECK(verdict.outcome == Outcome::failed);
    CHECK(verdict.state.validators == k_pair);
    CHECK(verdict.state.last_status == 0);
    CHECK_THAT(verdict.state.last_result, Contains("could not connect"));
}

TEST_CASE("a 304 to a request without a condition is a failure: it would keep the feed empty for ever") {
    Response unasked = response(304);
    unasked.conditional = false;
    CHECK(judged(unasked, hourly()).outcome == Outcome::failed);
}

TEST_CASE("a 304 counts by how it was asked for, also when an audit falls due or the policy changes on its way") {
    auto before = polled_once();
    before.last_document = k_now - 24h * 9;
    CHECK(judged(response(304), hourly(), before).outcome == Outcome::not_modified);
}

// What is remembered.

TEST_CASE("a document is remembered by its fingerprint, its hints and its count") {
    Reading read = reading(3);
    read.hints = {.ttl = 2h, .skip_hours = {3}};
    const auto verdict = judge(response(200), read, hourly(), {}, k_policy, k_now);
    CHECK(verdict.state.body_fingerprint == 42);
    CHECK(verdict.state.hints == read.hints);
    CHECK(verdict.state.last_result == "200, 3 items");
    CHECK(verdict.state.last_status == 200);
    CHECK(verdict.state.last_poll == k_now);
    CHECK(verdict.state.last_success == k_now);
    CHECK(verdict.state.last_document == k_now);
}

TEST_CASE("a success ends a row of failures") {
    const auto answer = GENERATE(200, 304);
    auto before = failed_before(4);
    before.gone_answers = 1;
    const auto verdict = judged(response(answer), hourly(), before);
    CHECK(verdict.state.failures == 0);
    CHECK_FALSE(verdict.state.failing_since);
    CHECK(verdict.state.gone_answers == 0);
}

TEST_CASE("a row of failures counts on and remembers its beginning") {
    const auto first = judged(network_failure(), hourly());
    CHECK(first.state.failures == 1);
    CHECK(first.state.failing_since == k_now);
    const auto second = judge(response(500), std::nullopt, hourly(), first.state, k_policy, k_now + 1h);
    CHECK(second.state.failures == 2);
    CHECK(second.state.failing_since == k_now);
    CHECK(second.state.last_status == 500);
}

TEST_CASE("an error page is shown as text, its first 200 bytes") {
    const auto verdict =
        judged(response(403, {}, "<html><title>Blocked</title><p>Ask\n  <b>nicely</b></p>" + std::string(10'000, 'x')),
               hourly());
    CHECK_THAT(verdict.state.last_result, Contains("403 Forbidden") && Contains("Blocked Ask nicely xxx"));
    CHECK(verdict.state.last_result.size() < 260);
}

TEST_CASE("an error page that is no text is still shown as valid UTF-8") {
    const auto verdict = judged(response(500, {}, "\xFF\xFE<\x01 broken"), hourly());
    CHECK_THAT(verdict.state.last_result, Contains("500"));
    CHECK(verdict.state.last_result.find('\xFF') == std::string::npos);
}

// 410.

TEST_CASE("one 410 may be a slip; the second in a row ends the polling") {
    const auto first = judged(response(410), hourly());
    CHECK(first.outcome == Outcome::failed);
    CHECK_FALSE(first.state.gone);
    check_wait(first, 1h);
    const auto second = judge(response(410), std::nullopt, hourly(), first.state, k_policy, k_now + 1h);
    CHECK(second.outcome == Outcome::gone);
    CHECK(second.state.gone);
    CHECK_FALSE(second.state.next_poll);
    CHECK_THAT(second.state.next_poll_reason, Contains("gone"));
}

TEST_CASE("any other end of a poll in between makes two 410s no row") {
    auto other =
        GENERATE(as<Result<Response>>{}, response(200), response(304), response(500), response(503), network_failure());
    const auto first = judged(response(410), hourly());
    const std::optional<Reading> read = other && other->status == 200 ? std::optional{reading()} : std::nullopt;
    const auto between = judge(other, read, hourly(), first.state, k_policy, k_now + 1h);
    const auto again = judge(response(410), std::nullopt, hourly(), between.state, k_policy, k_now + 4h);
    CHECK(again.outcome == Outcome::failed);
    CHECK_FALSE(again.state.gone);
}

TEST_CASE("a 410 asked for again at once is still the same slip") {
    const auto first = judged(response(410), hourly());
    const auto refreshed = judge(response(410), std::nullopt, hourly(), first.state, k_policy, k_now + 1min);
    CHECK_FALSE(refreshed.state.gone);
    CHECK(refreshed.state.next_poll);
    CHECK(judge(response(410), std::nullopt, hourly(), refreshed.state, k_policy, k_now + 2h).state.gone);
}

TEST_CASE("a feed that was gone and answers again is polled again") {
    PollState before = polled_once();
    before.gone = true;
    before.gone_answers = 2;
    const auto verdict = judged(response(200), hourly(), before);
    CHECK_FALSE(verdict.state.gone);
    CHECK(verdict.state.next_poll);
}

// 429 and 503.

TEST_CASE("Retry-After is obeyed, from the feed's interval to a week") {
    struct Case {
        const char* value;
        milliseconds asked;
    };
    const int status = GENERATE(429, 503);
    const auto test = GENERATE(values<Case>({
        {"7200", 2h},
        {"86400", 24h},
        {"Mon, 10 Jan 2022 15:00:00 GMT", 3h},
        {"60", 1h},  // no reason to come sooner than usual
        {"0", 1h},
        {"Sun, 09 Jan 2022 12:00:00 GMT", 1h},  // past
    }));
    INFO(status << " " << test.value);
    const auto verdict = judged(response(status, {{"Retry-After", test.value}}), hourly());
    CHECK(verdict.outcome == Outcome::held);
    check_wait(verdict, test.asked);
    CHECK(verdict.state.validators == k_pair);
    CHECK(verdict.state.failures == 1);
}

TEST_CASE("no Retry-After holds a feed for more than a week") {
    const auto value = GENERATE("31536000", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT");
    CHECK(wait(judged(response(503, {{"Retry-After", value}}), hourly())) <= 24h * 7);
}

TEST_CASE("the reason names the Retry-After that set the time, and no other") {
    CHECK_THAT(judged(response(429, {{"Retry-After", "7200"}}), hourly()).state.next_poll_reason,
               Contains("Retry-After") && Contains("2 h"));
    const auto shorter = judged(response(429, {{"Retry-After", "60"}}), hourly()).state.next_poll_reason;
    CHECK_THAT(shorter, Contains("1 h"));
}

TEST_CASE("without a usable Retry-After a held feed waits two intervals, then four, then eight") {
    const auto value = GENERATE("", "soon", "-1");
    auto verdict = judged(response(429, {{"Retry-After", value}}), hourly());
    check_wait(verdict, 2h);
    check_wait(judged(response(429), hourly(), failed_before(1)), 4h);
    check_wait(judged(response(503), hourly(), failed_before(2)), 8h);
    check_wait(judged(response(503), hourly(), failed_before(30)), 24h);
}

// Errors.

TEST_CASE("the n-th error in a row waits interval x 2^(n-1), a day at most") {
    struct Case {
        unsigned before;
        milliseconds asked;
    };
    const auto test = GENERATE(values<Case>(
        {{0, 1h}, {1, 2h}, {2, 4h}, {3, 8h}, {4, 16h}, {5, 24h}, {6, 24h}, {100, 24h}, {4'000'000'000U, 24h}}));
    const auto answer = GENERATE(as<Result<Response>>{}, response(500), response(404), network_failure());
    INFO(test.before);
    check_wait(judged(answer, hourly(), failed_before(test.before)), test.asked);
}

TEST_CASE("an interval longer than a day is not shortened by errors") {
    check_wait(judged(response(500), every(48h), failed_before(9)), 48h);
}

TEST_CASE("a feed that keeps failing is never given up") {
    auto state = polled_once();
    TimePoint now = k_now;
    for (int n = 0; n < 100; ++n) {
        state = judge(network_failure(), std::nullopt, hourly(), state, k_policy, now).state;
        REQUIRE(state.next_poll);
        REQUIRE(*state.next_poll > now);
        REQUIRE(*state.next_poll <= now + 24h + 5min);
        now = *state.next_poll;
    }
    CHECK(state.failures == 100);
}

// When a healthy feed is polled next.

TEST_CASE("a healthy feed is polled every interval") {
    const int status = GENERATE(200, 304);
    const auto verdict = judged(response(status), hourly());
    check_wait(verdict, 1h);
    CHECK_THAT(verdict.state.next_poll_reason, Contains("feeds.conf"));
}

TEST_CASE("the server's freshness makes the wait longer, a day at most, also on a 304") {
    struct Case {
        Lines lines;
        milliseconds asked;
    };
    const int status = GENERATE(200, 304);
    const auto test = GENERATE(values<Case>({
        {{{"Cache-Control", "max-age=7200"}}, 2h},
        {{{"Cache-Control", "max-age=7200"}, {"Age", "1800"}}, 90min},
        {{{"Expires", "Mon, 10 Jan 2022 15:00:00 GMT"}}, 3h},
        {{{"Cache-Control", "max-age=315360000"}}, 24h},  // a ten-year max-age froze a reader
        {{{"Cache-Control", "max-age=60"}}, 1h},
        {{{"Cache-Control", "max-age=0"}}, 1h},
        {{{"Cache-Control", "no-cache"}}, 1h},
        {{{"Cache-Control", "max-age=banana"}}, 1h},
    }));
    INFO(status << " asks for " << test.asked.count() << " ms");
    check_wait(judged(response(status, test.lines), hourly()), test.asked);
}

TEST_CASE("freshness names itself as the reason only where it set the time") {
    CHECK_THAT(judged(response(200, {{"Cache-Control", "max-age=7200"}}), hourly()).state.next_poll_reason,
               Contains("2 h") && Contains("server"));
    CHECK_THAT(judged(response(200, {{"Cache-Control", "max-age=60"}}), hourly()).state.next_poll_reason,
               Contains("feeds.conf"));
}

namespace {

Verdict judged_with(const PollingHints& hints, const Feed& feed, const Lines& lines = {}, TimePoint now = k_now) {
    Reading read = reading();
    read.hints = hints;
    return judge(response(200, lines), read, feed, {}, k_policy, now);
}

}  // namespace

TEST_CASE("ttl counts where the server says nothing about freshness") {
    struct Case {
        std::chrono::minutes ttl;
        Lines lines;
        milliseconds asked;
    };
    const auto test = GENERATE(values<Case>({
        {2h, {}, 2h},
        {30min, {}, 1h},
        {24h * 365, {}, 24h},
        {2h, {{"Cache-Control", "max-age=10800"}}, 3h},
        {3h, {{"Cache-Control", "max-age=7200"}}, 2h},
        {2h, {{"Cache-Control", "max-age=0"}}, 2h},  // max-age=0 and no-cache change nothing
        {2h, {{"Cache-Control", "no-cache"}}, 2h},
        {2h, {{"Expires", "Thu, 19 Nov 1981 08:52:00 GMT"}}, 2h},
        {2h, {{"Cache-Control", "max-age=banana"}}, 2h},
    }));
    check_wait(judged_with({.ttl = test.ttl}, hourly(), test.lines), test.asked);
}

TEST_CASE("a ttl is remembered for the 304s that follow") {
    auto before = polled_once();
    before.hints.ttl = 3h;
    check_wait(judged(response(304), hourly(), before), 3h);
}

TEST_CASE("sy:updatePeriod counts from a day upwards: WordPress says hourly always") {
    check_wait(judged_with({.syndication_interval = 23h}, hourly()), 1h);
    check_wait(judged_with({.syndication_interval = 24h}, hourly()), 24h);
    check_wait(judged_with({.syndication_interval = 24h * 30}, hourly()), 24h);
}

TEST_CASE("nothing that a server or a feed says makes the user's interval shorter") {
    const auto hints =
        GENERATE(values<PollingHints>({{}, {.ttl = 1min}, {.ttl = 24h * 3}, {.syndication_interval = 24h * 3}}));
    const auto lines =
        GENERATE(values<Lines>({{}, {{"Cache-Control", "max-age=1"}}, {{"Cache-Control", "max-age=259200"}}}));
    check_wait(judged_with(hints, every(48h), lines), 48h);
}

TEST_CASE("skipped hours and days are respected") {
    const auto verdict = judged_with({.skip_hours = {12, 13, 14}}, hourly());
    CHECK(*verdict.state.next_poll >= at("2022-01-10T15:00:00Z"));
    CHECK(*verdict.state.next_poll <= at("2022-01-10T15:05:00Z"));
    CHECK_THAT(verdict.state.next_poll_reason, Contains("skip"));
    CHECK(*judged_with({.skip_days = {1}}, hourly()).state.next_poll >= at("2022-01-11T00:00:00Z"));
}

TEST_CASE("feeds do not all leave a skipped hour in the same instant") {
    std::set<TimePoint> times;
    for (int n = 0; n < 20; ++n) {
        auto feed = hourly();
        feed.url += std::to_string(n);
        times.insert(*judged_with({.skip_hours = {12, 13, 14}}, feed).state.next_poll);
    }
    CHECK(times.size() > 10);
}

// Bounds.

TEST_CASE("jitter is between nothing and a tenth, five minutes at most, and never early") {
    const milliseconds interval = GENERATE(values<milliseconds>({2s, 15min, 1h, 12h, 24h * 6}));
    milliseconds least = 24h * 365, most{0};
    for (int n = 0; n < 500; ++n) {
        auto feed = every(interval);
        feed.min_interval = 1s;
        feed.url += std::to_string(n);
        const milliseconds jitter = wait(judged(response(200), feed)) - interval;
        REQUIRE(jitter >= 0s);
        REQUIRE(jitter <= std::min<milliseconds>(interval / 10, 5min));
        least = std::min(least, jitter);
        most = std::max(most, jitter);
    }
    const auto longest = std::min<milliseconds>(interval / 10, 5min);
    CHECK(least < longest / 10);  // the whole range is used
    CHECK(most > longest - longest / 10);
}

TEST_CASE("a feed keeps its phase: half of its jitter is always the same, and another feed's is another") {
    std::set<milliseconds> phases;
    for (const char* name : {"a", "b", "c", "d"}) {
        auto feed = hourly();
        feed.url += name;
        milliseconds least = 24h, most{0};
        for (int day = 0; day < 200; ++day) {
            const TimePoint now = k_now + day * 24h;
            const Verdict verdict = judge(response(200), std::nullopt, feed, {}, {}, now);
            least = std::min(least, *verdict.state.next_poll - now - 1h);
            most = std::max(most, *verdict.state.next_poll - now - 1h);
        }
        CHECK(most - least <= 150s);
        CHECK(most - least > 120s);
        phases.insert(least);
    }
    CHECK(*phases.rbegin() - *phases.begin() > 30s);
}

TEST_CASE("the same answer at the same time is judged the same") {
    CHECK(wait(judged(response(200), hourly())) == wait(judged(response(200), hourly())));
}

TEST_CASE("nothing is polled again before min_interval") {
    auto feed = every(1s);
    feed.min_interval = 30min;
    const auto answer =
        GENERATE(as<Result<Response>>{}, response(200), response(304), response(500), response(410), network_failure(),
                 response(429, {{"Retry-After", "1"}}), response(200, {{"Cache-Control", "max-age=1"}}));
    check_wait(judged(answer, feed), 30min);
}

TEST_CASE("nothing is polled later than max_interval, jitter and skipped hours included") {
    auto feed = every(4s);
    feed.min_interval = 2s;
    feed.max_interval = 8s;
    const auto answer = GENERATE(as<Result<Response>>{}, response(200, {{"Cache-Control", "max-age=86400"}}),
                                 response(304, {{"Cache-Control", "max-age=86400"}}), response(500),
                                 response(429, {{"Retry-After", "86400"}}), response(503), network_failure());
    auto before = failed_before(9);
    before.hints = {.ttl = 24h, .syndication_interval = 24h, .skip_hours = {12}};
    const auto verdict = judged(answer, feed, before);
    CHECK(wait(verdict) > 2s);
    CHECK(wait(verdict) <= 8s);
    CHECK_THAT(verdict.state.next_poll_reason, Contains("max_interval") || Contains("feeds.conf"));
}

// "auto".

TEST_CASE("a feed without a known rhythm is polled every hour") {
    const auto verdict = judge(response(200), Reading{.fingerprint = 1}, automatic(), {}, k_policy, k_now);
    check_wait(verdict, 1h);
    CHECK_THAT(verdict.state.next_poll_reason, Contains("not known"));
    CHECK(rhythm_interval({}, k_now) == 1h);
}

TEST_CASE("a rhythm is taken from the twenty newest items that are not in the future") {
    Reading read = reading();
    read.published.clear();
    for (int n = 30; n >= 1; --n) read.published.push_back(k_now - n * 1h);
    read.published.push_back(k_now + 24h);  // a wrong date
    std::swap(read.published.front(), read.published[15]);
    const auto verdict = judge(response(200), read, automatic(), {}, k_policy, k_now);
    CHECK(verdict.state.rhythm_items == 20);
    CHECK(verdict.state.rhythm_since == k_now - 20h);
    check_wait(verdict, 30min);
    CHECK_THAT(verdict.state.next_poll_reason, Contains("rhythm"));
}

TEST_CASE("silence stretches the rhythm and a new item resets it") {
    PollState state = polled_once();
    state.rhythm_items = 4;
    state.rhythm_since = k_now - 4h;
    CHECK(rhythm_interval(state, k_now) < rhythm_interval(state, k_now + 8h));
    Reading read = reading();
    read.published = {k_now - 2h, k_now - 1h, k_now};
    state = judge(response(200), read, automatic(), state, k_policy, k_now).state;
    CHECK(rhythm_interval(state, k_now) == 20min);
}

TEST_CASE("items without dates are no rhythm") {
    Reading read{.fingerprint = 1, .items = 40};
    check_wait(judge(response(200), read, automatic(), polled_once(), k_policy, k_now), 1h);
}

// Moves.

namespace {

const std::string k_elsewhere = "https://new.example/feed";

// Polled often enough, with items that are known.
PollState with_items() {
    PollState state = polled_once();
    state.item_identities = {1, 2, 3};
    return state;
}

Reading reading_of(std::vector<std::uint64_t> identities) {
    Reading read = reading(identities.size());
    read.identities = std::move(identities);
    return read;
}

Response redirected(int status) {
    Response answer = response(status);
    answer.moved_to = answer.url = k_elsewhere;
    return answer;
}

PollState believed_move() {
    PollState state = with_items();
    state.move = Move{.url = k_elsewhere, .since = k_now - 48h, .polls = 3, .confirmed = true};
    return state;
}

}  // namespace

TEST_CASE("a redirect for good that leads to the same feed is counted: by its items, by its bytes, or by a 304") {
    SECTION("items in common") {
        const auto verdict = judge(redirected(200), reading_of({3, 4}), hourly(), with_items(), k_policy, k_now);
        REQUIRE(verdict.state.move);
        CHECK(verdict.state.move->url == k_elsewhere);
        CHECK(verdict.state.move->polls == 1);
    }
    SECTION("the same bytes") {
        CHECK(judge(redirected(200), std::nullopt, hourly(), with_items(), k_policy, k_now).state.move);
    }
    SECTION("a 304 to the validators of that place") {
        PollState before = with_items();
        before.validators_url = k_elsewhere;
        CHECK(judge(redirected(304), std::nullopt, hourly(), before, k_policy, k_now).state.move);
    }
}

TEST_CASE("a redirect for good that leads elsewhere is not counted, and resets what was") {
    PollState before = with_items();
    before.move = Move{.url = k_elsewhere, .since = k_now - 48h, .polls = 2};
    CHECK_FALSE(judge(redirected(200), reading_of({8, 9}), hourly(), before, k_policy, k_now).state.move);
    CHECK_FALSE(judge(redirected(200), no_feed(), hourly(), before, k_policy, k_now).state.move);
    CHECK_FALSE(judge(redirected(404), std::nullopt, hourly(), before, k_policy, k_now).state.move);
    CHECK_FALSE(judge(response(200), reading_of({1}), hourly(), before, k_policy, k_now).state.move);
    CHECK(judge(network_failure(), std::nullopt, hourly(), before, k_policy, k_now).state.move == before.move);
    CHECK(judge(redirected(503), std::nullopt, hourly(), before, k_policy, k_now).state.move == before.move);
}

TEST_CASE("a believed move is asked directly, without the rights of the configured address") {
    Feed own = hourly();
    own.allow_private = true;
    own.transfer = {.proxy = "http://proxy.example:3128",
                    .user_agent = "me",
                    .headers = {{"X-Token", "secret"}},
                    .credentials_file = "/etc/passwords"};
    CHECK(request_for(own, with_items(), k_policy, k_now)->transfer == own.transfer);
    CHECK(request_for(own, with_items(), k_policy, k_now)->with_login);
    const auto request = request_for(own, believed_move(), k_policy, k_now);
    REQUIRE(request);
    CHECK(request->url.text() == k_elsewhere);
    CHECK_FALSE(request->allow_private);
    CHECK_FALSE(request->with_login);
    CHECK(request->transfer == TransferSettings{.proxy = "http://proxy.example:3128", .user_agent = "me"});
}

TEST_CASE("a believed move is dropped after three failures in a row; asking to slow down is none") {
    PollState state = believed_move();
    for (int n = 0; n < 5; ++n) state = judge(response(429), std::nullopt, hourly(), state, k_policy, k_now).state;
    CHECK(state.move);
    state = believed_move();
    for (int n = 0; n < 2; ++n) state = judge(response(404), std::nullopt, hourly(), state, k_policy, k_now).state;
    CHECK(state.move);
    state = judge(response(404), std::nullopt, hourly(), state, k_policy, k_now).state;
    CHECK_FALSE(state.move);
    CHECK(request_for(hourly(), state, k_policy, k_now)->url.text() == k_url);
}

TEST_CASE("a feed that is gone where it had moved is asked at its old address again") {
    PollState state = believed_move();
    state = judge(response(410), std::nullopt, hourly(), state, k_policy, k_now).state;
    state = judge(response(410), std::nullopt, hourly(), state, k_policy, k_now + 2h).state;
    CHECK_FALSE(state.gone);
    CHECK_FALSE(state.move);
    CHECK(state.next_poll);
}

// What an audit shows.

TEST_CASE("a server whose audit brings what its 304s hid is remembered as a liar, until a condition brings something") {
    PollState before = with_items();
    before.last_document = k_now - 24h * 9;
    before.last_success = k_now - 1h;
    CHECK(request_for(hourly(), before, k_policy, k_now)->validators.empty());
    const Response same_tag = response(200, {{"ETag", k_pair.etag}, {"Last-Modified", k_pair.last_modified}});
    PollState state = judge(same_tag, reading_of({9, 1, 2}), hourly(), before, k_policy, k_now).state;
    CHECK(state.lying_since == k_now);
    CHECK(request_for(hourly(), state, k_policy, k_now + 23h)->validators == k_pair);
    CHECK(request_for(hourly(), state, k_policy, k_now + 24h)->validators.empty());

    state = judge(response(304), std::nullopt, hourly(), state, k_policy, k_now + 1h).state;
    CHECK(state.lying_since == k_now);
    Response changed = response(200, {{"ETag", "\"new\""}});
    changed.conditional = true;
    state = judge(changed, reading_of({10, 9}), hourly(), state, k_policy, k_now + 2h).state;
    CHECK_FALSE(state.lying_since);
}

TEST_CASE("a document's first items and its newest date are remembered") {
    std::vector<std::uint64_t> many(50);
    for (std::size_t n = 0; n < many.size(); ++n) many[n] = n + 1;
    Reading read = reading_of(many);
    read.published = {k_now - 3h, k_now - 2h, k_now + 5h};
    PollState state = judge(response(200), read, hourly(), polled_once(), k_policy, k_now).state;
    CHECK(state.item_identities.size() == 32);
    CHECK(state.item_identities.front() == 1);
    CHECK(state.newest_item == k_now - 2h);
    // An empty document in between, or one with old items only, does not take them back.
    state = judge(response(200), Reading{.fingerprint = 1}, hourly(), state, k_policy, k_now + 1h).state;
    CHECK(state.item_identities.size() == 32);
    CHECK(state.newest_item == k_now - 2h);
}

// What is shown.

TEST_CASE("what a poll cost is remembered") {
    Response answer = response(304);
    answer.bytes_received = 321;
    answer.duration = 45ms;
    const PollState state = judged(answer, hourly()).state;
    CHECK(state.last_bytes == 321);
    CHECK(state.last_duration == 45ms);
    CHECK(judged(network_failure(), hourly(), state).state.last_bytes == 0);
}

TEST_CASE("a page where a feed was is named as what it is, with what to do") {
    CHECK_THAT(judged(response(403, {{"cf-mitigated", "challenge"}}), hourly()).state.last_result,
               Contains("403 Forbidden, a Cloudflare challenge") && Contains("write to them"));
    const auto portal = judge(response(200, {}, "<title>Wi-Fi login</title>Welcome"), no_feed(), hourly(), polled_once(),
                              k_policy, k_now);
    CHECK_THAT(portal.state.last_result, Contains("200, but") && Contains("captive portal") && Contains("Welcome"));
}

TEST_CASE("the reason of a back-off names the time that is really waited") {
    CHECK_THAT(judged(response(500), hourly(), failed_before(1)).state.next_poll_reason,
               Catch::StartsWith("2 h after 2 failures in a row"));
    CHECK_THAT(judged(response(500), hourly(), failed_before(9)).state.next_poll_reason,
               Catch::StartsWith("1 day after 10 failures") && Contains("a day at most"));
    Feed capped = hourly();
    capped.max_interval = 2h;
    CHECK_THAT(judged(response(500), capped, failed_before(9)).state.next_poll_reason,
               Catch::StartsWith("2 h at most (max_interval)"));
    Feed floored = every(1min);
    floored.min_interval = 15min;
    CHECK_THAT(judged(response(500), floored).state.next_poll_reason,
               Catch::StartsWith("15 min at least (min_interval)"));
}

TEST_CASE("a feed that has failed for two weeks is polled once a day, and says so") {
    PollState before = failed_before(30);
    before.failing_since = k_now - 24h * 14;
    const auto verdict = judged(response(500), hourly(), before);
    check_wait(verdict, 24h);
    CHECK_THAT(verdict.state.next_poll_reason, Contains("it has failed for 14 days"));
    CHECK(verdict.state.condition == Condition::dead);
}

TEST_CASE("two 410s must be an interval apart, in the time that max_interval leaves") {
    Feed capped = automatic();
    capped.min_interval = 2s;
    capped.max_interval = 8s;
    const auto first = judged(response(410), capped);
    CHECK_FALSE(judge(response(410), std::nullopt, capped, first.state, k_policy, k_now + 4s).state.gone);
    CHECK(judge(response(410), std::nullopt, capped, first.state, k_policy, k_now + 8s).state.gone);
    const auto slip = judged(response(410), hourly());
    CHECK_FALSE(judge(response(410), std::nullopt, hourly(), slip.state, k_policy, k_now + 59min).state.gone);
}

TEST_CASE("what a document weighs is remembered until the next one comes") {
    Response document = response(200);
    document.bytes_received = 12'345;
    const PollState after = judged(document, hourly()).state;
    CHECK(after.document_bytes == 12'345);
    CHECK(judged(response(304), hourly(), after).state.document_bytes == 12'345);
    CHECK(judged(network_failure(), hourly(), after).state.document_bytes == 12'345);
}
