// How many transfers one address sees at once.
#include "fetch/address_gate.hpp"

#include "fetcher.hpp"

using namespace agg;
using namespace agg::test;

namespace {

ClientSettings at_most(unsigned transfers) {
    auto all = settings();
    all.limits.transfers_per_private_address = transfers;
    return all;
}

}  // namespace

TEST_CASE("by default, two transfers at once go to a public address, any number to one's own machines") {
    const Limits limits;
    CHECK(limits.places_at(*Address::parse("198.41.0.4")) == 2);
    CHECK(limits.places_at(*Address::parse("2001:503:ba3e::2:30")) == 2);
    CHECK(limits.places_at(*Address::parse("127.0.0.1")) == 0);
    CHECK(limits.places_at(*Address::parse("192.168.1.5")) == 0);
}

TEST_CASE("an address sees no more transfers at once than it has places, whatever names lead to it") {
    Origin origin;
    std::promise<void> open;
    const auto gate = open.get_future().share();
    origin.on("/feed", Reply(ok("x")).when(gate));
    Fetcher fetcher(at_most(2));
    std::vector<std::optional<Result<Response>>> responses(6);
    // Names that libcurl knows to be one address, and takes for different hosts.
    const std::vector<std::string> hosts = {"127.0.0.1", "localhost", "127.0.0.1",
                                            "localhost", "localhost", "127.0.0.1"};
    for (std::size_t n = 0; n < responses.size(); ++n)
        fetcher.start(request(fmt::format("http://{}:{}/feed", hosts[n], origin.port())), responses[n]);
    while (origin.requests().size() < 2) fetcher.io.run_one_for(10ms);
    fetcher.io.run_for(100ms);  // a third would arrive now
    CHECK(origin.requests().size() == 2);
    open.set_value();
    for (const auto& response : responses) {
        fetcher.run_until_set(response);
        if (!*response) FAIL((*response).error().message);
        CHECK((*response)->body == "x");
    }
    CHECK(origin.most_at_once() == 2);
}

TEST_CASE("a place is free again however a transfer ends") {
    Origin origin;
    origin.on("/good", ok("x"));
    SECTION("well") { origin.on("/feed", ok("x")); }
    SECTION("by a reset") { origin.on("/feed", agg::test::reset()); }
    SECTION("too late") { origin.on("/feed", agg::test::hang()); }
    SECTION("after a redirect") { origin.on("/feed", redirect(302, "/good")); }
    auto one = at_most(1);
    one.limits.timeout = 500ms;
    Fetcher fetcher(one);
    for (int n = 0; n < 3; ++n) (void)fetcher.get(origin.url("/feed"));
    CHECK(fetcher.get(origin.url("/good"))->body == "x");
}

TEST_CASE("a transfer that finds no place within its time fails as too slow, and says why") {
    Origin origin;
    origin.on("/feed", agg::test::hang());
    auto one = at_most(1);
    Fetcher fetcher(one);
    std::optional<Result<Response>> first, second;
    fetcher.start(request(origin.url("/feed")), first);
    while (origin.requests().empty()) fetcher.io.run_one_for(10ms);
    one.limits.timeout = 100ms;
    fetcher.client.use(one);
    fetcher.start(request(origin.url("/feed")), second);
    fetcher.run_until_set(second);
    check_fails(*second, ErrorKind::timeout, "127.0.0.1 is at 127.0.0.1, where 1 other transfers go on for too long");
    CHECK(origin.requests().size() == 1);
    CHECK_FALSE(first);
    fetcher.client.stop();
    fetcher.run_until_set(first);
}

TEST_CASE("a client that stops lets go of those who wait for a place") {
    Origin origin;
    origin.on("/feed", agg::test::hang());
    Fetcher fetcher(at_most(1));
    std::optional<Result<Response>> first, second;
    fetcher.start(request(origin.url("/feed")), first);
    while (origin.requests().empty()) fetcher.io.run_one_for(10ms);
    fetcher.start(request(origin.url("/feed")), second);
    fetcher.io.run_for(50ms);
    fetcher.client.stop();
    fetcher.run_until_set(first);
    fetcher.run_until_set(second);
    check_fails(*first, ErrorKind::unavailable);
    check_fails(*second, ErrorKind::unavailable);
}

TEST_CASE("a client may go while transfers wait for a place") {
    Origin origin;
    origin.on("/feed", agg::test::hang());
    std::optional<Result<Response>> first, second;
    Fetcher fetcher(at_most(1));
    fetcher.start(request(origin.url("/feed")), first);
    while (origin.requests().empty()) fetcher.io.run_one_for(10ms);
    fetcher.start(request(origin.url("/feed")), second);
    fetcher.io.run_for(50ms);
    CHECK_FALSE(first.has_value());
    CHECK_FALSE(second.has_value());
}
