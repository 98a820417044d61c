#include "aggd/seen_documents.hpp"

#include <algorithm>

#include "dedup/fingerprint.hpp"

namespace agg::aggd {
namespace {

constexpr std::chrono::hours k_whole_again{24};
constexpr std::size_t k_most_items = 200'000;  // 5 MB

using dedup::Joined;

Joined& operator<<(Joined& all, const Markup& markup) {
    return all << markup.text << static_cast<std::int64_t>(markup.type) << markup.base;
}

Joined& operator<<(Joined& all, const ParsedDate& date) {
    return all << date.text << (date.time ? to_unix_ms(*date.time) : -1);
}

bool is_before(const SeenItem& item, std::uint64_t fingerprint) { return item.fingerprint < fingerprint; }

}  // namespace

const SeenItem* SeenDocument::find(std::uint64_t fingerprint) const {
    const auto item = std::lower_bound(items.begin(), items.end(), fingerprint, is_before);
    return item != items.end() && item->fingerprint == fingerprint ? &*item : nullptr;
}

std::uint64_t fingerprint_of(const ParsedItem& item, const ParsedFeed& feed) {
    Joined all;
    all << item.id << item.link << item.original_link << item.comments << item.title << item.summary << item.content;
    for (const Author& author : item.authors) all << "author" << author.name << author.email << author.url;
    for (const std::string& category : item.categories) all << "category" << category;
    for (const Enclosure& enclosure : item.enclosures)
        all << "enclosure" << enclosure.url << enclosure.type
            << (enclosure.length_bytes ? static_cast<std::int64_t>(*enclosure.length_bytes) : -1);
    all << item.image << (item.duration ? item.duration->count() : -1) << item.source.title << item.source.link;
    all << (item.language.empty() ? feed.language : item.language) << item.published << item.updated;
    return dedup::fingerprint(all.text());
}

std::shared_ptr<const SeenDocument> SeenDocuments::last(FeedId feed, const std::string& url, TimePoint now) const {
    const auto found = documents_.find(feed);
    if (found == documents_.end() || found->second->url != url) return nullptr;
    // A clock that was set back counts as time that has passed.
    const auto age = now - found->second->looked_at;
    return age >= age.zero() && age < k_whole_again ? found->second : nullptr;
}

void SeenDocuments::remember(FeedId feed, SeenDocument document) {
    forget(feed);
    if (items_ + document.items.size() > k_most_items) return;
    std::sort(document.items.begin(), document.items.end(),
              [](const SeenItem& a, const SeenItem& b) { return a.fingerprint < b.fingerprint; });
    items_ += document.items.size();
    documents_[feed] = std::make_shared<const SeenDocument>(std::move(document));
}

void SeenDocuments::forget(FeedId feed) {
    const auto found = documents_.find(feed);
    if (found == documents_.end()) return;
    items_ -= found->second->items.size();
    documents_.erase(found);
}

}  // namespace agg::aggd
