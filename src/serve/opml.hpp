// OPML 2.0 lists: what is subscribed, and what is served. Pure.
#pragma once

#include <string>
#include <vector>

#include "serve/admin.hpp"
#include "serve/view_spec.hpp"

namespace agg::serve {

// The subscriptions in the order of feeds.conf, each in the folder of its first tag, with all its tags as categories.
// No secrets: addresses as FeedStatus has them.
[[nodiscard]] std::string write_subscriptions(const std::vector<FeedStatus>& feeds);

// The merged feed, the views of feeds.conf, and one feed per tag and per source, as Atom below `base_url`.
[[nodiscard]] std::string write_views(const Catalog& catalog, const std::string& base_url);

}  // namespace agg::serve
