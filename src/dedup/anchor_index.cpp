#include "dedup/anchor_index.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace agg::dedup {
namespace {

constexpr std::size_t k_max_postings = 40;  // of one anchor: the newest; what is on more pages than that tells nothing
constexpr std::size_t k_rare = 2;           // stories
constexpr std::size_t k_smallest = 1024;    // slots
// Sealing costs a look at everything, and what is fresh four times the memory.
constexpr std::size_t k_least_fresh = 4096;  // items
constexpr std::size_t k_share_of_fresh = 16;

std::chrono::milliseconds distance(TimePoint a, TimePoint b) { return a < b ? b - a : a - b; }

std::uint32_t score(const Candidate& candidate) {
    return candidate.shared + 3 * candidate.rare + (candidate.title ? 3 : 0);
}

}  // namespace

AnchorIndex::AnchorIndex(std::chrono::milliseconds window, std::size_t max_items)
    : window_(window), max_items_(max_items), fresh_(k_smallest) {}

AnchorIndex::Posting AnchorIndex::Sealed::at(std::size_t bucket, std::size_t index) const {
    const std::uint32_t posting = postings[index];
    return {static_cast<std::uint32_t>(bucket << (32 - number_bits)) | posting >> number_bits,
            first_number + (posting & ((1U << number_bits) - 1))};
}

void AnchorIndex::find(std::uint32_t tag, std::vector<std::uint32_t>& numbers) const {
    numbers.clear();
    const std::size_t bucket = tag >> (32 - sealed_.number_bits);
    for (std::size_t index = bucket == 0 ? 0 : sealed_.bucket_ends[bucket - 1]; index < sealed_.bucket_ends[bucket];
         ++index)
        if (const Posting posting = sealed_.at(bucket, index); posting.tag == tag && is_kept(posting.number))
            numbers.push_back(posting.number);
    const std::size_t mask = fresh_.size() - 1;
    for (std::size_t slot = tag & mask; fresh_[slot].tag != 0; slot = (slot + 1) & mask)
        if (fresh_[slot].tag == tag && is_kept(fresh_[slot].number)) numbers.push_back(fresh_[slot].number);
    if (numbers.size() <= k_max_postings) return;
    // Ages, not numbers: those wrap around.
    std::nth_element(numbers.begin(), numbers.begin() + k_max_postings, numbers.end(),
                     [this](std::uint32_t a, std::uint32_t b) { return a - base_ > b - base_; });
    numbers.resize(k_max_postings);
}

void AnchorIndex::insert(std::uint32_t tag, std::uint32_t number) {
    const std::size_t mask = fresh_.size() - 1;
    std::size_t same = 0;
    std::size_t oldest = fresh_.size();
    std::size_t slot = tag & mask;
    for (; fresh_[slot].tag != 0; slot = (slot + 1) & mask) {
        if (fresh_[slot].tag != tag) continue;
        ++same;
        if (oldest == fresh_.size() || number - fresh_[slot].number > number - fresh_[oldest].number) oldest = slot;
    }
    if (same >= k_max_postings) {
        fresh_[oldest].number = number;
        return;
    }
    fresh_[slot] = {tag, number};
    ++used_;
}

void AnchorIndex::make_room() {
    std::vector<Posting> old(fresh_.size() * 2);
    old.swap(fresh_);
    used_ = 0;
    for (const Posting& posting : old)
        if (posting.tag != 0) insert(posting.tag, posting.number);
}

// The fresh postings go among the sealed ones, and those of forgotten items go. Both are in order: by tag, of one tag
// the newest first.
void AnchorIndex::seal() {
    const auto comes_before = [this](const Posting& a, const Posting& b) {
        return a.tag != b.tag ? a.tag < b.tag : a.number - base_ > b.number - base_;
    };
    std::erase_if(fresh_, [this](const Posting& posting) { return posting.tag == 0 || !is_kept(posting.number); });
    std::sort(fresh_.begin(), fresh_.end(), comes_before);
    Sealed sealed;
    sealed.number_bits = static_cast<std::uint32_t>(std::max<std::size_t>(1, std::bit_width(items_.size())));
    sealed.first_number = base_;
    sealed.bucket_ends.assign(std::size_t{1} << sealed.number_bits, 0);
    sealed.postings.reserve(sealed_.postings.size() + fresh_.size());
    std::uint32_t tag = 0;
    std::size_t same = 0;
    const auto put = [&](const Posting& posting) {
        same = posting.tag == tag ? same + 1 : 1;
        tag = posting.tag;
        if (same > k_max_postings) return;
        sealed.postings.push_back(tag << sealed.number_bits | (posting.number - base_));
        ++sealed.bucket_ends[tag >> (32 - sealed.number_bits)];
    };
    auto next = fresh_.begin();
    std::size_t index = 0;
    for (std::size_t bucket = 0; bucket < sealed_.buckets(); ++bucket)
        for (; index < sealed_.bucket_ends[bucket]; ++index) {
            const Posting posting = sealed_.at(bucket, index);
            if (!is_kept(posting.number)) continue;
            while (next != fresh_.end() && comes_before(*next, posting)) put(*next++);
            put(posting);
        }
    std::for_each(next, fresh_.end(), put);
    std::partial_sum(sealed.bucket_ends.begin(), sealed.bucket_ends.end(), sealed.bucket_ends.begin());
    sealed.postings.shrink_to_fit();
    sealed_ = std::move(sealed);
    fresh_.assign(k_smallest, {});
    fresh_.shrink_to_fit();
    used_ = fresh_items_ = 0;
}

void AnchorIndex::add(const Indexed& item, const Anchors& anchors) {
    if (!is_loading_ && fresh_items_ >= std::max(k_least_fresh, items_.size() / k_share_of_fresh)) seal();
    const auto number = static_cast<std::uint32_t>(base_ + items_.size());
    items_.push_back(item);
    ++fresh_items_;
    if (items_.size() > max_items_) {
        items_.pop_front();
        ++base_;
    }
    if (is_loading_) {
        for (const std::vector<std::uint32_t>* tags : {&anchors.text, &anchors.title})
            for (const std::uint32_t tag : *tags) fresh_.push_back({tag, number});
        return;
    }
    while ((used_ + anchors.text.size() + anchors.title.size()) * 10 > fresh_.size() * 7) make_room();
    for (const std::uint32_t tag : anchors.text) insert(tag, number);
    for (const std::uint32_t tag : anchors.title) insert(tag, number);
}

void AnchorIndex::load_begins() {
    is_loading_ = true;
    fresh_.clear();
}

void AnchorIndex::load_ends() {
    is_loading_ = false;
    seal();
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
        find(tag, numbers);
        std::vector<StoryId> stories;
        for (const std::uint32_t number : numbers) {
            if (stories.size() > k_rare) break;
            if (std::find(stories.begin(), stories.end(), at(number).story) == stories.end())
                stories.push_back(at(number).story);
        }
        for (const std::uint32_t number : numbers) hits.push_back({number, stories.size() <= k_rare, false, false});
    }
    for (const std::uint32_t tag : anchors.title) {
        find(tag, numbers);
        for (const std::uint32_t number : numbers) {
            const Indexed& known = at(number);
            const bool recurring = std::any_of(numbers.begin(), numbers.end(), [&](std::uint32_t other) {
                return at(other).story != known.story && (at(other).feed == known.feed || at(other).feed == feed);
            });
            hits.push_back({number, false, true, recurring});
        }
    }
    std::sort(hits.begin(), hits.end(),
              [this](const Hit& a, const Hit& b) { return a.number - base_ < b.number - base_; });
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
    return (sealed_.bucket_ends.capacity() + sealed_.postings.capacity()) * sizeof(std::uint32_t) +
           fresh_.capacity() * sizeof(Posting) + items_.size() * sizeof(Indexed);
}

}  // namespace agg::dedup
