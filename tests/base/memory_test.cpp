#include "base/memory.hpp"

#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace {

// Pages of files that are in memory for this process.
long pages_of_files() {
    long all = 0, resident = 0, shared = 0;
    std::ifstream("/proc/self/statm") >> all >> resident >> shared;
    return shared;
}

}  // namespace

TEST_CASE("the program and its libraries leave memory, and work on") {
    const long before = pages_of_files();
    agg::give_back_memory();
    CHECK(pages_of_files() < before);
    std::vector<std::string> words(1'000, std::string(100, 'a'));
    CHECK(words.back().size() == 100);
}
