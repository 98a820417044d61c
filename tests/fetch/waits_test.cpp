#include "fetch/waits.hpp"

#include <catch2/catch.hpp>

#include "base/time.hpp"

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds k_century = 3'155'760'000s;

TimePoint at(std::string_view text) {
    const auto time = parse_rfc3339(text);
    if (!time) throw std::invalid_argument(std::string(text));
    return *time;
}
const TimePoint k_now = at("2022-01-10T12:00:00Z");  // a Monday

Headers headers(const std::vector<std::pair<std::string, std::string>>& lines) {
    Headers headers;
    for (const auto& [name, value] : lines) headers.add(name, value);
    return headers;
}

}  // namespace

TEST_CASE("max-age is read as RFC 9111 writes it, and nothing else is") {
    struct Case {
        const char* cache_control;
        std::optional<milliseconds> fresh;
    };
    const auto test = GENERATE(values<Case>({
        {"max-age=3600", 3600s},
        {"Max-Age=3600", 3600s},
        {"public, max-age=60, must-revalidate", 60s},
        {"public,max-age=60", 60s},
        {"max-age=\"60\"", 60s},
        {" max-age = 60 ", 60s},
        {"max-age=0", 0s},
        {"max-age=007", 7s},
        {"max-age=60, max-age=90", 60s},
        {"max-age=315360000", 315'360'000s},         // ten years
        {"max-age=9223372036854775808", k_century},  // past 63 bits
        {"max-age=99999999999999999999999999", k_century},
        {"max-age=00000000000000000000000000060", 60s},
        {"s-maxage=60", std::nullopt},  // for shared caches
        {"stale-while-revalidate=60", std::nullopt},
        {"x-max-age=60", std::nullopt},
        {"max-age", std::nullopt},
        {"max-age=", std::nullopt},
        {"max-age=-1", std::nullopt},
        {"max-age=+60", std::nullopt},
        {"max-age=1.5", std::nullopt},
        {"max-age=1h", std::nullopt},
        {"max-age=0x10", std::nullopt},
        {"max-age=soon", std::nullopt},
        {"no-cache", std::nullopt},
        {"no-store, no-cache, must-revalidate", std::nullopt},
        {"", std::nullopt},
        {",,=,\"", std::nullopt},
    }));
    INFO(test.cache_control);
    CHECK(freshness(headers({{"Cache-Control", test.cache_control}}), k_now) == test.fresh);
}

TEST_CASE("max-age may stand in any of several Cache-Control lines") {
    CHECK(freshness(headers({{"Cache-Control", "public"}, {"cache-control", "max-age=60"}}), k_now) == 60s);
}

TEST_CASE("what the answer spent in caches is taken from max-age") {
    struct Case {
        const char* age;
        milliseconds fresh;
    };
    const auto test = GENERATE(values<Case>({{"0", 600s},
                                             {"100", 500s},
                                             {" 100 ", 500s},
                                             {"600", 0s},
                                             {"601", 0s},
                                             {"99999999999999999999", 0s},
                                             {"-5", 600s},
                                             {"old", 600s},
                                             {"", 600s}}));
    INFO(test.age);
    CHECK(freshness(headers({{"Cache-Control", "max-age=600"}, {"Age", test.age}}), k_now) == test.fresh);
}

TEST_CASE("Expires counts from Date, so that a wrong clock does no harm") {
    CHECK(freshness(headers({{"Date", "Fri, 01 Jan 2010 00:00:00 GMT"}, {"Expires", "Fri, 01 Jan 2010 02:00:00 GMT"}}),
                    k_now) == 2h);
}

TEST_CASE("Expires counts from now where Date is missing or unreadable") {
    CHECK(freshness(headers({{"Expires", "Mon, 10 Jan 2022 14:00:00 GMT"}}), k_now) == 2h);
    CHECK(freshness(headers({{"Expires", "Mon, 10 Jan 2022 14:00:00 GMT"}, {"Date", "today"}}), k_now) == 2h);
}

TEST_CASE("an Expires in the past means no time at all") {
    CHECK(freshness(headers({{"Expires", "Thu, 19 Nov 1981 08:52:00 GMT"}}), k_now) == 0s);
    CHECK(freshness(headers({{"Expires", "Fri, 31 Dec 9999 23:59:59 GMT"}}), k_now) == k_century);
}

TEST_CASE("an Expires that is no date says nothing") {
    const auto text = GENERATE("", "0", "-1", "never", "Mon, 32 Jan 2022 14:00:00 GMT", "2022-01-10T14:00:00Z");
    INFO(text);
    CHECK_FALSE(freshness(headers({{"Expires", text}}), k_now));
}

TEST_CASE("max-age goes before Expires, also when it cannot be read") {
    CHECK(freshness(headers({{"Cache-Control", "max-age=60"}, {"Expires", "Mon, 10 Jan 2022 14:00:00 GMT"}}), k_now) ==
          60s);
    CHECK_FALSE(
        freshness(headers({{"Cache-Control", "max-age=banana"}, {"Expires", "Mon, 10 Jan 2022 14:00:00 GMT"}}), k_now));
}

TEST_CASE("a server that says nothing gives no freshness") {
    CHECK_FALSE(freshness(headers({}), k_now));
    CHECK_FALSE(freshness(headers({{"Date", "Mon, 10 Jan 2022 12:00:00 GMT"}, {"Age", "60"}}), k_now));
}

TEST_CASE("Retry-After is read as seconds or as a date in any of its three forms") {
    struct Case {
        const char* value;
        std::optional<milliseconds> wait;
    };
    const auto test = GENERATE(values<Case>({
        {"120", 120s},
        {" 120\t", 120s},
        {"0", 0s},
        {"86400", 24h},
        {"99999999999999999999999", k_century},
        {"Mon, 10 Jan 2022 12:05:00 GMT", 5min},
        {"Monday, 10-Jan-22 12:05:00 GMT", 5min},
        {"Mon Jan 10 12:05:00 2022", 5min},
        {"Mon, 10 Jan 2022 11:00:00 GMT", 0s},  // past
        {"Fri, 31 Dec 9999 23:59:59 GMT", k_century},
        {"", std::nullopt},
        {"-1", std::nullopt},
        {"+120", std::nullopt},
        {"1.5", std::nullopt},
        {"1e3", std::nullopt},
        {"120s", std::nullopt},
        {"120, 120", std::nullopt},
        {"0x10", std::nullopt},
        {"soon", std::nullopt},
        {"Mon, 10 Jan 2022 25:00:00 GMT", std::nullopt},
        {"Mon, 10 Jan 2022 12:05:00", std::nullopt},
        {"2022-01-10T12:05:00Z", std::nullopt},
        {"\xD9\xA3", std::nullopt},  // an Arabic digit
    }));
    INFO(test.value);
    CHECK(retry_after(test.value, k_now) == test.wait);
}

TEST_CASE("a time outside the skipped hours and days stays as it is, to the millisecond") {
    const auto due = at("2022-01-10T12:34:56.789Z");
    CHECK(outside_skipped(due, {}) == due);
    CHECK(outside_skipped(due, {.skip_hours = {11, 13}, .skip_days = {0, 2}}) == due);
}

TEST_CASE("a skipped hour is left at its end") {
    const PollingHints night{.skip_hours = {22, 23, 0, 1, 2, 3, 4, 5}};
    CHECK(outside_skipped(at("2022-01-10T22:00:00Z"), night) == at("2022-01-11T06:00:00Z"));
    CHECK(outside_skipped(at("2022-01-11T05:59:59.999Z"), night) == at("2022-01-11T06:00:00Z"));
    CHECK(outside_skipped(at("2022-01-10T21:59:59.999Z"), night) == at("2022-01-10T21:59:59.999Z"));
    CHECK(outside_skipped(at("2022-01-11T06:00:00Z"), night) == at("2022-01-11T06:00:00Z"));
}

TEST_CASE("a skipped day is left at midnight UTC") {
    const PollingHints weekend{.skip_days = {6, 0}};
    CHECK(outside_skipped(at("2022-01-15T09:30:00Z"), weekend) == at("2022-01-17T00:00:00Z"));
    CHECK(outside_skipped(at("2022-01-16T23:59:59Z"), weekend) == at("2022-01-17T00:00:00Z"));
}

TEST_CASE("skipped days and hours hold together") {
    const PollingHints hints{.skip_hours = {0, 1}, .skip_days = {6, 0}};
    CHECK(outside_skipped(at("2022-01-15T09:30:00Z"), hints) == at("2022-01-17T02:00:00Z"));
}

TEST_CASE("one hour of one day is found, however far it is") {
    PollingHints hints{.skip_days = {0, 2, 3, 4, 5, 6}};  // all but Monday
    for (int hour = 0; hour < 24; ++hour)
        if (hour != 11) hints.skip_hours.push_back(hour);
    CHECK(outside_skipped(at("2022-01-10T12:00:00Z"), hints) == at("2022-01-17T11:00:00Z"));
}

TEST_CASE("hints that skip every hour or every day are ignored") {
    PollingHints hints{.skip_days = {0, 1, 2, 3, 4, 5, 6}};
    CHECK(outside_skipped(k_now, hints) == k_now);
    for (int hour = 0; hour < 24; ++hour) hints.skip_hours.push_back(hour);
    CHECK(outside_skipped(k_now, hints) == k_now);
    hints.skip_days = {1};  // a usable list beside an unusable one still counts
    CHECK(outside_skipped(k_now, hints) == at("2022-01-11T00:00:00Z"));
}

TEST_CASE("a time before 1970 is in an hour and on a day as well") {
    CHECK(outside_skipped(at("1969-12-31T23:30:00Z"), {.skip_hours = {23}}) == at("1970-01-01T00:00:00Z"));
}
