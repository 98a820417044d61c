// Whole files in one call; what goes wrong is the test's failure.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace agg::test {

// Returns `path`.
inline std::string write_file(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + path);
    return path;
}

inline std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace agg::test
