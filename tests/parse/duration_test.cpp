#include "parse/duration.hpp"

#include <catch2/catch.hpp>

using namespace agg::parse;

TEST_CASE("durations of sound and film are read in every form") {
    struct Row { std::string_view text; long long seconds; };
    const auto row = GENERATE(values<Row>({{"1:02:03", 3723}, {"62:03", 3723}, {"3723", 3723}, {"3723.9", 3723}, {":45", 45},
                                           {"PT1H2M3S", 3723}, {"1h 2min 3 sec", 3723}, {"00:00", 0}, {"1:00:00:00", 86400}}));
    CHECK(parse_media_duration(row.text) == std::chrono::seconds{row.seconds});
}

TEST_CASE("what is no duration is none") {
    // "nAn" was found by fuzzing: std::from_chars takes it for a number.
    const auto text = GENERATE(values<std::string_view>({"", "nAn", "inf", "-5", "1:2:3:4:5", "soon", "99999999999"}));
    CHECK_FALSE(parse_media_duration(text));
}
