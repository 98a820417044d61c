// The store's answers to dedup without a database: for measuring what recognising costs, and for the tests of dedup.
#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "dedup/decide.hpp"

namespace agg::tools {

class MemoryArchive : public dedup::Archive {
  public:
    [[nodiscard]] std::vector<dedup::Found> find(dedup::Key key, std::uint64_t fingerprint, FeedId feed,
                                                 std::size_t limit) override {
        const auto& under = keys_.at(static_cast<std::size_t>(key));
        const auto entry = under.find(key == dedup::Key::identity ? in_feed(fingerprint, feed) : fingerprint);
        std::vector<dedup::Found> all;
        if (entry == under.end()) return all;
        const auto& numbers = entry->second;
        for (auto number = numbers.rbegin(); number != numbers.rend() && all.size() < limit; ++number)
            all.push_back(items_.at(*number)->found);
        return all;
    }

    [[nodiscard]] std::shared_ptr<const dedup::Stored> load(ItemId item) override {
        return items_.at(static_cast<std::size_t>(item));
    }

    [[nodiscard]] std::vector<ItemId> split_from(StoryId) override { return {}; }

    // Decides about an item and keeps it, as the store does. The decision's match.story is the item's story, also when
    // it is a new one. `name` is what name() answers for it.
    dedup::Decision take(const dedup::KeyedItem& item, FeedId feed, TimePoint now, const std::string& name = {},
                         const dedup::Policy& policy = {}) {
        index_.forget_before(now);
        dedup::Decision decision = dedup::decide(item, feed, policy, *this, index_);
        if (decision.kind == dedup::Kind::unchanged) return decision;
        if (decision.kind == dedup::Kind::fresh) decision.match.story = StoryId{++stories_};
        const bool known = decision.kind == dedup::Kind::revised;
        const auto number =
            known ? static_cast<std::uint32_t>(decision.match.item) : static_cast<std::uint32_t>(items_.size());
        if (!known) {
            items_.emplace_back();
            names_.push_back(name);
            put(dedup::Key::identity, in_feed(decision.identity, feed), number);
            put(dedup::Key::url, item.keys.url, number);
            put(dedup::Key::guid, item.keys.guid, number);
            put(dedup::Key::page, item.keys.page, number);
            index_.add({ItemId{number}, decision.match.story, feed, item.item.published, now}, item.anchors);
        }
        items_[number] = std::make_shared<dedup::Stored>(
            dedup::Stored{{ItemId{number}, decision.match.story, feed, item.item.published, item.keys.content},
                          item.item.canonical_url,
                          item.telling});
        return decision;
    }

    [[nodiscard]] const std::string& name(ItemId item) const { return names_.at(static_cast<std::size_t>(item)); }
    [[nodiscard]] const dedup::AnchorIndex& index() const { return index_; }

  private:
    static std::uint64_t in_feed(std::uint64_t fingerprint, FeedId feed) {
        return fingerprint ^ (static_cast<std::uint64_t>(feed) * 0x9E3779B97F4A7C15ULL);
    }
    void put(dedup::Key key, std::uint64_t fingerprint, std::uint32_t number) {
        if (fingerprint != 0) keys_.at(static_cast<std::size_t>(key))[fingerprint].push_back(number);
    }

    dedup::AnchorIndex index_;
    std::vector<std::shared_ptr<const dedup::Stored>> items_;
    std::vector<std::string> names_;
    std::array<std::unordered_map<std::uint64_t, std::vector<std::uint32_t>>, 4> keys_;
    std::int64_t stories_ = 0;
};

}  // namespace agg::tools
