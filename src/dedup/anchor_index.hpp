// The items of the last days by the anchors of their texts and titles: who may tell the same? Bounded by time and
// number. The newest are in memory; from time to time they are sealed with the others, in a file if there may be one.
// It is a cache: who keeps the anchors themselves takes up the file of an earlier run, or makes the index anew. Belongs
// to the writer's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "dedup/sealed_anchors.hpp"
#include "dedup/telling.hpp"

namespace agg::dedup {

struct Candidate {
    Indexed known;
    std::uint32_t shared = 0;      // text anchors
    std::uint32_t rare = 0;        // of these, those that at most two stories have
    bool title = false;            // a title anchor is shared
    bool recurring_title = false;  // its feed, or the asking one, has another story under that title
};

class AnchorIndex {
  public:
    // Keeps the items that arrived within `window`, and the last `max_items` at most. Without a `file`, in memory.
    explicit AnchorIndex(std::string file = {}, std::chrono::milliseconds window = std::chrono::hours{6 * 24},
                         std::size_t max_items = 2'000'000);

    // Takes what the file holds of `first` and later items, if it is the one with this stamp: else the index stays
    // empty. Those that came after newest() are to be added.
    [[nodiscard]] bool take_up(std::uint64_t stamp, ItemId first);

    // Of the file that holds all that is sealed, as it is now; 0: none does. Who wants to take it up in another run
    // keeps the stamp together with the items: while it stands, none of them has moved or gone but for the oldest.
    [[nodiscard]] std::uint64_t stamp() const { return sealed_items_moved_ ? 0 : sealed_.stamp(); }

    // Why what should be in the file is in memory; empty: it is not.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    // Items come in the order of their ids.
    void add(const Indexed& item, const Anchors& anchors);

    // Many are going to be added to an empty index, which is quicker all at once: nothing is found before load_ends().
    void load_begins();
    void load_ends();

    // Lets go of memory that is not needed until the next question; seals what is worth it.
    void rest();

    // Those that share an anchor with a telling of `feed` and were published within `apart` of `published`: the best
    // first, at most `limit`. Time does not depend on how many items are kept.
    [[nodiscard]] std::vector<Candidate> candidates(const Anchors& anchors, FeedId feed, TimePoint published,
                                                    std::chrono::milliseconds apart, std::size_t limit) const;

    // Items that arrived before `now` - window are forgotten.
    void forget_before(TimePoint now);

    // The item belongs to `to` from now on.
    void move_item(ItemId item, StoryId to);

    // The one that arrived first, and last; there is one.
    [[nodiscard]] ItemId oldest() const { return at(base_).item; }
    [[nodiscard]] ItemId newest() const { return at(end() - 1).item; }

    [[nodiscard]] std::size_t size() const { return end() - base_; }
    [[nodiscard]] std::size_t bytes() const;  // of memory

  private:
    struct Posting {
        std::uint32_t tag = 0;     // 0: free
        std::uint32_t number = 0;  // of the item, counted from the first ever
    };

    // The numbers of the kept items that have `tag`, of many the newest.
    void find(std::uint32_t tag, std::vector<std::uint32_t>& numbers) const;
    [[nodiscard]] std::uint32_t end() const {
        return static_cast<std::uint32_t>(sealed_from_ + sealed_.size() + fresh_items_.size());
    }
    [[nodiscard]] bool is_kept(std::uint32_t number) const { return number - base_ < size(); }
    [[nodiscard]] Indexed at(std::uint32_t number) const;
    void insert(std::uint32_t tag, std::uint32_t number);
    void make_room();
    void seal();
    [[nodiscard]] std::optional<SealedAnchors> sealed_into(const std::string& file);

    std::string file_;
    std::chrono::milliseconds window_;
    std::size_t max_items_;
    std::uint32_t base_ = 0;  // the number of the oldest that is kept
    // Of forgotten items, postings stay until they are sealed anew.
    SealedAnchors sealed_;
    std::uint32_t sealed_from_ = 0;                     // the number of its first item
    std::unordered_map<std::uint32_t, StoryId> moved_;  // of these items
    bool sealed_items_moved_ = false;
    std::deque<Indexed> fresh_items_;
    std::vector<Posting> fresh_;  // of these items: open addressing by tag
    std::size_t used_ = 0;        // of these
    bool is_loading_ = false;     // fresh_ is a list
    std::string problem_;
};

}  // namespace agg::dedup
