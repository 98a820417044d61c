// Safe HTML of anything is safe: a fixed point, balanced, and made of allowed things only.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "clean/plain_text.hpp"
#include "clean/sanitize.hpp"
#include "support/safe_markup_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view html(reinterpret_cast<const char*>(data), size);
    for (const std::string_view base : {std::string_view("https://a.example/b/c?d"), std::string_view()}) {
        const std::string safe = agg::clean::safe_html(html, base);
        if (!agg::test::fault_in(safe).empty() || agg::clean::safe_html(safe, base) != safe) std::abort();
    }
    const agg::Markup markup{std::string(html), agg::MarkupType::html, ""};
    if (!agg::is_utf8(agg::clean::plain_text(markup))) std::abort();
    return 0;
}
