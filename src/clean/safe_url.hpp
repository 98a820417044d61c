// Addresses that may be followed or loaded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agg::clean {

// What an address is for: a link waits for a click, a resource or an image is loaded when the page is shown.
enum class UrlUse { link, resource, image };

// `url` as it may stand in a page at `base`, an absolute address or empty: absolute where the base is known, without
// white space and control characters, and of a scheme that does no harm. Absent when there is no such form of it
// ("javascript:", "data:" other than small pictures, "file:").
[[nodiscard]] std::optional<std::string> safe_url(std::string_view url, UrlUse use, std::string_view base);

// The same for an address that stands alone: empty when it is not absolute and safe.
[[nodiscard]] std::string safe_absolute_url(std::string_view url, UrlUse use);

// `srcset` with every address made safe; those that cannot be are left out.
[[nodiscard]] std::string safe_candidates(std::string_view srcset, std::string_view base);

}  // namespace agg::clean
