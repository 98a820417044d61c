#include "aggctl/words.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::aggctl;
using namespace std::chrono_literals;

TEST_CASE("times are told from now, in one unit") {
    const TimePoint now = from_unix_ms(1'700'000'000'000);
    CHECK(ago(now - 250s, now) == "4 min ago");
    CHECK(ago(now - 26h, now) == "1 day ago");
    CHECK(ago(now - 500ms, now) == "now");
    CHECK(ago(std::nullopt, now) == "never");
    CHECK(ahead(now + 12s, now) == "in 12 s");
    CHECK(ahead(now + 75h, now) == "in 3 days");
    CHECK(ahead(now - 1h, now) == "now");
    CHECK(ahead(std::nullopt, now) == "-");
}

TEST_CASE("large numbers are grouped") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(41208) == "41,208");
    CHECK(grouped(1234567) == "1,234,567");
    CHECK(counted(1, "feed", "feeds") == "1 feed");
    CHECK(counted(0, "feed", "feeds") == "0 feeds");
}

TEST_CASE("sizes have two digits or three") {
    CHECK(bytes_in_words(1) == "1 byte");
    CHECK(bytes_in_words(999) == "999 bytes");
    CHECK(bytes_in_words(1'900'000) == "1.9 MB");
    CHECK(bytes_in_words(214'300) == "214 kB");
    CHECK(bytes_in_words(999'600) == "1.0 MB");
}
