// Control::add: from what a person typed to a subscribed feed, with one request to a feed, two to a page.
#include <algorithm>
#include <optional>

#include "aggd/clock.hpp"
#include "aggd/control.hpp"
#include "aggd/document.hpp"
#include "aggd/feed_report.hpp"
#include "aggd/message_ids.hpp"
#include "base/log_fields.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "clean/clean.hpp"
#include "config/edit.hpp"
#include "parse/parse.hpp"

namespace agg::aggd {
namespace {

// What a document that was fetched for `add` turned out to be.
struct Look {
    std::optional<FeedInfo> feed;        // it is a feed
    std::uint64_t items = 0;             // in it
    std::vector<parse::FeedLink> links;  // it is a page that names these
    std::string what;                    // it is no feed: what it is
};

Look look_at(const fetch::Response& response) {
    const parse::Document document = document_of(response);
    Look look;
    const auto parsed = parse::parse(document);
    if (parsed) {
        look.feed = clean::clean_feed(*parsed);
        look.items = parsed->items.size();
    } else {
        look.what = parsed.error().message;
        look.links = parse::feed_links(document);
    }
    return look;
}

// The page's first feed that is not of comments; its first one when all are.
const parse::FeedLink& best_link(const std::vector<parse::FeedLink>& links) {
    const auto is_of_comments = [](const parse::FeedLink& link) {
        return ifind(link.title, "comment") != std::string_view::npos ||
               ifind(link.url, "comment") != std::string_view::npos;
    };
    const auto best = std::find_if_not(links.begin(), links.end(), is_of_comments);
    return best != links.end() ? *best : links.front();
}

}  // namespace

struct Control::Found {
    Url url;  // to subscribe to
    Result<fetch::Response> answer;
    FeedInfo info;
    std::uint64_t items = 0;
    bool on_page = false;
};

Result<void> Control::not_subscribed_yet(std::string_view url) const {
    const std::string identity = config::url_identity(url);
    for (const Subscription& subscription : parts_.subscriptions.all()) {
        if (config::url_identity(subscription.feed.url) != identity && subscription.poll.validators_url != url)
            continue;
        return fail(ErrorKind::conflict, "{} is subscribed already, as {}", shown_url(url), subscription.feed.name);
    }
    return {};
}

Task<Result<Control::Found>> Control::find_feed(std::string typed_url) {
    auto url = Url::parse_typed(typed_url);
    if (!url) co_return tl::unexpected(url.error());
    if (url->is_file())
        co_return fail(ErrorKind::forbidden, "a file: feed can only be added in {} itself", parts_.live_config.file());

    std::string page;
    for (bool on_page = false;; on_page = true) {
        if (!url->is_http())
            co_return fail(ErrorKind::invalid, "{} is no web address: http:// and https:// can be added", url->shown());
        if (const auto fresh = not_subscribed_yet(url->text()); !fresh) co_return tl::unexpected(fresh.error());
        fetch::Request request{.url = *url};
        auto answer = co_await parts_.client.get(std::move(request));
        if (!answer) co_return fail(answer.error().kind, "{}: {}", url->shown(), answer.error().message);
        if (answer->status != 200)
            co_return fail(ErrorKind::http_status, "{} answered {}, so there is nothing to subscribe to", url->shown(),
                           answer->status);
        if (const auto fresh = not_subscribed_yet(answer->url); !fresh) co_return tl::unexpected(fresh.error());

        auto look = [&response = *answer] { return look_at(response); };
        Look seen = co_await run_on(parts_.workers, std::move(look));
        if (seen.feed) {
            co_return Found{.url = std::move(*url),
                            .answer = std::move(answer),
                            .info = std::move(*seen.feed),
                            .items = seen.items,
                            .on_page = on_page};
        }
        if (on_page)
            co_return fail(ErrorKind::not_a_feed, "{} names the feed {}, but that is {}", page, url->shown(),
                           seen.what);
        if (seen.links.empty()) {
            co_return fail(ErrorKind::not_a_feed, "{} is {}, and it names no feed. Give the feed's own address.",
                           url->shown(), seen.what);
        }
        page = url->shown();
        url = Url::parse(best_link(seen.links).url);
        if (!url) co_return tl::unexpected(url.error());
    }
}

Task<Result<serve::AddedFeed>> Control::add(serve::AddRequest request) {
    auto found = co_await find_feed(request.url);
    if (!found) co_return tl::unexpected(found.error());

    std::vector<std::string> taken;
    for (const Subscription& subscription : parts_.subscriptions.all()) taken.push_back(subscription.feed.name);
    const std::string& title = request.title.empty() ? found->info.title : request.title;
    const std::string name =
        request.name.empty() ? config::make_feed_name(title, found->url.text(), taken) : request.name;
    config::NewFeed entry{.name = name,
                          .url = found->url.text(),
                          .title = request.title,
                          .tags = request.tags,
                          .interval = request.interval};
    auto change = [entry = std::move(entry)](std::string_view text) { return config::with_feed(text, entry); };
    const auto edited = co_await parts_.live_config.edit(std::move(change), name);
    if (!edited) co_return tl::unexpected(edited.error());

    const auto subscribed = parts_.subscriptions.named(name);
    if (!subscribed) co_return tl::unexpected(subscribed.error());
    const FeedId id = (*subscribed)->id;
    Committed committed;
    std::string storage_failure;
    try {
        committed = co_await parts_.polls.take(id, found->url.text(), found->answer);
    } catch (const std::exception& failure) {
        storage_failure = failure.what();
    }
    const Subscription* subscription = parts_.subscriptions.find(id);
    if (subscription == nullptr) co_return fail(ErrorKind::conflict, "{} was removed while it was being added", name);
    parts_.live_config.schedule(*subscription);
    if (!storage_failure.empty()) {
        co_return fail(ErrorKind::storage, "{} is subscribed, but its items could not be stored: {}", name,
                       storage_failure);
    }
    serve::AddedFeed added{.feed = feed_status(*subscription, parts_.subscriptions),
                           .format = found->info.format,
                           .found_on_page = found->on_page,
                           .items = found->items,
                           .known_elsewhere = committed.ingest.same_story};
    log::write(log::Level::info, {.feed = name, .message_id = message_id::k_feed_added},
               fmt::format("{}: added to {}", name, parts_.live_config.file()));
    co_return added;
}

}  // namespace agg::aggd
