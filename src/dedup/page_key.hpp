// The name of an article's page on its outlet, whatever address the outlet gives it: "redian 2828696" for
// redian.example/news?id=2828696 and for redian.co.example/n/2828696.
#pragma once

#include <string>
#include <string_view>

namespace agg::dedup {

// From a canonical URL. Empty when the address holds neither a number of five digits nor a slug of four words.
[[nodiscard]] std::string page_key(std::string_view canonical_url);

// The part of the canonical URL's host that its owner chose: "quay" of news.quay.co.uk. A guess that needs no list.
[[nodiscard]] std::string_view owner_of(std::string_view canonical_url);

}  // namespace agg::dedup
