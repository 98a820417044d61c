#include "fetch/poller.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

TimePoint now() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

HostOfFeed at(std::string name) { return {std::move(name), Whose::somebodys}; }

constexpr FeedId A{1}, B{2}, C{3}, D{4};

struct Start {
    FeedId feed;
    Clock::time_point time;
};

// What the feeds do when they are polled: end at once, or, when held, as soon as the test says so.
class Polls : public PollHandler {
  public:
    explicit Polls(asio::io_context& io) : io_(io) {}

    Task<std::optional<TimePoint>> poll(FeedId feed) override {
        starts.push_back({feed, Clock::now()});
        most_at_once = std::max(most_at_once, ++running);
        if (hold) {
            auto timer = std::make_shared<asio::steady_timer>(io_, Clock::time_point::max());
            held_.emplace(feed, timer);
            co_await wait_on(*timer);
        }
        --running;
        ended.push_back(feed);
        if (breaks) throw std::runtime_error("broken");
        const auto found = next.find(feed);
        if (found == next.end() || found->second.empty()) co_return std::nullopt;
        const milliseconds in = found->second.back();
        found->second.pop_back();
        co_return now() + in;
    }

    void clock_set_back() override {}

    void end(FeedId feed) {
        const auto found = held_.find(feed);
        if (found == held_.end()) throw std::logic_error("that poll does not run");
        found->second->cancel();
        held_.erase(found);
    }

    [[nodiscard]] std::vector<FeedId> order() const {
        std::vector<FeedId> feeds;
        for (const Start& start : starts) feeds.push_back(start.feed);
        return feeds;
    }
    [[nodiscard]] std::vector<Clock::time_point> times(const std::vector<FeedId>& of) const {
        std::vector<Clock::time_point> times;
        for (const Start& start : starts)
            if (std::find(of.begin(), of.end(), start.feed) != of.end()) times.push_back(start.time);
        return times;
    }
    [[nodiscard]] bool started(FeedId feed) const {
        return std::any_of(starts.begin(), starts.end(), [&](const Start& start) { return start.feed == feed; });
    }

    bool hold = false;
    bool breaks = false;
    std::map<FeedId, std::vector<milliseconds>> next;  // from the back: when to poll again; then: not any more
    std::vector<Start> starts;
    std::vector<FeedId> ended;
    int running = 0, most_at_once = 0;

  private:
    asio::io_context& io_;
    std::multimap<FeedId, std::shared_ptr<asio::steady_timer>> held_;
};

Task<void> ask(Poller& poller, FeedId feed, Hold hold, int& returned) {
    co_await poller.poll_now(feed, hold);
    ++returned;
}

struct Desk {
    explicit Desk(Pace pace = {.catch_up_spacing = 0ms}, milliseconds host_spacing = 0ms)
        : hosts(host_spacing), poller(io.get_executor(), polls, hosts, pace) {}

    template <typename Condition>
    void run_until(Condition condition) {
        const auto patience = Clock::now() + 20s;
        io.restart();
        while (!condition()) {
            if (io.run_one_until(patience) == 0) throw std::runtime_error("it does not happen");
        }
    }
    void run_until_started(std::size_t count) {
        run_until([&] { return polls.starts.size() >= count; });
    }
    // Lets everything happen that can happen before a feed that is due `in` a while has been polled. Its host is its
    // own.
    void run_past(milliseconds in) {
        const FeedId marker{1'000'000 + markers_++};
        const bool hold = std::exchange(polls.hold, false);
        poller.schedule(marker, at(fmt::format("marker{}.example", markers_)), now() + in);
        run_until([&] { return std::find(polls.ended.begin(), polls.ended.end(), marker) != polls.ended.end(); });
        polls.hold = hold;
        std::erase_if(polls.starts, [&](const Start& start) { return start.feed == marker; });
        std::erase(polls.ended, marker);
    }
    void poll_now(FeedId feed, Hold hold = Hold::respect) {
        spawn(io.get_executor(), "ask", ask(poller, feed, hold, returned));
    }

    asio::io_context io;
    Polls polls{io};
    Hosts hosts;
    Poller poller;
    int returned = 0;  // calls of poll_now

  private:
    std::int64_t markers_ = 0;
};

using Order = std::vector<FeedId>;

// Each start may come late, none early: the n-th is at least n spacings after `begin`. (Wall time is counted in whole
// milliseconds.)
void check_spacing(const std::vector<Clock::time_point>& times, Clock::time_point begin, milliseconds spacing) {
    for (std::size_t n = 0; n < times.size(); ++n) CHECK(times[n] - begin >= static_cast<int>(n) * spacing - 2ms);
}

}  // namespace

// Due times.

TEST_CASE("feeds are polled in the order in which they are due, and not before") {
    Desk desk;
    const auto begin = Clock::now();
    const auto due = now() + 20ms;
    desk.poller.schedule(C, at("c.example"), due + 20ms);
    desk.poller.schedule(A, at("a.example"), due);
    desk.poller.schedule(D, at("d.example"), due + 30ms);
    desk.poller.schedule(B, at("b.example"), due + 10ms);
    CHECK(desk.poller.next_due() == due);
    desk.run_until_started(4);
    CHECK(desk.polls.order() == Order{A, B, C, D});
    CHECK(desk.polls.starts[0].time - begin >= 18ms);
    CHECK(desk.polls.starts[3].time - begin >= 48ms);
}

TEST_CASE("a feed that was never polled is due at once") {
    Desk desk;
    desk.poller.schedule(A, at("a.example"), std::nullopt);
    desk.run_until_started(1);
    CHECK(desk.polls.order() == Order{A});
}

TEST_CASE("what a poll returns is when the feed is polled again; nothing means not until asked") {
    Desk desk;
    const auto begin = Clock::now();
    desk.polls.next[A] = {10ms, 10ms};
    desk.poller.schedule(A, at("a.example"), std::nullopt);
    desk.run_until_started(3);
    check_spacing(desk.polls.times({A}), begin, 10ms);
    desk.run_past(20ms);
    CHECK(desk.polls.starts.size() == 3);
    CHECK_FALSE(desk.poller.next_due());
    desk.poll_now(A);
    desk.run_until([&] { return desk.returned == 1; });
    CHECK(desk.polls.starts.size() == 4);
}

TEST_CASE("a new due time replaces the old one") {
    Desk desk;
    const auto due = now();
    desk.poller.schedule(A, at("a.example"), due + 1h);
    desk.poller.schedule(B, at("b.example"), due + 20ms);
    desk.poller.schedule(B, at("b.example"), due + 2h);
    CHECK(desk.poller.next_due() == due + 1h);
    desk.poller.schedule(A, at("a.example"), due);
    desk.run_past(40ms);
    CHECK(desk.polls.order() == Order{A});
    CHECK(desk.poller.next_due() == due + 2h);
}

TEST_CASE("nothing due is nothing to do") {
    Desk desk;
    CHECK_FALSE(desk.poller.next_due());
    desk.poller.schedule(A, at("a.example"), now() + 1h);
    CHECK(desk.poller.running() == 0);
    CHECK(desk.io.poll() == 0);
}

// Hosts.

TEST_CASE("a host sees one poll at a time, in the order in which its feeds were due") {
    Desk desk;
    desk.polls.hold = true;
    const auto due = now();
    desk.poller.schedule(A, at("one.example"), due - 3ms);
    desk.poller.schedule(B, at("one.example"), due - 2ms);
    desk.poller.schedule(C, at("one.example"), due - 1ms);
    desk.poller.schedule(D, at("other.example"), due);
    desk.run_until_started(2);
    desk.run_past(5ms);
    CHECK(desk.polls.order() == Order{A, D});
    desk.polls.end(A);
    desk.run_until_started(3);
    desk.run_past(5ms);
    CHECK(desk.polls.order() == Order{A, D, B});
    desk.polls.end(B);
    desk.run_until_started(4);
    CHECK(desk.polls.order() == Order{A, D, B, C});
}

TEST_CASE("between two starts at one host lies its spacing, and nobody else waits for it") {
    Desk desk({.catch_up_spacing = 0ms}, 30ms);
    const auto begin = Clock::now();
    const auto due = now();
    for (const FeedId feed : {A, B, C}) desk.poller.schedule(feed, at("one.example"), due);
    desk.poller.schedule(D, at("other.example"), due);
    desk.run_until_started(4);
    CHECK(desk.polls.order() == Order{A, D, B, C});
    check_spacing(desk.polls.times({A, B, C}), begin, 30ms);
    CHECK(desk.polls.most_at_once <= 2);
}

TEST_CASE("the spacing also holds for a feed that comes back by itself") {
    Desk desk({.catch_up_spacing = 0ms}, 30ms);
    const auto begin = Clock::now();
    desk.polls.next[A] = {0ms, 0ms};
    desk.poller.schedule(A, at("one.example"), std::nullopt);
    desk.run_until_started(3);
    check_spacing(desk.polls.times({A}), begin, 30ms);
}

TEST_CASE("feeds without a host know neither spacing nor turns") {
    Desk desk({.catch_up_spacing = 0ms}, 1h);
    desk.polls.hold = true;
    for (int n = 1; n <= 20; ++n) desk.poller.schedule(FeedId{n}, at(""), now());
    desk.run_until_started(20);
    CHECK(desk.polls.most_at_once == 20);
}

TEST_CASE("a feed that moves to another host leaves the line of the old one") {
    Desk desk;
    desk.polls.hold = true;
    desk.poller.schedule(A, at("one.example"), now());
    desk.run_until_started(1);
    desk.poller.schedule(B, at("one.example"), now());
    desk.poller.schedule(C, at("one.example"), now());
    desk.run_past(5ms);
    desk.poller.schedule(B, at("other.example"), now());
    desk.run_until_started(2);
    CHECK(desk.polls.order() == Order{A, B});
    desk.polls.end(A);
    desk.run_until_started(3);
    CHECK(desk.polls.order() == Order{A, B, C});
}

// Limits.

TEST_CASE("never more polls at once than max_transfers, and all get their turn") {
    Desk desk({.max_transfers = 3, .catch_up_spacing = 0ms});
    desk.polls.hold = true;
    for (int n = 1; n <= 10; ++n) desk.poller.schedule(FeedId{n}, at(fmt::format("{}.example", n)), now());
    for (std::size_t n = 1; n <= 10; ++n) {
        desk.run_until_started(std::min<std::size_t>(n + 2, 10));
        CHECK(desk.poller.running() <= 3);
        desk.polls.end(FeedId{static_cast<std::int64_t>(n)});
    }
    desk.run_until([&] { return desk.poller.running() == 0; });
    CHECK(desk.polls.most_at_once == 3);
    CHECK(desk.polls.starts.size() == 10);
}

TEST_CASE("overdue feeds start one after the other, so that a restart is no burst") {
    Desk desk({.catch_up_spacing = 20ms});
    const auto begin = Clock::now();
    for (const int n : {5, 2, 4, 1, 3})
        desk.poller.schedule(FeedId{n}, at(fmt::format("{}.example", n)), now() - 1h - n * 1min);
    desk.run_until_started(5);
    CHECK(desk.polls.order() ==
          Order{FeedId{5}, FeedId{4}, FeedId{3}, FeedId{2}, FeedId{1}});  // the longest overdue first
    check_spacing(desk.polls.times(desk.polls.order()), begin, 20ms);
}

TEST_CASE("feeds that are due on time do not wait behind overdue ones") {
    Desk desk({.catch_up_spacing = 1h});
    desk.poller.schedule(A, at("a.example"), now() - 2h);
    desk.poller.schedule(B, at("b.example"), now() - 1h);
    desk.poller.schedule(C, at("c.example"), now());
    desk.run_until_started(2);
    CHECK(desk.polls.order() == Order{A, C});
}

// poll_now().

TEST_CASE("poll_now polls a feed whatever its due time, and returns when that is done") {
    Desk desk;
    desk.polls.hold = true;
    desk.poller.schedule(A, at("a.example"), now() + 1h);
    desk.poll_now(A);
    desk.run_until_started(1);
    desk.run_past(1ms);
    CHECK(desk.returned == 0);
    desk.polls.end(A);
    desk.run_until([&] { return desk.returned == 1; });
    CHECK(desk.polls.ended == Order{A});
}

TEST_CASE("poll_now returns also from a poll that ends without ever waiting") {
    Desk desk;
    desk.poller.schedule(A, at("a.example"), now() + 1h);
    desk.poll_now(A);
    desk.run_until([&] { return desk.returned == 1; });
    CHECK(desk.polls.order() == Order{A});
}

TEST_CASE("poll_now joins a poll that waits or runs already") {
    Desk desk;
    desk.polls.hold = true;
    desk.poller.schedule(A, at("one.example"), now());
    desk.run_until_started(1);
    desk.poller.schedule(B, at("one.example"), now());
    for (const FeedId feed : {A, A, B, B, B}) desk.poll_now(feed);
    desk.run_past(5ms);
    CHECK(desk.polls.order() == Order{A});
    desk.polls.end(A);
    desk.run_until([&] { return desk.returned == 2; });
    desk.run_until_started(2);
    desk.polls.end(B);
    desk.run_until([&] { return desk.returned == 5; });
    desk.run_past(5ms);
    CHECK(desk.polls.order() == Order{A, B});
}

TEST_CASE("poll_now goes before the line of its host, and keeps its spacing") {
    Desk desk({.catch_up_spacing = 0ms}, 20ms);
    const auto begin = Clock::now();
    for (const FeedId feed : {A, B, C}) desk.poller.schedule(feed, at("one.example"), now());
    desk.poller.schedule(D, at("one.example"), now() + 1h);
    desk.run_until_started(1);
    desk.poll_now(D);
    desk.run_until_started(4);
    const Order order = desk.polls.order();
    CHECK((order == Order{A, D, B, C} || order == Order{A, B, D, C}));  // B may have had its turn already
    check_spacing(desk.polls.times(order), begin, 20ms);
}

TEST_CASE("poll_now does not wait behind a backlog of overdue feeds") {
    Desk desk({.catch_up_spacing = 1h}, 20ms);
    for (const FeedId feed : {A, B})
        desk.poller.schedule(feed, at(fmt::format("{}.example", static_cast<int>(feed))), now() - 1h);
    desk.poller.schedule(C, at("c.example"), now());
    desk.run_until_started(2);
    desk.poll_now(C);  // has to wait for its host's spacing
    desk.poll_now(B);
    desk.run_until([&] { return desk.returned == 2; });
    CHECK(desk.polls.starts.size() == 4);
}

TEST_CASE("a feed that waited in line and was asked for is polled once") {
    Desk desk;
    desk.polls.hold = true;
    desk.poller.schedule(A, at("one.example"), now());
    desk.run_until_started(1);
    desk.poller.schedule(B, at("one.example"), now());
    desk.poller.schedule(C, at("one.example"), now());
    desk.run_past(5ms);
    desk.poll_now(C);
    desk.run_past(5ms);
    desk.polls.hold = false;
    desk.polls.end(A);
    desk.run_until_started(3);
    desk.run_past(10ms);
    CHECK(desk.polls.order() == Order{A, C, B});
}

TEST_CASE("poll_now of an unknown feed returns at once") {
    Desk desk;
    desk.poll_now(A);
    desk.run_until([&] { return desk.returned == 1; });
    CHECK(desk.polls.starts.empty());
}

TEST_CASE("polls that hang delay others by the patience at most, and four times max_transfers run at most") {
    Desk desk({.max_transfers = 2, .patience = 30ms, .catch_up_spacing = 0ms});
    desk.polls.hold = true;
    for (int n = 1; n <= 20; ++n) desk.poller.schedule(FeedId{n}, at(fmt::format("{}.example", n)), now());
    const auto begin = Clock::now();
    desk.run_until_started(8);
    const auto starts = desk.polls.times(desk.polls.order());
    for (std::size_t n = 0; n < starts.size(); ++n) CHECK(starts[n] - begin >= static_cast<int>(n / 2) * 30ms - 2ms);
    desk.io.run_for(100ms);
    CHECK(desk.polls.starts.size() == 8);
    desk.polls.end(FeedId{1});
    desk.run_until_started(9);
}

TEST_CASE("poll_now keeps within max_transfers") {
    Desk desk({.max_transfers = 1, .catch_up_spacing = 0ms});
    desk.polls.hold = true;
    desk.poller.schedule(A, at("a.example"), now());
    desk.poller.schedule(B, at("b.example"), now() + 1h);
    desk.run_until_started(1);
    desk.poll_now(B);
    while (desk.io.poll_one() != 0) {
    }
    CHECK(desk.polls.order() == Order{A});
    desk.polls.end(A);
    desk.run_until_started(2);
    CHECK(desk.polls.most_at_once == 1);
}

// Feeds that go.

TEST_CASE("a feed that is forgotten while it runs is not scheduled again") {
    Desk desk;
    desk.polls.hold = true;
    desk.polls.next[A] = {0ms};
    desk.poller.schedule(A, at("one.example"), now());
    desk.poller.schedule(B, at("one.example"), now());
    desk.poll_now(A);
    desk.run_until_started(1);
    desk.poller.forget(A);
    desk.run_until([&] { return desk.returned == 1; });  // who waited for it waits no longer
    desk.polls.end(A);
    desk.run_until_started(2);  // its host is free again
    desk.polls.end(B);
    desk.run_past(5ms);
    CHECK(desk.polls.order() == Order{A, B});
    CHECK(desk.poller.running() == 0);
    CHECK_FALSE(desk.poller.next_due());
}

TEST_CASE("a feed that is forgotten before it is due is not polled") {
    Desk desk;
    desk.poller.schedule(A, at("a.example"), now() + 5ms);
    desk.poller.forget(A);
    desk.poller.forget(B);  // never known
    desk.run_past(10ms);
    CHECK(desk.polls.starts.empty());
}

TEST_CASE("who stands in line behind a feed that is forgotten or suspended is polled all the same") {
    const bool forget = GENERATE(true, false);
    const auto take_away = [&](Desk& desk, FeedId feed) {
        if (forget)
            desk.poller.forget(feed);
        else
            desk.poller.suspend(feed, at("one.example"));
    };
    SECTION("while another feed runs") {
        Desk desk;
        desk.polls.hold = true;
        for (const FeedId feed : {A, B, C}) desk.poller.schedule(feed, at("one.example"), now());
        desk.run_until_started(1);
        desk.run_past(1ms);
        take_away(desk, B);
        desk.polls.end(A);
        desk.run_until_started(2);
        CHECK(desk.polls.order() == Order{A, C});
    }
    SECTION("while the spacing of its host passes") {
        Desk desk({.catch_up_spacing = 0ms}, 30ms);
        const auto begin = Clock::now();
        for (const FeedId feed : {A, B, C}) desk.poller.schedule(feed, at("one.example"), now());
        desk.run_until([&] { return desk.polls.ended.size() == 1 && desk.poller.running() == 0; });
        take_away(desk, B);
        desk.run_until_started(2);
        CHECK(desk.polls.order() == Order{A, C});
        check_spacing(desk.polls.times({A, C}), begin, 30ms);
    }
}

TEST_CASE("a suspended feed is polled only by poll_now") {
    Desk desk;
    desk.polls.next[A] = {0ms, 0ms, 0ms, 0ms};
    SECTION("before its time") {
        desk.poller.schedule(A, at("a.example"), now() + 5ms);
        desk.poller.suspend(A, at("a.example"));
        desk.run_past(10ms);
        CHECK(desk.polls.starts.empty());
        desk.poll_now(A);
        desk.run_until([&] { return desk.returned == 1; });
        desk.run_past(5ms);
        CHECK(desk.polls.starts.size() == 1);
    }
    SECTION("while it runs") {
        desk.polls.hold = true;
        desk.poller.schedule(A, at("a.example"), now());
        desk.run_until_started(1);
        desk.poller.suspend(A, at("a.example"));
        desk.polls.end(A);
        desk.run_past(5ms);
        CHECK(desk.polls.starts.size() == 1);
        CHECK_FALSE(desk.poller.next_due());
    }
    SECTION("while somebody waits for it") {
        desk.polls.hold = true;
        desk.poller.schedule(B, at("one.example"), now());
        desk.run_until_started(1);
        desk.poller.schedule(A, at("one.example"), now() + 1h);
        desk.poll_now(A);
        desk.run_past(1ms);
        desk.poller.suspend(A, at("one.example"));
        desk.polls.hold = false;
        desk.polls.end(B);
        desk.run_until([&] { return desk.returned == 1; });
        CHECK(desk.polls.order() == Order{B, A});
    }
    SECTION("until it is scheduled again") {
        desk.poller.suspend(A, at("a.example"));
        desk.poller.schedule(A, at("a.example"), now());
        desk.run_until_started(1);
    }
}

// Trouble.

TEST_CASE("a poll that throws frees its place and its host, and the feed is polled again in an hour") {
    Desk desk({.max_transfers = 1, .catch_up_spacing = 0ms});
    desk.polls.breaks = true;
    const auto begin = now();
    desk.poller.schedule(A, at("one.example"), begin);
    desk.poll_now(A);
    desk.run_until([&] { return desk.returned == 1; });
    CHECK(desk.poller.running() == 0);
    REQUIRE(desk.poller.next_due());
    CHECK(*desk.poller.next_due() >= begin + 1h);
    CHECK(*desk.poller.next_due() <= now() + 1h);
    desk.polls.breaks = false;
    desk.poller.schedule(B, at("one.example"), now());
    desk.run_until_started(2);
    CHECK(desk.polls.order() == Order{A, B});
}

TEST_CASE("after stop nothing starts, and what runs ends by itself") {
    Desk desk;
    desk.polls.hold = true;
    desk.poller.schedule(A, at("one.example"), now());
    desk.run_until_started(1);
    desk.poller.schedule(B, at("one.example"), now());
    desk.poller.schedule(C, at("c.example"), now() + 5ms);
    desk.poll_now(B);
    desk.poll_now(A);
    while (desk.io.poll_one() != 0) {
    }
    desk.poller.stop();
    desk.poll_now(C);
    desk.run_until([&] { return desk.returned == 3; });
    desk.poller.schedule(D, at("d.example"), std::nullopt);
    CHECK(desk.poller.running() == 1);
    desk.polls.end(A);
    desk.run_until([&] { return desk.poller.running() == 0; });
    desk.io.run();  // ends, because nothing is waited for
    CHECK(desk.polls.order() == Order{A});
}

TEST_CASE("whatever happens in whatever order, the limits hold and nobody is left behind") {
    const auto seed = GENERATE(take(20, random(1U, 1'000'000'000U)));
    INFO("seed " << seed);
    std::mt19937 random_source(seed);
    const auto any = [&](int below) { return static_cast<int>(random_source() % static_cast<unsigned>(below)); };
    Desk desk({.max_transfers = 4, .catch_up_spacing = 0ms}, 1ms);
    desk.polls.hold = true;
    std::map<FeedId, std::string> hosts;  // the running polls'
    std::map<FeedId, bool> known;         // true: scheduled
    std::size_t seen = 0;
    int asked = 0;
    const auto look = [&] {
        for (; seen < desk.polls.starts.size(); ++seen) {
            const FeedId feed = desk.polls.starts[seen].feed;
            const std::string host = fmt::format("{}.example", static_cast<int>(feed) % 3);
            for (const auto& [other, its_host] : hosts) REQUIRE(its_host != host);
            hosts[feed] = host;
        }
        REQUIRE(hosts.size() <= 4);
    };
    const auto end_one = [&] {
        if (hosts.empty()) return;
        const auto one = std::next(hosts.begin(), any(static_cast<int>(hosts.size())));
        desk.polls.end(one->first);
        hosts.erase(one);
    };
    std::int64_t fresh = 100;  // numbers of feeds are never used again
    for (int step = 0; step < 400; ++step) {
        const auto pick = [&] {
            return known.empty() ? FeedId{1} : std::next(known.begin(), any(static_cast<int>(known.size())))->first;
        };
        const auto host = [](FeedId feed) { return at(fmt::format("{}.example", static_cast<int>(feed) % 3)); };
        switch (any(8)) {
            case 0:
            case 1: {
                const FeedId feed{fresh++};
                known[feed] = true;
                desk.poller.schedule(feed, host(feed), now() + milliseconds{any(3)});
                break;
            }
            case 2:
                if (const FeedId feed = pick(); known.count(feed) != 0)
                    known[feed] = true, desk.poller.schedule(feed, host(feed), now());
                break;
            case 3:
                if (const FeedId feed = pick(); known.count(feed) != 0)
                    known[feed] = false, desk.poller.suspend(feed, host(feed));
                break;
            case 4:
                if (const FeedId feed = pick(); known.count(feed) != 0) known.erase(feed), desk.poller.forget(feed);
                break;
            case 5: ++asked, desk.poll_now(pick()); break;
            case 6: end_one(); break;
            default:
                desk.io.restart();
                desk.io.run_one_for(1ms);
                break;
        }
        look();
    }
    for (const auto& [feed, scheduled] : known)
        desk.poller.schedule(feed, at(fmt::format("{}.example", static_cast<int>(feed) % 3)), now());
    desk.run_until([&] {
        look();
        end_one();
        return std::all_of(known.begin(), known.end(),
                           [&](const auto& entry) { return desk.polls.started(entry.first); }) &&
               desk.returned == asked && hosts.empty() && desk.poller.running() == 0;
    });
}

// Hosts that ask for more.

TEST_CASE("the feeds of a held host wait for the end of the hold and come back one by one; nobody else waits") {
    Desk desk({.catch_up_spacing = 0ms}, 20ms);
    const auto begin = Clock::now();
    desk.hosts.remember({.host = "one.example", .held_until = now() + 60ms});
    for (const FeedId feed : {A, B, C}) desk.poller.schedule(feed, at("one.example"), now());
    desk.poller.schedule(D, at("other.example"), now());
    desk.run_until_started(1);
    CHECK(desk.polls.order() == Order{D});
    desk.run_until_started(4);
    check_spacing(desk.polls.times({A, B, C}), begin + 60ms, 20ms);
}

TEST_CASE("a hold that begins while feeds wait in the line holds them too") {
    Desk desk;
    desk.polls.hold = true;
    for (const FeedId feed : {A, B, C}) desk.poller.schedule(feed, at("one.example"), now());
    desk.run_until_started(1);
    const auto begin = Clock::now();
    desk.hosts.remember({.host = "one.example", .held_until = now() + 60ms});
    desk.polls.end(A);
    desk.run_until_started(2);
    CHECK(desk.polls.times({B})[0] - begin >= 58ms);
}

TEST_CASE("on a machine of our own, feeds come back spread after a hold") {
    Desk desk({.catch_up_spacing = 20ms});
    const auto begin = Clock::now();
    desk.hosts.remember({.host = "nas", .held_until = now() + 40ms});
    for (const FeedId feed : {A, B, C}) desk.poller.schedule(feed, {"nas", Whose::our_own}, now());
    desk.run_until_started(3);
    check_spacing(desk.polls.times({A, B, C}), begin + 40ms, 20ms);
}

TEST_CASE("poll_now waits for the end of a hold; with an override it asks past hold, spacing and line") {
    Desk desk({.catch_up_spacing = 0ms}, 1h);
    desk.hosts.remember({.host = "one.example", .held_until = now() + 1h});
    for (const FeedId feed : {A, B}) desk.poller.schedule(feed, at("one.example"), now() + 2h);
    desk.poll_now(A);
    desk.poll_now(B);
    desk.run_past(20ms);
    CHECK(desk.polls.starts.empty());
    desk.poll_now(B, Hold::override_once);
    desk.run_until_started(1);
    CHECK(desk.polls.order() == Order{B});
    desk.run_past(20ms);
    CHECK(desk.polls.order() == Order{B});
}

TEST_CASE("a host whose rule allows several requests at once gets as many") {
    Desk desk;
    desk.hosts.use({{.name = "one.example", .spacing = {}, .max_transfers = 2}});
    desk.polls.hold = true;
    for (const FeedId feed : {A, B, C}) desk.poller.schedule(feed, at("one.example"), now());
    desk.io.run_for(20ms);
    CHECK(desk.polls.order() == Order{A, B});
    desk.polls.end(A);
    desk.run_until_started(3);
    CHECK(desk.polls.order() == Order{A, B, C});
}

TEST_CASE("while we are offline nothing starts before the retry, then three at a time, until we are online") {
    Desk desk;
    desk.polls.hold = true;
    const auto begin = Clock::now();
    desk.poller.offline(now() + 60ms);
    for (int n = 1; n <= 5; ++n) desk.poller.schedule(FeedId{n}, at(fmt::format("{}.example", n)), now());
    desk.run_until_started(3);
    CHECK(Clock::now() - begin >= 58ms);
    desk.io.run_for(20ms);
    CHECK(desk.polls.starts.size() == 3);
    desk.poller.online();
    desk.run_until_started(5);
}

TEST_CASE("poll_now asks although we are offline") {
    Desk desk;
    desk.poller.offline(now() + 1h);
    desk.poller.schedule(A, at("a.example"), now());
    desk.poll_now(A);
    desk.run_until_started(1);
}

TEST_CASE("a feed that waits for its host's spacing while another is asked for past it loses nobody's turn") {
    Desk desk({.catch_up_spacing = 0ms}, 30ms);
    desk.poller.schedule(A, at("one.example"), now());
    desk.run_until_started(1);
    desk.polls.hold = true;
    desk.poller.schedule(B, at("one.example"), now());  // waits for the spacing
    desk.poller.schedule(C, at("one.example"), now() + 1h);
    desk.poll_now(C, Hold::override_once);
    desk.run_until_started(2);
    desk.io.run_for(50ms);  // B's time comes while C runs
    CHECK(desk.polls.order() == Order{A, C});
    desk.polls.end(C);
    desk.run_until_started(3);
    CHECK(desk.polls.order() == Order{A, C, B});
}
