#include "clean/dates.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using clean::repaired_dates;

namespace {

const TimePoint k_now = *parse_rfc3339("2022-01-10T12:00:00Z");

ParsedDate date(const char* text) { return {text, parse_rfc3339(text)}; }

ParsedItem item(const char* published, const char* updated = "") {
    ParsedItem parsed;
    parsed.published = date(published);
    parsed.updated = date(updated);
    return parsed;
}

TimePoint at(const char* text) { return *parse_rfc3339(text); }

}  // namespace

TEST_CASE("a sane date is kept") {
    const auto dates = repaired_dates(item("2022-01-09T08:00:00Z"), {}, k_now);
    CHECK(dates.published == at("2022-01-09T08:00:00Z"));
    CHECK_FALSE(dates.published_repaired);
    CHECK(dates.published_text.empty());
    CHECK_FALSE(dates.updated);
}

TEST_CASE("updated is kept when it is later than published") {
    CHECK(repaired_dates(item("2022-01-09T08:00:00Z", "2022-01-09T09:00:00Z"), {}, k_now).updated ==
          at("2022-01-09T09:00:00Z"));
    CHECK_FALSE(repaired_dates(item("2022-01-09T08:00:00Z", "2022-01-09T08:00:00Z"), {}, k_now).updated);
    CHECK_FALSE(repaired_dates(item("2022-01-09T08:00:00Z", "2031-01-09T08:00:00Z"), {}, k_now).updated);
}

TEST_CASE("a missing date is the update, then the feed's, then now") {
    CHECK(repaired_dates(item("", "2022-01-08T00:00:00Z"), {}, k_now).published == at("2022-01-08T00:00:00Z"));
    ParsedFeed feed;
    feed.updated = date("2022-01-07T00:00:00Z");
    CHECK(repaired_dates(item("soon"), feed, k_now).published == at("2022-01-07T00:00:00Z"));
    CHECK(repaired_dates(item("soon"), feed, k_now).published_text == "soon");
    CHECK(repaired_dates(item(""), {}, k_now).published == k_now);
}

TEST_CASE("a date in the future is now, with its own words kept") {
    ParsedFeed feed;
    feed.updated = date("2022-01-07T00:00:00Z");
    const auto dates = repaired_dates(item("2022-01-10T14:00:00Z"), feed, k_now);
    CHECK(dates.published == k_now);
    CHECK(dates.published_repaired);
    CHECK(dates.published_text == "2022-01-10T14:00:00Z");
    CHECK(repaired_dates(item("2022-01-10T12:05:00Z"), feed, k_now).published == at("2022-01-10T12:05:00Z"));
}

TEST_CASE("an empty date that was printed as a number is no date") {
    CHECK(repaired_dates(item("1970-01-01T00:00:00Z"), {}, k_now).published == k_now);
    CHECK(repaired_dates(item("0001-01-01T00:00:00Z", "2022-01-01T00:00:00Z"), {}, k_now).published ==
          at("2022-01-01T00:00:00Z"));
}

TEST_CASE("items that all carry the same instant keep the order of the document") {
    ParsedFeed feed;
    for (int i = 0; i < 3; ++i) feed.items.push_back(item("2022-01-09T08:00:00Z"));
    const auto first = repaired_dates(feed.items[0], feed, k_now);
    const auto third = repaired_dates(feed.items[2], feed, k_now);
    CHECK(first.published == at("2022-01-09T08:00:00Z"));
    CHECK(first.published - third.published == std::chrono::milliseconds{2});
    CHECK(third.published_text == "2022-01-09T08:00:00Z");
}
