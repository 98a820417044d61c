#include "dedup/anchor_index.hpp"

#include <algorithm>

namespace agg::dedup {
namespace {

constexpr std::size_t k_max_postings = 40;  // of one anchor: the newest; what is on more pages than that tells nothing
constexpr std::size_t k_rare = 2;           // stories
constexpr std::size_t k_smallest = 1024;    // slots
// Sealing costs a look at everything, and what is fresh four times the memory.
constexpr std::size_t k_least_fresh = 4096;  // items
constexpr std::size_t k_share_of_fresh = 8;
constexpr std::size_t k_worth_sealing = 512;  // items, when there is time
constexpr std::size_t k_worth_a_file = 1024;  // items

std::chrono::milliseconds distance(TimePoint a, TimePoint b) { return a < b ? b - a : a - b; }

std::uint32_t score(const Candidate& candidate) {
    return candidate.shared + 3 * candidate.rare + (candidate.title ? 3 : 0);
}

}  // namespace

AnchorIndex::AnchorIndex(std::string file, std::chrono::milliseconds window, std::size_t max_items)
    : file_(std::move(file)), window_(window), max_items_(max_items), fresh_(k_smallest) {}

bool AnchorIndex::take_up(std::uint64_t stamp, ItemId first) {
    auto sealed = SealedAnchors::open(file_, stamp);
    if (!sealed) return false;
    std::uint32_t gone = 0;
    while (gone < sealed->size() && sealed->item(gone).item < first) ++gone;
    if (gone == sealed->size()) return false;
    sealed_ = std::move(*sealed);
    base_ = gone;
    return true;
}

Indexed AnchorIndex::at(std::uint32_t number) const {
    const std::uint32_t place = number - sealed_from_;
    if (place >= sealed_.size()) return fresh_items_[place - sealed_.size()];
    Indexed item = sealed_.item(place);
    if (moved_.empty()) return item;
    if (const auto moved = moved_.find(number); moved != moved_.end()) item.story = moved->second;
    return item;
}

void AnchorIndex::find(std::uint32_t tag, std::vector<std::uint32_t>& numbers) const {
    numbers.clear();
    sealed_.each_with(tag, [&](std::uint32_t place) {
        if (is_kept(sealed_from_ + place)) numbers.push_back(sealed_from_ + place);
    });
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
std::optional<SealedAnchors> AnchorIndex::sealed_into(const std::string& file) {
    const auto comes_before = [this](const Posting& a, const Posting& b) {
        return a.tag != b.tag ? a.tag < b.tag : a.number - base_ > b.number - base_;
    };
    AnchorSealer sealer(file, size());
    for (std::uint32_t number = base_; number != end(); ++number) sealer.put(at(number));
    std::uint32_t tag = 0;
    std::size_t same = 0;
    const auto put = [&](const Posting& posting) {
        same = posting.tag == tag ? same + 1 : 1;
        tag = posting.tag;
        if (same <= k_max_postings) sealer.put(SealedAnchors::Posting{tag, posting.number - base_});
    };
    auto next = fresh_.begin();
    std::size_t index = 0;
    for (std::size_t bucket = 0; bucket < sealed_.buckets(); ++bucket)
        for (; index < sealed_.end_of(bucket); ++index) {
            const auto [its_tag, place] = sealed_.posting(bucket, index);
            const Posting posting{its_tag, sealed_from_ + place};
            if (!is_kept(posting.number)) continue;
            while (next != fresh_.end() && comes_before(*next, posting)) put(*next++);
            put(posting);
        }
    std::for_each(next, fresh_.end(), put);
    auto sealed = sealer.finish();
    problem_ = sealer.problem();
    return sealed;
}

void AnchorIndex::seal() {
    std::erase_if(fresh_, [this](const Posting& posting) { return posting.tag == 0 || !is_kept(posting.number); });
    std::sort(fresh_.begin(), fresh_.end(), [this](const Posting& a, const Posting& b) {
        return a.tag != b.tag ? a.tag < b.tag : a.number - base_ > b.number - base_;
    });
    std::optional<SealedAnchors> sealed;
    if (!file_.empty() && size() >= k_worth_a_file) sealed = sealed_into(file_);
    const std::string problem = problem_;
    if (!sealed) sealed = sealed_into("");
    problem_ = problem;
    sealed_ = std::move(*sealed);
    sealed_from_ = base_;
    moved_.clear();
    sealed_items_moved_ = false;
    fresh_.assign(k_smallest, {});
    fresh_.shrink_to_fit();
    used_ = 0;
    fresh_items_.clear();
    fresh_items_.shrink_to_fit();
}

void AnchorIndex::add(const Indexed& item, const Anchors& anchors) {
    if (!is_loading_ && fresh_items_.size() >= std::max(k_least_fresh, size() / k_share_of_fresh)) seal();
    const std::uint32_t number = end();
    fresh_items_.push_back(item);
    if (size() > max_items_) ++base_;
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

void AnchorIndex::rest() {
    const bool file_is_behind = sealed_items_moved_ && sealed_.stamp() != 0;
    if (file_is_behind || fresh_items_.size() >= std::max(k_worth_sealing, size() / k_share_of_fresh / 4)) seal();
    sealed_.rest();
}

std::vector<Candidate> AnchorIndex::candidates(const Anchors& anchors, FeedId feed, TimePoint published,
                                               std::chrono::milliseconds apart, std::size_t limit) const {
    struct Hit {
        std::uint32_t number;
        bool rare, title, recurring;
    };
    std::vector<Hit> hits;
    std::vector<std::uint32_t> numbers;
    sealed_.prefetch(anchors.text);
    for (const std::uint32_t tag : anchors.text) __builtin_prefetch(&fresh_[tag & (fresh_.size() - 1)]);
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
            const Indexed known = at(number);
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
    while (size() > 0 && at(base_).seen < now - window_) ++base_;
}

void AnchorIndex::move_item(ItemId item, StoryId to) {
    std::uint32_t low = base_;
    for (std::size_t left = size(); left > 0;) {
        const auto half = static_cast<std::uint32_t>(left / 2);
        if (at(low + half).item < item) {
            low += half + 1;
            left -= half + 1;
        } else {
            left = half;
        }
    }
    if (!is_kept(low)) return;
    const Indexed known = at(low);
    if (known.item != item || known.story == to) return;
    if (const std::uint32_t place = low - sealed_from_; place >= sealed_.size()) {
        fresh_items_[place - sealed_.size()].story = to;
    } else {
        moved_[low] = to;
        sealed_items_moved_ = true;
    }
}

std::size_t AnchorIndex::bytes() const {
    return sealed_.bytes() + fresh_.capacity() * sizeof(Posting) + fresh_items_.size() * sizeof(Indexed);
}

}  // namespace agg::dedup
