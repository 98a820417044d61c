#include "store/rule_book.hpp"

#include <algorithm>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/text.hpp"
#include "dedup/fingerprint.hpp"
#include "store/columns.hpp"

namespace agg::store {
namespace {

// Another number when matches find something else than before: what is stored is ruled on anew then.
constexpr int k_way_of_matching = 1;

bool is_for(const Rule& rule, const std::string& feed, const std::vector<std::string>& tags) {
    if (rule.feeds.empty() && rule.tags.empty()) return true;
    if (std::find(rule.feeds.begin(), rule.feeds.end(), feed) != rule.feeds.end()) return true;
    return std::any_of(tags.begin(), tags.end(), [&](const std::string& tag) {
        return std::any_of(rule.tags.begin(), rule.tags.end(),
                           [&](const std::string& wanted) { return iequals(tag, wanted); });
    });
}

}  // namespace

void RuleBook::use(const std::vector<Rule>& rules) {
    rules_.clear();
    feeds_.clear();
    for (const Rule& rule : rules) rules_.push_back({rule, ItemMatcher(rule.match, tokenizer_)});
    if (rules_.empty()) return;
    // A feed that is not subscribed any more has no name, but the tags that it had.
    SQLite::Statement feeds(database_, "SELECT id, iif(subscribed, name, '') FROM feed");
    SQLite::Statement tag(database_, "SELECT tag FROM feed_tag WHERE feed_id = ?");
    while (feeds.executeStep()) {
        std::vector<std::string> tags;
        InUse row(tag);
        row.bind(feeds.getColumn(0).getInt64());
        while (row->executeStep()) tags.push_back(row->getColumn(0).getString());
        OfFeed of_feed;
        std::string all = fmt::format("{}", k_way_of_matching);
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (!is_for(rules[i], feeds.getColumn(1).getString(), tags)) continue;
            of_feed.rules.push_back(i);
            all += fmt::format("\n{}\t{}\t{}\t{}", rules[i].name, to_string(rules[i].action), rules[i].match_text,
                               fmt::join(rules[i].add_tags, "\t"));
        }
        if (of_feed.rules.empty()) continue;
        of_feed.fingerprint = dedup::fingerprint(all);
        feeds_.emplace(FeedId{feeds.getColumn(0).getInt64()}, std::move(of_feed));
    }
}

Ruling RuleBook::rule_on(FeedId feed, const Item& item) {
    Ruling ruling;
    const auto found = feeds_.find(feed);
    if (found == feeds_.end()) return ruling;
    ItemText text(item, tokenizer_);
    const auto dropped_by = [](const Rule& rule) { return Ruling{true, {{rule.name, rule.action, ""}}}; };
    bool is_decided = false;
    const Rule* would_keep = nullptr;  // had it matched
    for (const std::size_t place : found->second.rules) {
        const auto& [rule, matcher] = rules_[place];
        switch (rule.action) {
            case Rule::Action::drop:
                if (!is_decided && matcher.fits(text)) return dropped_by(rule);
                break;
            case Rule::Action::keep:
                if (is_decided) break;
                is_decided = matcher.fits(text);
                if (would_keep == nullptr) would_keep = &rule;
                break;
            case Rule::Action::tag:
                if (!matcher.fits(text)) break;
                for (const std::string& tag : rule.add_tags) ruling.hits.push_back({rule.name, rule.action, tag});
                break;
            case Rule::Action::star:
            case Rule::Action::read:
                if (matcher.fits(text)) ruling.hits.push_back({rule.name, rule.action, ""});
                break;
        }
    }
    if (!is_decided && would_keep != nullptr) return dropped_by(*would_keep);
    return ruling;
}

std::uint64_t RuleBook::fingerprint(FeedId feed) const {
    const auto found = feeds_.find(feed);
    return found == feeds_.end() ? 0 : found->second.fingerprint;
}

}  // namespace agg::store
