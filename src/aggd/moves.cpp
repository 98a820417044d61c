// Control::moves and accept_moves: feeds.conf told where feeds have moved, when the user says so.
#include "fetch/moves.hpp"

#include <algorithm>
#include <map>

#include "aggd/control.hpp"
#include "aggd/feed_report.hpp"
#include "base/log_fields.hpp"
#include "config/edit.hpp"

namespace agg::aggd {
namespace {

// What feeds.conf is told of one feed: its new URL, or, with `joins`, that it goes and leaves its tags to that one.
struct Rewrite {
    std::string feed;
    std::string url;
    std::vector<std::string> tags;
    std::string joins;
};

Result<std::string> rewritten(std::string_view text, const Rewrite& rewrite) {
    if (rewrite.joins.empty()) return config::with_feed_url(text, rewrite.feed, rewrite.url);
    const auto without = config::without_feed(text, rewrite.feed);
    if (!without) return without;
    return config::with_feed_tags(*without, rewrite.joins, rewrite.tags);
}

}  // namespace

Task<Result<std::vector<serve::FeedMove>>> Control::moves() {
    std::vector<serve::FeedMove> believed;
    for (const Subscription& subscription : parts_.subscriptions.all())
        if (auto move = feed_move(subscription, parts_.subscriptions); move && move->believed)
            believed.push_back(std::move(*move));
    co_return believed;
}

Task<Result<std::vector<serve::FeedMove>>> Control::accept_moves(std::vector<std::string> feeds) {
    std::vector<const Subscription*> moved;
    for (const std::string& name : feeds) {
        const auto found = parts_.subscriptions.named(name);
        if (!found) co_return tl::unexpected(found.error());
        const auto move = feed_move(**found, parts_.subscriptions);
        if (!move || !move->believed)
            co_return fail(ErrorKind::not_found, "{} has not moved: aggctl why {} tells how it is asked",
                           (*found)->feed.name, (*found)->feed.name);
        if (std::find(moved.begin(), moved.end(), *found) == moved.end()) moved.push_back(*found);
    }
    for (const Subscription& subscription : parts_.subscriptions.all())
        if (feeds.empty() && subscription.poll.move && subscription.poll.move->confirmed)
            moved.push_back(&subscription);

    // The owner of each address as the edits go on: two feeds may have moved to one.
    std::map<std::string, std::string> owner;
    for (const Subscription& subscription : parts_.subscriptions.all())
        owner[config::url_identity(subscription.feed.url)] = subscription.feed.name;
    std::vector<serve::FeedMove> accepted;
    std::vector<Rewrite> rewrites;
    for (const Subscription* subscription : moved) {
        const std::string url = fetch::effective_url(subscription->feed, subscription->poll);
        serve::FeedMove move = *feed_move(*subscription, parts_.subscriptions);
        owner.erase(config::url_identity(subscription->feed.url));
        const auto [place, is_free] = owner.try_emplace(config::url_identity(url), subscription->feed.name);
        move.joins = is_free ? "" : place->second;
        rewrites.push_back({subscription->feed.name, url, subscription->feed.tags, move.joins});
        accepted.push_back(std::move(move));
    }
    if (rewrites.empty()) co_return accepted;

    auto change = [rewrites = std::move(rewrites)](std::string_view text) -> Result<std::string> {
        Result<std::string> out = std::string(text);
        for (const Rewrite& rewrite : rewrites) {
            const std::string before = std::move(*out);
            out = rewritten(before, rewrite);
            if (!out) return out;
        }
        return out;
    };
    const auto edited = co_await parts_.live_config.edit(std::move(change), "");
    if (!edited) co_return tl::unexpected(edited.error());
    for (const serve::FeedMove& move : accepted) {
        const std::string& file = parts_.live_config.file();
        log::write(log::Level::info, {.feed = move.feed},
                   move.joins.empty()
                       ? fmt::format("{}: moved in {} to {}", move.feed, file, move.to)
                       : fmt::format("{}: joined with {} in {}; its items stay stored", move.feed, move.joins, file));
    }
    co_return accepted;
}

}  // namespace agg::aggd
