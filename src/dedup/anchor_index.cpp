#include "dedup/anchor_index.hpp"

#include <algorithm>
#include <bit>

namespace agg::dedup {
namespace {

constexpr std::size_t k_max_postings = 40;  // of one anchor: the newest; what is on more pages than that tells nothing
constexpr std::size_t k_rare = 2;           // stories
constexpr std::size_t k_smallest = 1024;    // slots

std::chrono::milliseconds distance(TimePoint a, TimePoint b) { return a < b ? b - a : a - b; }

std::uint32_t score(const Candidate& candidate) {
    return candidate.shared + 3 * candidate.rare + (candidate.title ? 3 : 0);
}

}  // namespace

AnchorIndex::AnchorIndex(std::chrono::milliseconds window, std::size_t max_items)
    : window_(window), max_items_(max_items), postings_(k_smallest) {}

template <typename Visit>
void AnchorIndex::each(std::uint32_t tag, Visit visit) const {
    const std::size_t mask = postings_.size() - 1;
    for (std::size_t slot = tag & mask; postings_[slot].tag != 0; slot = (slot + 1) & mask)
        if (postings_[slot].tag == tag && is_kept(postings_[slot].number)) visit(postings_[slot].number);
}

void AnchorIndex::insert(std::uint32_t tag, std::uint32_t number) {
    const std::size_t mask = postings_.size() - 1;
    std::size_t same = 0;
    std::size_t oldest = postings_.size();
    std::size_t slot = tag & mask;
    for (; postings_[slot].tag != 0; slot = (slot + 1) & mask) {
        if (postings_[slot].tag != tag) continue;
        ++same;
        // Ages, not numbers: those wrap around.
        if (oldest == postings_.size() || number - postings_[slot].number > number - postings_[oldest].number)
            oldest = slot;
    }
    if (same >= k_max_postings) {
        postings_[oldest].number = number;
        return;
    }
    postings_[slot] = {tag, number};
    ++used_;
}

void AnchorIndex::make_room() {
    std::vector<Posting> old(postings_.size());
    old.swap(postings_);
    const auto kept = static_cast<std::size_t>(std::count_if(old.begin(), old.end(), [this](const Posting& posting) {
        return posting.tag != 0 && is_kept(posting.number);
    }));
    postings_.assign(std::max(k_smallest, std::bit_ceil(kept * 2)), {});
    used_ = 0;
    for (const Posting& posting : old)
        if (posting.tag != 0 && is_kept(posting.number)) insert(posting.tag, posting.number);
}

void AnchorIndex::add(const Indexed& item, const Anchors& anchors) {
    const auto number = static_cast<std::uint32_t>(base_ + items_.size());
    items_.push_back(item);
    if (items_.size() > max_items_) {
        items_.pop_front();
        ++base_;
    }
    if ((used_ + anchors.text.size() + anchors.title.size()) * 10 > postings_.size() * 7) make_room();
    for (const std::uint32_t tag : anchors.text) insert(tag, number);
    for (const std::uint32_t tag : anchors.title) insert(tag, number);
}

std::vector<Candidate> AnchorIndex::candidates(const Anchors& anchors, FeedId feed, TimePoint published,
                                               std::chrono::milliseconds apart, std::size_t limit) const {
    struct Hit {
        std::uint32_t number;
        bool rare, title, recurring;
    };
    std::vector<Hit> hits;
    std::vector<std::uint32_t> numbers;
    for (const std::uint32_t tag : anchors.text) {
        numbers.clear();
        each(tag, [&](std::uint32_t number) { numbers.push_back(number); });
        std::vector<StoryId> stories;
        for (const std::uint32_t number : numbers) {
            if (stories.size() > k_rare) break;
            if (std::find(stories.begin(), stories.end(), at(number).story) == stories.end())
                stories.push_back(at(number).story);
        }
        for (const std::uint32_t number : numbers) hits.push_back({number, stories.size() <= k_rare, false, false});
    }
    for (const std::uint32_t tag : anchors.title) {
        numbers.clear();
        each(tag, [&](std::uint32_t number) { numbers.push_back(number); });
        for (const std::uint32_t number : numbers) {
            const Indexed& known = at(number);
            const bool recurring = std::any_of(numbers.begin(), numbers.end(), [&](std::uint32_t other) {
                return at(other).story != known.story && (at(other).feed == known.feed || at(other).feed == feed);
            });
            hits.push_back({number, false, true, recurring});
        }
    }
    std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.number < b.number; });
    std::vector<Candidate> all;
    std::uint32_t last = 0;
    for (const Hit& hit : hits) {
        if (all.empty() || hit.number != last) {
            last = hit.number;
            all.push_back({.known = at(hit.number)});
        }
        Candidate& candidate = all.back();
        if (hit.title) {
            candidate.title = true;
            candidate.recurring_title = candidate.recurring_title || hit.recurring;
        } else {
            ++candidate.shared;
            if (hit.rare) ++candidate.rare;
        }
    }
    std::erase_if(all, [&](const Candidate& one) { return distance(one.known.published, published) > apart; });
    // Equals stay in the order of arrival.
    std::stable_sort(all.begin(), all.end(),
                     [](const Candidate& a, const Candidate& b) { return score(a) > score(b); });
    if (all.size() > limit) all.resize(limit);
    return all;
}

void AnchorIndex::forget_before(TimePoint now) {
    while (!items_.empty() && items_.front().seen < now - window_) {
        items_.pop_front();
        ++base_;
    }
}

void AnchorIndex::move_story(StoryId from, StoryId to) {
    for (Indexed& item : items_)
        if (item.story == from) item.story = to;
}

void AnchorIndex::move_item(ItemId item, StoryId to) {
    for (Indexed& known : items_)
        if (known.item == item) known.story = to;
}

std::size_t AnchorIndex::bytes() const {
    return postings_.capacity() * sizeof(Posting) + items_.size() * sizeof(Indexed);
}

}  // namespace agg::dedup
