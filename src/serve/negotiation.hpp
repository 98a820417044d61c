// What a client asks for beside the path: which coding, and whether it has the content already.
#pragma once

#include <string_view>

namespace agg::serve {

enum class Coding { identity, gzip, brotli };
[[nodiscard]] const char* to_string(Coding coding);

// The coding to answer with, given the value of Accept-Encoding ("" when there is none), q-values honoured (RFC
// 9110, 12.5.3). Identity when nothing we have is acceptable: a readable answer is better than a 406.
[[nodiscard]] Coding choose_coding(std::string_view accept_encoding);

// True when `if_none_match` (the header's value) is "*" or lists `etag`, compared weakly (RFC 9110, 13.1.2): answer
// 304.
[[nodiscard]] bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace agg::serve
