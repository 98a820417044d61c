#include "aggd/part_settings.hpp"

#include "base/text.hpp"
#include "fetch/poller.hpp"

namespace agg::aggd {

std::string base_url(const std::vector<serve::Listener>& listeners) {
    for (const serve::Listener& listener : listeners)
        if (listener.description.starts_with("http:")) return listener.description;
    return "http://localhost/";
}

serve::Catalog catalog_of(const config::Config& config) {
    serve::Catalog catalog;
    for (const Feed& feed : config.feeds) {
        catalog.sources.insert(feed.name);
        for (const std::string& tag : feed.tags) catalog.tags.insert(ascii_lower(tag));
    }
    for (const Rule& rule : config.rules)
        for (const std::string& tag : rule.add_tags) catalog.tags.insert(ascii_lower(tag));
    catalog.views = config.views;
    return catalog;
}

std::chrono::milliseconds catch_up_time(const config::Config& config) {
    std::chrono::milliseconds shortest = fetch::Pace{}.catch_up_within * 2;
    for (const Feed& feed : config.feeds) shortest = std::min(shortest, feed.min_interval);
    return shortest / 2;
}

}  // namespace agg::aggd
