// Passwords: kept as yescrypt hashes by libcrypt, compared in constant time.
#pragma once

#include <string>
#include <string_view>

namespace agg::serve {

// A hash of `password` with a salt of its own, as crypt(5) describes it: "$y$...". It takes some 50 ms. Throws
// std::runtime_error when the system has no randomness or cannot hash.
[[nodiscard]] std::string hash_password(const std::string& password);

// Whether `password` is the one that `hash` was made of. As slow.
[[nodiscard]] bool is_password(const std::string& password, const std::string& hash);

// Equal, in a time that depends on the lengths alone.
[[nodiscard]] bool equals_in_constant_time(std::string_view a, std::string_view b);

// 256 random bits in hexadecimal digits.
[[nodiscard]] std::string random_token();

}  // namespace agg::serve
