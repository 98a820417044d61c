// Addresses of anything are safe, and cleaning them twice is cleaning them once.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "clean/canonical_url.hpp"
#include "clean/safe_style.hpp"
#include "clean/safe_url.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace agg::clean;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string plain = without_tracking(text);
    require(without_tracking(plain) == plain);
    if (const std::string identity = canonical_url(text); !identity.empty()) require(canonical_url("https://" + identity) == identity);
    for (const std::string_view base : {std::string_view("https://a.example/b/c?d"), std::string_view()}) {
        const auto safe = safe_url(text, UrlUse::link, base);
        require(!safe || safe_url(*safe, UrlUse::link, base) == safe);
        const std::string candidates = safe_candidates(text, base);
        require(safe_candidates(candidates, base) == candidates);
    }
    const std::string style = safe_style(text);
    require(safe_style(style) == style);
    return 0;
}
