// The items of the last days by the anchors of their texts and titles: who may tell the same? In memory, bounded by
// time and number; made anew from stored anchors at a start. Belongs to the writer's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "dedup/telling.hpp"

namespace agg::dedup {

// An item as the index knows it.
struct Indexed {
    ItemId item{};
    StoryId story{};
    FeedId feed{};
    TimePoint published{};
    TimePoint seen{};  // when it arrived
};

struct Candidate {
    Indexed known;
    std::uint32_t shared = 0;      // text anchors
    std::uint32_t rare = 0;        // of these, those that at most two stories have
    bool title = false;            // a title anchor is shared
    bool recurring_title = false;  // its feed, or the asking one, has another story under that title
};

class AnchorIndex {
  public:
    // Keeps the items that arrived within `window`, and the last `max_items` at most.
    explicit AnchorIndex(std::chrono::milliseconds window = std::chrono::hours{6 * 24},
                         std::size_t max_items = 2'000'000);

    void add(const Indexed& item, const Anchors& anchors);

    // Many are going to be added to an empty index, which is quicker all at once: nothing is found before load_ends().
    void load_begins();
    void load_ends();

    // Those that share an anchor with a telling of `feed` and were published within `apart` of `published`: the best
    // first, at most `limit`. Time does not depend on how many items are kept.
    [[nodiscard]] std::vector<Candidate> candidates(const Anchors& anchors, FeedId feed, TimePoint published,
                                                    std::chrono::milliseconds apart, std::size_t limit) const;

    // Items that arrived before `now` - window are forgotten.
    void forget_before(TimePoint now);

    // All items of `from`, or one item, belong to `to` from now on.
    void move_story(StoryId from, StoryId to);
    void move_item(ItemId item, StoryId to);

    // The one that arrived first; there is one.
    [[nodiscard]] ItemId oldest() const { return items_.front().item; }

    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] std::size_t bytes() const;

  private:
    struct Posting {
        std::uint32_t tag = 0;     // 0: free
        std::uint32_t number = 0;  // of the item, counted from the first ever
    };

    // The postings of all but the newest items, without room to spare: of a posting, its bucket says the first
    // `number_bits` bits of the tag; what is stored are the other bits of it, then as many bits for the number, counted
    // from `first_number`.
    struct Sealed {
        std::uint32_t number_bits = 1;
        std::uint32_t first_number = 0;
        std::vector<std::uint32_t> bucket_ends = {0, 0};
        std::vector<std::uint32_t> postings;  // in the order of their tags

        [[nodiscard]] std::size_t buckets() const { return bucket_ends.size(); }
        [[nodiscard]] Posting at(std::size_t bucket, std::size_t index) const;
    };

    // The numbers of the kept items that have `tag`, of many the newest.
    void find(std::uint32_t tag, std::vector<std::uint32_t>& numbers) const;
    [[nodiscard]] bool is_kept(std::uint32_t number) const { return number - base_ < items_.size(); }
    [[nodiscard]] const Indexed& at(std::uint32_t number) const { return items_[number - base_]; }
    void insert(std::uint32_t tag, std::uint32_t number);
    void make_room();
    void seal();

    std::chrono::milliseconds window_;
    std::size_t max_items_;
    std::deque<Indexed> items_;
    std::uint32_t base_ = 0;  // the number of items_.front()
    // Of forgotten items, postings stay until they are sealed anew.
    Sealed sealed_;
    std::vector<Posting> fresh_;  // of the newest items: open addressing by tag
    std::size_t used_ = 0;        // of these
    std::size_t fresh_items_ = 0;
    bool is_loading_ = false;  // fresh_ is a list
};

}  // namespace agg::dedup
