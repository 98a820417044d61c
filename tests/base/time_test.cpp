#include "base/time.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace std::chrono;

namespace {
const TimePoint k_morning = sys_days{year{2022} / 1 / 10} + 9h + 5min;
}

TEST_CASE("a time is written as RFC 3339 and as an HTTP date") {
    CHECK(to_rfc3339(k_morning + 999ms) == "2022-01-10T09:05:00Z");
    CHECK(to_http_date(k_morning) == "Mon, 10 Jan 2022 09:05:00 GMT");
    CHECK(to_rfc3339(TimePoint::max()) == "9999-12-31T23:59:59Z");
}

TEST_CASE("RFC 3339 is read with its offset and fraction, and nothing else is") {
    CHECK(parse_rfc3339("2022-01-10T09:05:00Z") == k_morning);
    CHECK(parse_rfc3339("2022-01-10t14:05:00.250+05:00") == k_morning + 250ms);
    for (const auto* text : {"", "2022-01-10", "2022-13-10T09:05:00Z", "2022-02-30T09:05:00Z", "2022-01-10T09:05:00",
                             "2022-01-10T09:05:00Zjunk", "2022-01-10T24:05:00Z"})
        CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("the three forms of an HTTP date are read") {
    const TimePoint expected = sys_days{year{1994} / 11 / 6} + 8h + 49min + 37s;
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
    CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
    CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == expected);
    for (const auto* text : {"0", "-1", "", "tomorrow", "Sun, 06 Nov 1994 08:49:37 CET"}) CHECK_FALSE(parse_http_date(text));
}

TEST_CASE("durations are read as systemd.time(7) writes them") {
    CHECK(parse_duration("90") == 90s);
    CHECK(parse_duration("15min") == 15min);
    CHECK(parse_duration("2h 30min") == 150min);
    CHECK(parse_duration("1.5 h") == 90min);
    CHECK(parse_duration("90d") == 24h * 90);
    CHECK(parse_duration("500ms") == 500ms);
    for (const auto* text : {"", "nan", "min", "5 parsecs", "-3h", "1h30x", "1000years", "99999999999999999999d"})
        CHECK_FALSE(parse_duration(text));
}

TEST_CASE("a duration text reads back as itself") {
    for (const milliseconds duration : {0ms, 1500ms, milliseconds{90s}, milliseconds{26h}, milliseconds{24h * 90}})
        CHECK(parse_duration(to_duration_text(duration)) == duration);
}

TEST_CASE("people read the two largest units") {
    CHECK(to_words(45s) == "45 s");
    CHECK(to_words(4min) == "4 min");
    CHECK(to_words(2h + 30min + 9s) == "2 h 30 min");
    CHECK(to_words(24h * 3) == "3 days");
    CHECK(to_words(0s) == "0 s");
}
