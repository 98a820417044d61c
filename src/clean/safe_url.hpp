// Addresses that may be followed or loaded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/url.hpp"

namespace agg::clean {

// What an address is for: a link waits for a click, a resource or an image is loaded when the page is shown.
enum class UrlUse { link, resource, image };

// The page that relative addresses are on. Reads its address when it is first asked for.
class UrlBase {
  public:
    // `address` is absolute, or empty when it is not known. It must outlive the UrlBase.
    explicit UrlBase(std::string_view address) : address_(address) {}

    // What `reference` means on this page; `reference` itself when the page is not known; absent when it means nothing.
    [[nodiscard]] std::optional<std::string> resolve(std::string_view reference);

  private:
    std::string_view address_;
    std::optional<Result<Url>> url_;
};

// `url` as it may stand in a page: absolute where the base is known, without white space and control characters, and of a scheme
// that does no harm. Absent when there is no such form of it ("javascript:", "data:" other than small pictures, "file:").
[[nodiscard]] std::optional<std::string> safe_url(std::string_view url, UrlUse use, UrlBase& base);

// The same for an address that stands alone: empty when it is not absolute and safe.
[[nodiscard]] std::string safe_absolute_url(std::string_view url, UrlUse use);

// `srcset` with every address made safe; those that cannot be are left out.
[[nodiscard]] std::string safe_candidates(std::string_view srcset, UrlBase& base);

}  // namespace agg::clean
