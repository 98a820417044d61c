#include "serve/metrics.hpp"

#include <catch2/catch.hpp>

#include "serve/samples.hpp"
#include "support/prometheus.hpp"

using namespace agg;
using namespace agg::serve;
using agg::test::Exposition;
using agg::test::read_exposition;
using Catch::Contains;

namespace {

Metrics sample_metrics() {
    Metrics metrics;
    metrics.version = "0.1.0 \"odd\\\nname\"";
    metrics.started = serve::test::at("2022-01-10T08:00:00Z");
    metrics.feeds = {{"fine", 3}, {"failing", 1}};
    metrics.polls = {{"document", 5}, {"not_modified", 7}};
    metrics.poll_durations.add(std::chrono::milliseconds{30});
    metrics.poll_durations.add(std::chrono::milliseconds{100});
    metrics.poll_durations.add(std::chrono::minutes{2});
    metrics.duplicates = {{"same_url", 2}};
    metrics.database_bytes = 18'446'744'073'709'551'615U;
    metrics.server.responses = {{200, 4}, {404, 1}};
    return metrics;
}

}  // namespace

TEST_CASE("what is written can be read by the rules of the format") {
    const Exposition exposition = read_exposition(write_metrics(sample_metrics()));
    CHECK(exposition.problems.empty());
    CHECK(exposition.samples.at("aggd_feeds{state=\"fine\"}") == 3);
    CHECK(exposition.samples.at("aggd_build_info{version=\"0.1.0 \\\"odd\\\\\\nname\\\"\"}") == 1);
    CHECK(exposition.samples.at("aggd_start_time_seconds") == 1'641'801'600);
    CHECK(exposition.samples.at("aggd_http_requests_total{code=\"404\"}") == 1);
    CHECK_FALSE(exposition.samples.contains("aggd_last_successful_poll_timestamp_seconds"));
}

TEST_CASE("a histogram's buckets hold all below them, and the last holds all") {
    const Exposition exposition = read_exposition(write_metrics(sample_metrics()));
    const auto bucket = [&](const char* le) {
        return exposition.samples.at(fmt::format("aggd_poll_duration_seconds_bucket{{le=\"{}\"}}", le));
    };
    CHECK(bucket("0.025") == 0);
    CHECK(bucket("0.1") == 2);
    CHECK(bucket("60") == 2);
    CHECK(bucket("+Inf") == 3);
    CHECK(exposition.samples.at("aggd_poll_duration_seconds_count") == 3);
    CHECK(exposition.samples.at("aggd_poll_duration_seconds_sum") == Approx(120.13));
}

TEST_CASE("the test's reader finds what is wrong") {
    const auto text = GENERATE(values<std::string>({
        "aggd_x 1\n",                                                  // no TYPE
        "# HELP aggd_x a\n# TYPE aggd_x gauge\naggd_x one\n",          // no number
        "# HELP aggd_x a\n# TYPE aggd_x gauge\naggd_x 1\naggd_x 2\n",  // twice
        "# HELP aggd_x a\n# TYPE aggd_x counter\naggd_x 1\n",          // a counter without _total
        "# HELP aggd_x a\n# TYPE aggd_x gauge\naggd_x{a=\"b} 1\n",     // a quote is missing
        "# HELP aggd_x a\n# TYPE aggd_x gauge\naggd_x 1",              // no line end
        "# TYPE aggd_x gauge\naggd_x 1\n",                             // no HELP
        "# HELP aggd_x a\n# TYPE aggd_x histogram\naggd_x_bucket{le=\"1\"} 1\naggd_x_sum 1\naggd_x_count 1\n",  // no
                                                                                                                // +Inf
    }));
    CHECK_FALSE(read_exposition(text).problems.empty());
}
