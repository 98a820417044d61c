#include "aggd/feed_report.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::aggd;
using namespace std::chrono_literals;
using Catch::Contains;
using Catch::StartsWith;

namespace {

const TimePoint k_now = *parse_rfc3339("2022-01-10T12:00:00Z");
const std::string k_new = "https://new.example/feed";

Feed feed(const std::string& name, const std::string& url) { return {.name = name, .url = url, .interval = 1h}; }

// Polled ten minutes ago, a document.
PollState polled() {
    PollState poll;
    poll.last_poll = poll.last_success = poll.last_document = k_now - 10min;
    poll.last_status = 200;
    poll.last_result = "200, 34 items";
    poll.last_bytes = 12'345;
    poll.last_duration = 84ms;
    poll.last_new_items = 2;
    poll.next_poll = k_now + 50min;
    poll.next_poll_reason = "every 1 h, as feeds.conf says";
    return poll;
}

PollState moved() {
    PollState poll = polled();
    poll.move = Move{.url = k_new, .since = k_now - 48h, .polls = 3, .confirmed = true};
    return poll;
}

struct House {
    Subscriptions all;

    // The first one is the one that is asked about.
    explicit House(const std::vector<std::pair<Feed, PollState>>& subscribed) {
        std::vector<Feed> feeds;
        std::vector<store::StoredFeed> stored;
        for (const auto& [feed, poll] : subscribed) {
            feeds.push_back(feed);
            stored.push_back({FeedId{static_cast<std::int64_t>(feeds.size())}, poll, {}, 0});
        }
        all.replace(feeds, std::move(stored));
    }
    explicit House(PollState poll) : House({{feed("quay", "http://quay.example/feed"), std::move(poll)}}) {}

    const Subscription& first() const { return all.all().front(); }
    std::string why(const HostState& host = {}) const { return explain(first(), all, host, {}, k_now); }
    std::string instead() const {
        const Subscription* other = all.polled_instead_of(first());
        return other == nullptr ? "" : other->feed.name;
    }
};

}  // namespace

TEST_CASE("why tells the next poll and its rule, and what the last one brought and cost") {
    CHECK(House(polled()).why() ==
          "quay is polled next in 50 min: every 1 h, as feeds.conf says. The last poll, 10 min ago, took 84 ms and "
          "received 12345 bytes: 200, 34 items, 2 of them new.");
}

TEST_CASE("a feed that feeds.conf asks for sooner by now is told to be polled then") {
    Feed sooner = feed("alpha", "https://alpha.example/feed");
    sooner.interval = 20min;
    const House house({{sooner, polled()}});
    const serve::FeedStatus status = feed_status(house.first(), house.all);
    REQUIRE(status.next_poll);
    CHECK(*status.next_poll < k_now + 15min);
    CHECK_THAT(status.next_poll_reason, Contains("feeds.conf"));
}

TEST_CASE("why tells a row of failures") {
    PollState poll = polled();
    poll.last_status = 0;
    poll.last_result = "could not connect";
    poll.failures = 3;
    poll.failing_since = k_now - 5h;
    poll.last_success = k_now - 6h;
    CHECK_THAT(House(poll).why(), Contains("The last poll, 10 min ago, brought no answer: could not connect.") &&
                                      Contains("That was failure 3 in a row, since 2022-01-10T07:00:00Z; the last poll "
                                               "that went well was 6 h ago."));
}

TEST_CASE("why tells how long nothing but 304s came") {
    PollState poll = polled();
    poll.last_document = k_now - 48h;
    CHECK_THAT(House(poll).why(), Contains("Since its last document, 2 days ago, it has answered 304 only."));
}

TEST_CASE("why tells when the feed's host is held longer than the feed") {
    HostState host{.host = "quay.example"};
    host.held_until = k_now + 2h;
    host.held_reason = "it answered 429 Too Many Requests";
    CHECK_THAT(House(polled()).why(host),
               StartsWith("quay is polled next in 2 h: quay.example is held until then, because it answered 429"));
    host.held_until = k_now + 1min;
    CHECK_THAT(House(polled()).why(host), StartsWith("quay is polled next in 50 min: every 1 h"));
}

TEST_CASE("why tells a redirect in quarantine by its progress, and a move by what to do") {
    PollState poll = polled();
    poll.move = Move{.url = k_new, .since = k_now - 5h, .polls = 2};
    CHECK_THAT(House(poll).why(), Contains("seen in 2 of 3 polls, for 5 h of 1 day"));
    CHECK_THAT(House(moved()).why(),
               Contains("It has moved to " + k_new + ", which is asked now") && Contains("aggctl moves --accept quay"));
}

TEST_CASE("why tells of a feed that is not polled what keeps it") {
    PollState gone = polled();
    gone.gone = true;
    gone.next_poll_reason = "the publisher says that the feed is gone (410)";
    CHECK_THAT(House(gone).why(), StartsWith("quay is not polled any more: the publisher says"));
    Feed paused = feed("quay", "http://quay.example/feed");
    paused.paused = true;
    CHECK_THAT(House({{paused, polled()}}).why(), StartsWith("quay is not polled: it is paused in feeds.conf."));
    CHECK(House(PollState{}).why() == "quay is polled for the first time in a moment.");
}

TEST_CASE("of feeds that became one, the one that feeds.conf names there is polled, else the first") {
    const auto quay = feed("quay", "http://quay.example/feed");
    const auto other = feed("other", "http://other.example/feed");
    CHECK(House({{quay, moved()}, {feed("new", k_new), polled()}}).instead() == "new");
    CHECK(House({{quay, moved()}, {other, moved()}}).instead().empty());
    CHECK(House({{quay, moved()}, {other, moved()}, {feed("new", k_new), polled()}}).instead() == "new");
    CHECK(House({{quay, polled()}, {feed("new", k_new), polled()}}).instead().empty());
    const House second({{other, moved()}, {quay, moved()}});
    CHECK(second.all.polled_instead_of(second.all.all()[1])->feed.name == "other");
}

TEST_CASE("a feed waits for none that is not polled") {
    Feed paused = feed("new", k_new);
    paused.paused = true;
    PollState gone = polled();
    gone.gone = true;
    const auto quay = feed("quay", "http://quay.example/feed");
    CHECK(House({{quay, moved()}, {paused, polled()}}).instead().empty());
    CHECK(House({{quay, moved()}, {feed("new", k_new), gone}}).instead().empty());
}

TEST_CASE("a person is needed for what time does not mend") {
    struct Case {
        const char* rule;
        Condition condition;
        int status;
        const char* what;  // "" for nothing
    };
    const auto test = GENERATE(values<Case>({
        {"servers mend themselves", Condition::broken, 500, ""},
        {"networks too", Condition::broken, 0, ""},
        {"a limit passes", Condition::rate_limited, 429, ""},
        {"a refusal stays", Condition::broken, 403, "refused or replaced by a page"},
        {"so does a password that is missing", Condition::broken, 401, "refused or replaced by a page"},
        {"so does a page where the feed was", Condition::broken, 200, "refused or replaced by a page"},
        {"two weeks are enough", Condition::dead, 500, "dead since 2021-12-20"},
        {"nothing new is no failure", Condition::stale, 200, ""},
    }));
    INFO(test.rule);
    PollState poll = polled();
    poll.condition = test.condition;
    poll.last_status = test.status;
    poll.failing_since = k_now - 24h * 21;
    const auto need = need_of(House(poll).first());
    CHECK((need ? need->what : "") == test.what);
}

TEST_CASE("a feed that is gone or has moved needs its own command; a paused one needs none") {
    PollState gone = polled();
    gone.gone = true;
    CHECK(need_of(House(gone).first())->command == "aggctl remove quay");
    CHECK(need_of(House(moved()).first())->command == "aggctl moves");
    Feed paused = feed("quay", "http://quay.example/feed");
    paused.paused = true;
    CHECK_FALSE(need_of(House({{paused, gone}}).first()));
}
