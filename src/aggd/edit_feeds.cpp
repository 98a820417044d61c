// Control: what readers change of the subscriptions, which is feeds.conf.
#include <algorithm>

#include "aggd/control.hpp"
#include "base/url.hpp"
#include "config/change_feed.hpp"
#include "config/edit.hpp"
#include "config/opml.hpp"

namespace agg::aggd {

Task<Result<void>> Control::change_feed(std::string feed, serve::FeedChange change) {
    const auto found = parts_.subscriptions.named(feed);
    if (!found) co_return tl::unexpected(found.error());
    config::FeedChange edit{.title = std::move(change.title), .tags = {}};
    std::vector<std::string> tags = (*found)->feed.tags;
    const auto has = [](const std::vector<std::string>& all, const std::string& tag) {
        return std::find(all.begin(), all.end(), tag) != all.end();
    };
    std::erase_if(tags, [&](const std::string& tag) { return has(change.remove_tags, tag); });
    for (const std::string& tag : change.add_tags)
        if (!has(tags, tag)) tags.push_back(tag);
    if (tags != (*found)->feed.tags) edit.tags = std::move(tags);
    auto rewrite = [name = (*found)->feed.name, edit = std::move(edit)](std::string_view text) {
        return config::with_feed_changed(text, name, edit);
    };
    co_return co_await parts_.live_config.edit(std::move(rewrite), "");
}

Task<Result<std::uint64_t>> Control::import_opml(std::string text) {
    auto list = config::read_opml(text);
    if (!list) co_return tl::unexpected(list.error());
    auto added = std::make_shared<std::uint64_t>(0);
    // All in one edit: either the whole list is subscribed to or nothing changes.
    auto rewrite = [list = std::move(*list), added](std::string_view before) -> Result<std::string> {
        std::string after(before);
        std::vector<std::string> names;
        auto parsed = config::parse_config(before, "feeds.conf");
        if (!parsed) return fail(ErrorKind::invalid, "{}", config::to_string(parsed.error()));
        for (const Feed& feed : parsed->feeds) names.push_back(feed.name);
        for (const config::Outline& outline : list.outlines) {
            // A list from elsewhere names no file of this machine.
            const auto url = Url::parse(outline.url);
            if (!url || !url->is_http()) continue;
            config::NewFeed entry{.name = config::make_feed_name(outline.title, outline.url, names),
                                  .url = outline.url,
                                  .title = "",
                                  .tags = outline.folder,
                                  .interval = ""};
            auto edited = config::with_feed(after, entry);
            if (!edited && edited.error().kind == ErrorKind::conflict) continue;
            if (!edited) return edited;
            names.push_back(entry.name);
            after = std::move(*edited);
            ++*added;
        }
        return after;
    };
    const auto edited = co_await parts_.live_config.edit(std::move(rewrite), "");
    if (!edited) co_return tl::unexpected(edited.error());
    co_return *added;
}

}  // namespace agg::aggd
