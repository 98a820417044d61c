// The rules in force, made ready, and what they say of an item. Belongs to the writer's thread.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/rule.hpp"
#include "store/item_matcher.hpp"

namespace agg::store {

struct Ruling {
    bool is_dropped = false;
    std::vector<Hit> hits;  // of a dropped item the one rule that hides it
};

class RuleBook {
  public:
    explicit RuleBook(SQLite::Database& database) : database_(database), tokenizer_(database) {}

    // Makes `rules` those in force, for the feeds that are stored now.
    void use(const std::vector<Rule>& rules);

    // Of drop and keep rules, the first that matches decides; when none does, an item that is in the reach of a keep
    // rule is dropped. All others add up on what is shown.
    [[nodiscard]] Ruling rule_on(FeedId feed, const Item& item);

    // Of the rules for a feed: another value when one of its items may be ruled on otherwise. 0: there are none.
    [[nodiscard]] std::uint64_t fingerprint(FeedId feed) const;

  private:
    struct Ready {
        Rule rule;
        ItemMatcher matcher;
    };
    struct OfFeed {
        std::vector<std::size_t> rules;  // places in rules_
        std::uint64_t fingerprint = 0;
    };

    SQLite::Database& database_;
    Tokenizer tokenizer_;
    std::vector<Ready> rules_;
    std::unordered_map<FeedId, OfFeed> feeds_;
};

}  // namespace agg::store
