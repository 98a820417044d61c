// References between documents, by text alone: RFC 3986, 5.2. Url (libcurl) judges addresses that are fetched; this resolves the
// many links of a document, at the price of a few copies, and never fails.
#pragma once

#include <string>
#include <string_view>

namespace agg {

// True when `reference` begins with a scheme ("https:", "mailto:").
[[nodiscard]] bool has_scheme(std::string_view reference);

// What `reference` means in a document at `base`, an absolute URL. White space at the ends and line breaks are removed, as browsers
// do. `reference` itself (trimmed) when it is absolute already or `base` is empty or cannot be a base.
[[nodiscard]] std::string resolve_reference(std::string_view base, std::string_view reference);

}  // namespace agg
