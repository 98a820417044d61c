// What people name on the command line: files, "-" for standard input and output.
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "aggctl/exit_code.hpp"

namespace agg::aggctl {

struct Surroundings;

// True for what means standard input or output: "-", or nothing.
[[nodiscard]] bool is_stream(const std::string& path);

// All of the file, or of standard input.
[[nodiscard]] tl::expected<std::string, Failure> read_input(const std::string& path, Surroundings& around);

// Writes standard output, or makes the file anew: under another name first, so that no half of it is ever seen.
[[nodiscard]] tl::expected<void, Failure> write_output(const std::string& path, const std::string& bytes,
                                                       Surroundings& around);

}  // namespace agg::aggctl
