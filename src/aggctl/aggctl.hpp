// aggctl as a function: command line in, text and exit code out.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace agg::aggctl {

// The world that aggctl talks to.
struct Surroundings {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool asks = false;      // somebody sits at a terminal and can be asked
    bool colors = false;    // standard output is a terminal that may be coloured
    std::size_t width = 0;  // of that terminal; 0: none
    TimePoint now{};
    std::function<std::string()> read_secret;  // a line typed without being shown; absent: from `in`
    std::size_t error_width = 0;               // of the terminal that standard error is; 0: none
    int out_descriptor = -1;                   // of standard output; -1: none, nobody can hang up
};

// Runs one command; `arguments` without the program's name. Returns the exit code.
[[nodiscard]] int run(const std::vector<std::string>& arguments, Surroundings& around);

}  // namespace agg::aggctl
