#include "serve/password.hpp"

#include <sys/random.h>

#include <array>
#include <crypt.h>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

namespace agg::serve {
namespace {

// crypt_rn's working space holds 32 KB: on the heap.
std::string crypt_with(const std::string& password, const std::string& setting) {
    const auto space = std::make_unique<crypt_data>();
    const char* hash = ::crypt_rn(password.c_str(), setting.c_str(), space.get(), sizeof(crypt_data));
    return hash == nullptr ? std::string() : hash;
}

}  // namespace

std::string hash_password(const std::string& password) {
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
    if (::crypt_gensalt_rn("$y$", 0, nullptr, 0, setting.data(), setting.size()) == nullptr)
        throw std::runtime_error("libcrypt cannot make a salt for yescrypt");
    std::string hash = crypt_with(password, setting.data());
    if (hash.empty()) throw std::runtime_error("libcrypt cannot hash the password");
    return hash;
}

bool is_password(const std::string& password, const std::string& hash) {
    const std::string other = crypt_with(password, hash);
    return !other.empty() && equals_in_constant_time(other, hash);
}

bool equals_in_constant_time(std::string_view a, std::string_view b) {
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t at = 0; at < a.size(); ++at)
        difference |= static_cast<unsigned>(static_cast<unsigned char>(a[at]) ^
                                            static_cast<unsigned char>(at < b.size() ? b[at] : a[at] + 1));
    return difference == 0;
}

std::string random_token() {
    std::array<unsigned char, 32> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("the system gives no random bytes");
    std::string token;
    for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
    return token;
}

}  // namespace agg::serve
