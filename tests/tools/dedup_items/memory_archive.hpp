// An archive in memory: what the store keeps of items for recognising, without the store.
#pragma once

#include <unordered_map>
#include <vector>

#include "dedup/decide.hpp"

namespace agg::tools {

class MemoryArchive : public dedup::Archive {
  public:
    [[nodiscard]] std::vector<dedup::Found> find(dedup::Key key, std::uint64_t fingerprint, FeedId feed,
                                                 std::size_t limit) override {
        const auto& map = maps_[static_cast<std::size_t>(key)];
        const auto entry = map.find(key == dedup::Key::identity ? in_feed(fingerprint, feed) : fingerprint);
        std::vector<dedup::Found> all;
        if (entry == map.end()) return all;
        const auto& items = entry->second;
        for (auto item = items.rbegin(); item != items.rend() && all.size() < limit; ++item)
            all.push_back(items_[*item]->found);
        return all;
    }

    [[nodiscard]] std::shared_ptr<const dedup::Stored> load(ItemId item) override {
        return items_[static_cast<std::size_t>(item)];
    }

    // Stores an item; returns its number.
    ItemId add(const dedup::KeyedItem& item, FeedId feed, StoryId story, std::uint64_t identity) {
        const auto number = static_cast<std::uint32_t>(items_.size());
        items_.push_back(stored(item, feed, story, ItemId{number}));
        put(dedup::Key::identity, in_feed(identity, feed), number);
        put(dedup::Key::url, item.keys.url, number);
        put(dedup::Key::guid, item.keys.guid, number);
        put(dedup::Key::page, item.keys.page, number);
        return ItemId{number};
    }

    void revise(ItemId id, const dedup::KeyedItem& item, FeedId feed, StoryId story) {
        items_[static_cast<std::size_t>(id)] = stored(item, feed, story, id);
    }

  private:
    static std::uint64_t in_feed(std::uint64_t fingerprint, FeedId feed) {
        return fingerprint ^ (static_cast<std::uint64_t>(feed) * 0x9E3779B97F4A7C15ULL);
    }

    static std::shared_ptr<const dedup::Stored> stored(const dedup::KeyedItem& item, FeedId feed, StoryId story,
                                                       ItemId id) {
        return std::make_shared<dedup::Stored>(
            dedup::Stored{{id, story, feed, item.item.published, item.keys.content}, item.item.canonical_url, item.telling});
    }

    void put(dedup::Key key, std::uint64_t fingerprint, std::uint32_t number) {
        if (fingerprint != 0) maps_[static_cast<std::size_t>(key)][fingerprint].push_back(number);
    }

    std::vector<std::shared_ptr<const dedup::Stored>> items_;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> maps_[4];
};

}  // namespace agg::tools
