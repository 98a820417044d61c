#include "aggctl/files.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

#include <fmt/format.h>

#include "aggctl/aggctl.hpp"

namespace agg::aggctl {
namespace {

std::string all_of(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

tl::unexpected<Failure> cannot(const char* what, const std::string& path, int reason) {
    return tl::unexpected(
        Failure{ExitCode::failed, fmt::format("{} cannot be {}: {}", path, what, std::strerror(reason))});
}

}  // namespace

bool is_stream(const std::string& path) { return path.empty() || path == "-"; }

tl::expected<std::string, Failure> read_input(const std::string& path, Surroundings& around) {
    if (is_stream(path)) return all_of(around.in);
    std::ifstream file(path, std::ios::binary);
    if (!file) return cannot("read", path, errno);
    std::string bytes = all_of(file);
    if (file.bad()) return cannot("read", path, errno);
    return bytes;
}

tl::expected<void, Failure> write_output(const std::string& path, const std::string& bytes, Surroundings& around) {
    if (is_stream(path)) {
        around.out << bytes;
        return {};
    }
    std::string temporary = path + ".XXXXXX";
    const int descriptor = ::mkstemp(temporary.data());
    if (descriptor < 0) return cannot("written", path, errno);
    ::close(descriptor);
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << bytes;
    file.close();
    if (file && ::rename(temporary.c_str(), path.c_str()) == 0) return {};
    const int reason = errno;
    ::unlink(temporary.c_str());
    return cannot("written", path, reason);
}

}  // namespace agg::aggctl
