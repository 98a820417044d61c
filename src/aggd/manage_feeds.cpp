// Control: changes to subscriptions as a whole, each of them one edit of feeds.conf.
#include <algorithm>
#include <map>

#include "aggd/clock.hpp"
#include "aggd/control.hpp"
#include "aggd/feed_report.hpp"
#include "base/log_fields.hpp"
#include "config/edit.hpp"
#include "config/file.hpp"
#include "config/import.hpp"

namespace agg::aggd {
namespace {

serve::ImportReport report_of(const config::Import& import, const config::FeedList& list) {
    serve::ImportReport report;
    report.format = config::to_string(list.format);
    report.warnings = list.warnings;
    for (const config::ImportedFeed& feed : import.feeds) {
        switch (feed.outcome) {
            case config::ImportOutcome::added: ++report.added; break;
            case config::ImportOutcome::skipped: ++report.skipped; break;
            case config::ImportOutcome::invalid: ++report.invalid; break;
        }
        report.feeds.push_back({config::to_string(feed.outcome), feed.name, feed.url, feed.reason});
    }
    return report;
}

// Feeds of one first tag stand together in its folder, where other readers look for groups; folders in the order of
// their first feed, feeds without a tag at the top.
void put_into_folders(std::vector<config::Outline>& outlines) {
    std::map<std::string, std::size_t> order;
    for (config::Outline& outline : outlines) {
        if (outline.tags.empty()) continue;
        outline.folder = {outline.tags.front()};
        order.emplace(outline.tags.front(), order.size() + 1);
    }
    const auto place = [&](const config::Outline& outline) {
        return outline.folder.empty() ? 0 : order.at(outline.folder.front());
    };
    std::stable_sort(outlines.begin(), outlines.end(),
                     [&](const config::Outline& a, const config::Outline& b) { return place(a) < place(b); });
}

}  // namespace

Task<Result<serve::FeedStatus>> Control::set(serve::SetRequest request) {
    const auto found = parts_.subscriptions.named(request.feed);
    if (!found) co_return tl::unexpected(found.error());
    const FeedId id = (*found)->id;
    std::vector<config::Setting> settings;
    for (auto& [key, text] : request.settings) settings.push_back({std::move(key), std::move(text)});
    auto change = [name = (*found)->feed.name, settings = std::move(settings)](std::string_view text) {
        return config::with_settings(text, name, settings);
    };
    const auto edited = co_await parts_.live_config.edit(std::move(change), "");
    if (!edited) co_return tl::unexpected(edited.error());
    const Subscription* subscription = parts_.subscriptions.find(id);
    if (subscription == nullptr) co_return fail(ErrorKind::conflict, "{} was removed meanwhile", request.feed);
    co_return feed_status(*subscription, parts_.subscriptions);
}

Task<Result<serve::FeedStatus>> Control::purge(std::string feed) {
    const auto found = parts_.subscriptions.named(feed);
    if (!found) co_return tl::unexpected(found.error());
    const FeedId id = (*found)->id;
    Task<Result<serve::FeedStatus>> removing = remove(std::move(feed));
    const auto removed = co_await std::move(removing);
    if (!removed) co_return tl::unexpected(removed.error());
    if (!co_await parts_.live_config.purge(id))
        co_return fail(ErrorKind::storage, "{} is removed, but its items could not be deleted; the log says why",
                       removed->name);
    log::write(log::Level::info, {.feed = removed->name},
               fmt::format("{}: its {} items are deleted", removed->name, removed->items));
    co_return *removed;
}

Task<Result<serve::ImportReport>> Control::import_list(serve::ImportRequest request) {
    const auto job = under_way_.begin("import");
    auto read = [bytes = std::move(request.list)] { return config::read_feed_list(bytes); };
    auto list = co_await run_on(parts_.workers, std::move(read));
    if (!list) co_return tl::unexpected(list.error());

    // Filled by the edit, on another thread, before it is looked at here.
    auto import = std::make_shared<config::Import>();
    auto change = [import, &feeds = *list](std::string_view text) -> Result<std::string> {
        auto done = config::with_feeds(text, feeds);
        if (!done) return tl::unexpected(done.error());
        *import = std::move(*done);
        return import->text;
    };
    Result<void> done;
    if (request.dry_run)
        done = co_await parts_.live_config.try_edit(std::move(change));
    else
        done = co_await parts_.live_config.edit(std::move(change), "");
    if (!done) co_return tl::unexpected(done.error());
    serve::ImportReport report = report_of(*import, *list);
    report.dry_run = request.dry_run;
    if (!request.dry_run && report.added > 0)
        log::info("{} feeds imported into {}", report.added, parts_.live_config.file());
    co_return report;
}

Task<Result<std::string>> Control::export_list() {
    auto read = [file = parts_.live_config.file()]() -> Result<std::vector<config::Outline>> {
        const auto text = config::read_file(file);
        if (!text) return fail(text.error().kind, "{}: {}", file, text.error().message);
        return config::listed_feeds(*text);
    };
    auto outlines = co_await run_on(parts_.workers, std::move(read));
    if (!outlines) co_return tl::unexpected(outlines.error());
    std::map<std::string_view, const Subscription*> known;
    for (const Subscription& subscription : parts_.subscriptions.all())
        known.emplace(subscription.feed.name, &subscription);
    for (config::Outline& outline : *outlines) {
        const auto subscription = known.find(outline.name);
        if (subscription == known.end()) continue;
        outline.title = subscription->second->title();
        outline.site = subscription->second->info.site;
    }
    put_into_folders(*outlines);
    co_return config::write_opml(*outlines, "Feeds of aggd");
}

Task<Result<serve::ReloadReport>> Control::preview_reload() { return parts_.live_config.preview(); }

}  // namespace agg::aggd
