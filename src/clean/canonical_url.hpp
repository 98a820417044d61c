// Links: what of them identifies an article, and what of them only follows the reader around.
#pragma once

#include <string>
#include <string_view>

namespace agg::clean {

// `url` without tracking parameters (utm_*, fbclid, gclid and their kin; the table and its sources stand in the .cpp)
// and with nothing else changed: the link people open.
[[nodiscard]] std::string without_tracking(std::string_view url);

// The article's identity across feeds: without scheme, "www.", "m.", "amp." and "mobile." hosts, default port, AMP
// path, index page, session id, trailing slash, tracking parameters; query sorted; percent-encoding and dot segments
// normalised; known redirectors unwrapped without asking the network. A fragment that is not tracking is kept. Empty
// when `url` is no http(s) address, a bare host, or a redirector whose target cannot be read: that identifies no
// article.
[[nodiscard]] std::string canonical_url(std::string_view url);

}  // namespace agg::clean
