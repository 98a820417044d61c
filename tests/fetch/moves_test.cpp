#include "fetch/moves.hpp"

#include <catch2/catch.hpp>

#include "base/time.hpp"

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;

namespace {

const TimePoint k_now = *parse_rfc3339("2022-01-10T12:00:00Z");
const std::string k_old = "http://example.org/feed";
const std::string k_new = "https://example.org/feed";
const Policy k_policy;  // 3 polls, a day

Feed feed(std::string url = k_old) { return {.name = "example", .url = std::move(url)}; }

std::optional<Move> seen(unsigned polls, std::chrono::milliseconds ago) {
    return Move{.url = k_new, .since = k_now - ago, .polls = polls};
}

std::optional<Move> believed() { return Move{.url = k_new, .since = k_now - 48h, .polls = 3, .confirmed = true}; }

PollState moved(const std::string& url) {
    PollState state;
    state.move = Move{.url = url, .polls = 3, .confirmed = true};
    return state;
}

}  // namespace

TEST_CASE("a permanent redirect that is seen first is in quarantine") {
    const auto move = move_after({}, k_new, Arrival::at_the_feed, 0, k_policy, k_now);
    REQUIRE(move);
    CHECK(*move == Move{.url = k_new, .since = k_now, .polls = 1, .confirmed = false});
}

TEST_CASE("a move is believed after three polls over a day, and not before both") {
    struct Case {
        unsigned polls;
        std::chrono::milliseconds ago;
        bool believed;
    };
    const auto test = GENERATE(values<Case>({
        {2, 24h, true},
        {2, 24h - 1ms, false},
        {1, 48h, false},
        {20, 23h, false},
    }));
    INFO(test.polls << " polls before this one, the first " << test.ago.count() << " ms ago");
    const auto move = move_after(seen(test.polls, test.ago), k_new, Arrival::at_the_feed, 0, k_policy, k_now);
    REQUIRE(move);
    CHECK(move->polls == test.polls + 1);
    CHECK(move->since == k_now - test.ago);
    CHECK(move->confirmed == test.believed);
}

TEST_CASE("an answer that says otherwise forgets the redirect") {
    CHECK_FALSE(move_after(seen(2, 24h), "", Arrival::at_the_feed, 0, k_policy, k_now));
    CHECK_FALSE(move_after(seen(2, 24h), k_new, Arrival::elsewhere, 1, k_policy, k_now));
    CHECK_FALSE(move_after(seen(2, 24h), "", Arrival::elsewhere, 1, k_policy, k_now));
}

TEST_CASE("another target begins the quarantine anew") {
    const auto move = move_after(seen(2, 24h), "https://other.example/", Arrival::at_the_feed, 0, k_policy, k_now);
    REQUIRE(move);
    CHECK(*move == Move{.url = "https://other.example/", .since = k_now, .polls = 1});
}

TEST_CASE("no answer says nothing about where a feed lives") {
    CHECK(move_after(seen(2, 24h), "", Arrival::unknown, 1, k_policy, k_now) == seen(2, 24h));
    CHECK_FALSE(move_after({}, k_new, Arrival::unknown, 1, k_policy, k_now));
}

TEST_CASE("a believed move stands until its address fails three times in a row") {
    for (const Arrival arrival : {Arrival::unknown, Arrival::elsewhere}) {
        CHECK(move_after(believed(), "", arrival, 1, k_policy, k_now) == believed());
        CHECK(move_after(believed(), "", arrival, 2, k_policy, k_now) == believed());
        CHECK_FALSE(move_after(believed(), "", arrival, 3, k_policy, k_now));
    }
    CHECK(move_after(believed(), "", Arrival::at_the_feed, 0, k_policy, k_now) == believed());
}

TEST_CASE("a believed move that leads further is in quarantine again") {
    const auto move = move_after(believed(), "https://third.example/", Arrival::at_the_feed, 0, k_policy, k_now);
    REQUIRE(move);
    CHECK(*move == Move{.url = "https://third.example/", .since = k_now, .polls = 1});
    CHECK(move_after(believed(), "https://third.example/", Arrival::elsewhere, 1, k_policy, k_now) == believed());
}

TEST_CASE("the configured address is asked until the move is believed") {
    PollState state;
    CHECK(effective_url(feed(), state) == k_old);
    state.move = seen(2, 24h);
    CHECK(effective_url(feed(), state) == k_old);
    state.move = believed();
    CHECK(effective_url(feed(), state) == k_new);
}

TEST_CASE("a user and a password go along within their scheme, host and port only") {
    const Feed own = feed("https://joe:p%40ss@example.org/feed");
    CHECK(effective_url(own, moved("https://example.org/new?a=@b")) == "https://joe:p%40ss@example.org/new?a=@b");
    CHECK(effective_url(own, moved("https://other.example/new")) == "https://other.example/new");
    CHECK(effective_url(own, moved("https://example.org:8443/new")) == "https://example.org:8443/new");
    CHECK(effective_url(feed("http://joe:pw@example.org/feed"), moved("https://example.org/new")) ==
          "https://example.org/new");
}
