// Any text: no crash, and a date that is read comes back the same from its RFC 3339 form.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parse/date.hpp"
#include "parse/duration.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto time = agg::parse::parse_date(text)) {
        const auto whole = std::chrono::floor<std::chrono::seconds>(*time);
        const auto year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(whole)}.year();
        if (year >= std::chrono::year{0} && year <= std::chrono::year{9999} && agg::parse::parse_date(agg::to_rfc3339(*time)) != agg::TimePoint{whole}) std::abort();
    }
    if (const auto duration = agg::parse::parse_media_duration(text); duration && *duration < std::chrono::seconds{0}) std::abort();
    return 0;
}
