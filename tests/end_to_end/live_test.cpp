// What comes while somebody looks: tail, events, metrics.
#include <sys/types.h>
#include <unistd.h>

#include <csignal>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"
#include "support/prometheus.hpp"

using namespace agg::test;
using Catch::Contains;

namespace {

struct House {
    Origin origin;
    std::unique_ptr<DaemonUnderTest> aggd;

    House() {
        tell({"two", "one"});
        aggd = std::make_unique<DaemonUnderTest>(feed_table("alpha", origin.url("/a")));
        aggd->start();
        aggd->refresh();
    }
    void tell(const std::vector<std::string>& titles) {
        origin.on("/a", document(rss("Alpha", titles, "https://alpha.example")));
    }
    [[nodiscard]] std::unique_ptr<Process> tail(std::vector<std::string> arguments) const {
        std::vector<std::string> command = {AGGCTL_PROGRAM, "--socket", aggd->socket(), "tail"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return std::make_unique<Process>(command);
    }
    [[nodiscard]] double metric(const std::string& series) const {
        return read_exposition(aggd->get("/metrics").body).samples.at(series);
    }
};

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
    return found;
}

}  // namespace

TEST_CASE("tail shows the last items, the newest at the end") {
    House house;
    const Finished all = house.aggd->aggctl({"tail"});
    CHECK(all.exit_code == 0);
    CHECK_THAT(all.out, Contains("ITEM") && Contains("OUTLET"));
    CHECK(all.out.find("one") < all.out.find("two"));
    CHECK_THAT(house.aggd->aggctl({"tail", "-n", "1", "--no-legend"}).out, Contains("two") && !Contains("one"));
    CHECK_THAT(house.aggd->aggctl({"--json", "tail", "-n", "1"}).out, Catch::StartsWith("{\"id\":"));
    CHECK_THAT(house.aggd->aggctl({"tail", "tga:x"}).err, Contains("unknown key \"tga\""));
    CHECK(house.aggd->aggctl({"tail", "--view", "none"}).exit_code == 4);
}

TEST_CASE("tail -f goes on with what comes, also when aggd starts again, and nothing comes twice") {
    House house;
    const auto tail = house.tail({"-f", "--no-legend"});
    wait_until("the last items are shown", [&] { return count(tail->out(), "\n") == 2; });
    house.tell({"three", "two", "one"});
    house.aggd->refresh();
    wait_until("a new item is shown", [&] { return count(tail->out(), "three") == 1; });
    house.aggd->stop();
    wait_until("the end is told", [&] { return count(tail->err(), "going on when it is back") == 1; });
    house.tell({"four", "three", "two", "one"});
    house.aggd->start();
    house.aggd->refresh();
    wait_until("what came meanwhile is shown", [&] { return count(tail->out(), "four") == 1; });
    CHECK(count(tail->out(), "\n") == 4);
    tail->send(SIGINT);
    CHECK(tail->wait().signal == SIGINT);
}

TEST_CASE("tail -f ends when nobody reads it any more, although nothing comes") {
    House house;
    const auto done =
        run({"sh", "-c",
             std::string(AGGCTL_PROGRAM) + " --socket " + house.aggd->socket() + " tail -f --no-legend | head -n 1"});
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.out, Contains("one") && !Contains("two"));
}

TEST_CASE("metrics are well formed, and count after a poll") {
    House house;
    const HttpAnswer answer = http(house.aggd->tcp_url() + "/metrics");
    CHECK(answer.status == 200);
    CHECK(answer.headers.at("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(read_exposition(answer.body).problems == std::vector<std::string>{});
    CHECK(house.metric("aggd_feeds{state=\"fine\"}") == 1);
    CHECK(house.metric("aggd_items") == 2);
    const double documents = house.metric("aggd_polls_total{outcome=\"document\"}");
    const double requests = house.metric("aggd_http_requests_total{code=\"200\"}");
    house.tell({"three", "two", "one"});
    house.aggd->refresh();
    CHECK(house.metric("aggd_polls_total{outcome=\"document\"}") > documents);
    CHECK(house.metric("aggd_http_requests_total{code=\"200\"}") > requests);
    CHECK(house.metric("aggd_items") == 3);
    CHECK(house.metric("aggd_stories") == 3);
    CHECK(house.metric("aggd_stories_ingested_total") == 3);
    CHECK(house.metric("aggd_poll_duration_seconds_count") >= 2);
    CHECK(house.metric("aggd_database_bytes{file=\"main\"}") > 0);
    CHECK(house.metric("aggd_last_successful_poll_timestamp_seconds") > 1.6e9);
}

TEST_CASE("healthz says ok while everything gets on with its work") {
    House house;
    const HttpAnswer answer = house.aggd->get("/healthz");
    CHECK(answer.status == 200);
    CHECK(answer.body == "ok\n");
}

TEST_CASE("streams are counted while their clients are there") {
    House house;
    std::vector<std::unique_ptr<Process>> tails;
    for (int i = 0; i < 5; ++i) tails.push_back(house.tail({"-f", "--no-legend"}));
    wait_until("all streams are open", [&] { return house.metric("aggd_event_streams") == 5; });
    for (const auto& tail : tails) {
        tail->send(SIGTERM);
        (void)tail->wait();
    }
    wait_until("all streams are closed", [&] { return house.metric("aggd_event_streams") == 0; });
}
