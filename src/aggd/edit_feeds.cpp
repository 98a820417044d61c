// Control: what readers change of the subscriptions, which is feeds.conf.
#include <algorithm>

#include "aggd/control.hpp"
#include "config/edit.hpp"
#include "config/setting.hpp"

namespace agg::aggd {

Task<Result<void>> Control::change_feed(std::string feed, serve::FeedChange change) {
    const auto found = parts_.subscriptions.named(feed);
    if (!found) co_return tl::unexpected(found.error());
    std::vector<config::Setting> settings;
    if (change.title) settings.push_back({"title", std::move(*change.title)});
    std::vector<std::string> tags = (*found)->feed.tags;
    const auto has = [](const std::vector<std::string>& all, const std::string& tag) {
        return std::find(all.begin(), all.end(), tag) != all.end();
    };
    std::erase_if(tags, [&](const std::string& tag) { return has(change.remove_tags, tag); });
    for (const std::string& tag : change.add_tags)
        if (!has(tags, tag)) tags.push_back(tag);
    if (tags != (*found)->feed.tags) settings.push_back({"tags", tags.empty() ? "" : config::toml_array(tags)});
    auto rewrite = [name = (*found)->feed.name, settings = std::move(settings)](std::string_view text) {
        return config::with_settings(text, name, settings);
    };
    co_return co_await parts_.live_config.edit(std::move(rewrite), "");
}

}  // namespace agg::aggd
