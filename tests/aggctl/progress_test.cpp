#include "aggctl/progress.hpp"

#include <catch2/catch.hpp>

using namespace agg::aggctl;
using namespace std::chrono_literals;

TEST_CASE("a bar tells how far something is, and fits the terminal") {
    CHECK(progress_line("refresh", 3, 12, 5s, 39, false) == "refresh  [#####               ] 3 of 12");
    CHECK(progress_line("refresh", 12, 12, 5s, 39, false) == "refresh  [###################] 12 of 12");
    CHECK(progress_line("refresh", 13, 12, 5s, 39, false) == "refresh  [###################] 12 of 12");
    CHECK(progress_line("backup", 1'500'000, 3'000'000, 5s, 57, true) ==
          "backup  [###############               ] 1.5 MB of 3.0 MB");
    for (std::size_t width = 0; width < 120; ++width)
        CHECK(progress_line("refresh", 3'000, 12'000, 5s, width, false).size() <= width + 2);  // "…" has three bytes
}

TEST_CASE("what nobody can tell the length of is told in seconds") {
    CHECK(progress_line("import", 0, 0, 7s, 80, false) == "import  7 s");
}
