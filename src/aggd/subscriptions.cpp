#include "aggd/subscriptions.hpp"

#include <unordered_set>

#include "base/registrable_domain.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "config/config.hpp"
#include "fetch/moves.hpp"
#include "fetch/hosts.hpp"

namespace agg::aggd {

const std::string& Subscription::title() const {
    if (!feed.title.empty()) return feed.title;
    return info.title.empty() ? feed.name : info.title;
}

void Subscriptions::replace(const std::vector<Feed>& feeds, std::vector<store::StoredFeed> stored) {
    all_.clear();
    by_id_.clear();
    std::unordered_set<std::string> hosts;
    for (std::size_t i = 0; i < feeds.size(); ++i) {
        store::StoredFeed& known = stored.at(i);
        by_id_.emplace(known.id, i);
        all_.push_back({known.id, feeds[i], std::move(known.info), std::move(known.poll), known.items, false});
        const auto url = Url::parse(feeds[i].url);
        if (url && url->is_http() && !feeds[i].allow_private &&
            fetch::whose_host(url->host()) == fetch::Whose::somebodys)
            hosts.insert(registrable_domain(url->host()));
    }
    public_hosts_ = hosts.size();
}

Subscription* Subscriptions::find(FeedId id) {
    const auto found = by_id_.find(id);
    return found != by_id_.end() ? &all_[found->second] : nullptr;
}

const Subscription* Subscriptions::polled_instead_of(const Subscription& subscription) const {
    const auto has_moved = [](const Subscription& one) { return one.poll.move && one.poll.move->confirmed; };
    if (!has_moved(subscription)) return nullptr;
    const auto identity = [](const Subscription& one) {
        return config::url_identity(fetch::effective_url(one.feed, one.poll));
    };
    const std::string moved_to = identity(subscription);
    const Subscription* first = nullptr;
    for (const Subscription& other : all_) {
        if (other.feed.paused || other.poll.gone || identity(other) != moved_to) continue;
        if (!has_moved(other)) return &other;
        if (first == nullptr) first = &other;
    }
    return first == nullptr || first->id == subscription.id ? nullptr : first;
}

Result<const Subscription*> Subscriptions::named(std::string_view text) const {
    for (const Subscription& subscription : all_)
        if (subscription.feed.name == text || subscription.feed.url == text) return &subscription;
    std::vector<const Subscription*> candidates;
    for (const Subscription& subscription : all_)
        if (!text.empty() && istarts_with(subscription.title(), text)) candidates.push_back(&subscription);
    if (candidates.size() == 1) return candidates.front();
    if (candidates.empty()) {
        return fail(ErrorKind::not_found, "there is no feed \"{}\": aggctl list shows their names",
                    truncate_utf8(text, 200));
    }
    std::string names;
    for (const Subscription* candidate : candidates) names += (names.empty() ? "" : ", ") + candidate->feed.name;
    return fail(ErrorKind::ambiguous, "\"{}\" fits {} feeds: {}", truncate_utf8(text, 200), candidates.size(), names);
}

}  // namespace agg::aggd
