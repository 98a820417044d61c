// Each line on standard input names a document: PATH, CONTENT_TYPE, URL, CONTENT_LOCATION, separated by tabs, all but
// the first may be missing. For each, in order, one line of JSON is written. Paths as arguments are read before
// standard input.
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/text.hpp"
#include "feed_json.hpp"

namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void answer(const std::string& request) {
    const auto fields = agg::split(request, '\t');
    const auto field = [&](std::size_t i) { return i < fields.size() ? std::string(fields[i]) : std::string{}; };
    const std::string bytes = read_file(field(0));
    std::cout << agg::tools::feed_json(
                     {.bytes = bytes, .content_type = field(1), .url = field(2), .content_location = field(3)})
              << std::endl;
}

}  // namespace

int main(int count, char** arguments) {
    for (int i = 1; i < count; ++i) answer(arguments[i]);
    if (count > 1) return 0;
    for (std::string line; std::getline(std::cin, line);) answer(line);
}
