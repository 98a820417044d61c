#include "fetch/outage.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;

namespace {

const TimePoint k_noon = *parse_rfc3339("2022-01-10T12:00:00Z");

Outage offline_at_noon() {
    Outage outage;
    for (const char* host : {"a.example", "b.example", "c.example"}) outage.unreachable(host, 10, k_noon);
    return outage;
}

}  // namespace

TEST_CASE("three hosts out of few, or eight out of many, unreachable in a row: it is us") {
    const auto [hosts, enough] = GENERATE(table<std::size_t, int>({{3, 3}, {12, 3}, {20, 5}, {32, 8}, {10'000, 8}}));
    Outage outage;
    for (int n = 1; n < enough; ++n) CHECK_FALSE(outage.unreachable(std::to_string(n), hosts, k_noon));
    CHECK_FALSE(outage.since());
    CHECK(outage.unreachable("last", hosts, k_noon + 1min));
    CHECK(outage.since() == k_noon);
    CHECK(outage.retry() == k_noon + 6min);
}

TEST_CASE("the feeds of one host that is down are no outage of ours") {
    Outage outage;
    for (int n = 0; n < 100; ++n) CHECK_FALSE(outage.unreachable("a.example", 10, k_noon));
}

TEST_CASE("one answer between the failures clears us") {
    Outage outage;
    outage.unreachable("a.example", 10, k_noon);
    outage.unreachable("b.example", 10, k_noon);
    CHECK_FALSE(outage.reached());
    CHECK_FALSE(outage.unreachable("c.example", 10, k_noon));
}

TEST_CASE("dead hosts that are met over hours are no outage") {
    Outage outage;
    for (int n = 0; n < 20; ++n) CHECK_FALSE(outage.unreachable(std::to_string(n), 10, k_noon + n * 11min));
}

TEST_CASE("while we are offline nobody is charged, and after three probes the next try is five minutes later") {
    Outage outage = offline_at_noon();
    CHECK(outage.unreachable("d.example", 10, k_noon + 10s));  // was on its way already
    CHECK(outage.retry() == k_noon + 5min);
    CHECK(outage.unreachable("d.example", 10, k_noon + 5min));
    CHECK(outage.unreachable("e.example", 10, k_noon + 5min));
    CHECK(outage.retry() == k_noon + 5min);
    CHECK(outage.unreachable("f.example", 10, k_noon + 6min));
    CHECK(outage.retry() == k_noon + 11min);
}

TEST_CASE("one answer ends the outage") {
    Outage outage = offline_at_noon();
    CHECK(outage.reached());
    CHECK_FALSE(outage.since());
    CHECK_FALSE(outage.unreachable("d.example", 10, k_noon + 6min));
}
