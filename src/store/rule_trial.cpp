#include "store/rule_trial.hpp"

#include <algorithm>
#include <map>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/condition.hpp"
#include "store/details.hpp"
#include "store/item_matcher.hpp"
#include "store/packed_text.hpp"

namespace agg::store {
namespace {

// Which feeds the trial is for, as a condition on a row of the table feed.
Condition scope_of(const Trial& trial) {
    if (trial.feeds.empty() && trial.tags.empty()) return {"1", {}};
    Condition scope{"(0", {}};
    for (const std::string& feed : trial.feeds) {
        scope.sql += " OR (feed.subscribed AND feed.name = ?)";
        scope.values.emplace_back(feed);
    }
    for (const std::string& tag : trial.tags) {
        scope.sql += " OR feed.id IN (SELECT feed_id FROM feed_tag WHERE tag = ?)";
        scope.values.emplace_back(tag);
    }
    scope.sql += ')';
    return scope;
}

}  // namespace

TrialOutcome try_rule(SQLite::Database& database, const Trial& trial) {
    Tokenizer tokenizer(database);
    const ItemMatcher matcher(trial.match, tokenizer);
    const Condition scope = scope_of(trial);
    SQLite::Statement rows(database, fmt::format(R"sql(
        SELECT item.id, feed.name, item.title, item.link, item.published_ms, summary_html, content_html, details
        FROM item JOIN feed ON feed.id = item.feed_id JOIN story ON story.id = story_id
        JOIN item_body ON item_body.item_id = item.id WHERE sort_ms >= ? AND {} ORDER BY item.id DESC)sql",
                                                 scope.sql));
    rows.bind(1, trial.since ? to_unix_ms(*trial.since) : std::numeric_limits<std::int64_t>::min());
    bind_values(rows, 2, scope.values);
    TrialOutcome outcome;
    std::map<std::string, TrialCount> feeds;
    while (rows.executeStep()) {
        Item item;
        item.title = rows.getColumn(2).getString();
        item.link = rows.getColumn(3).getString();
        item.summary_html = read_packed(rows.getColumn(5));
        item.content_html = read_packed(rows.getColumn(6));
        from_details(read_packed(rows.getColumn(7)), item);
        TrialCount& feed = feeds[rows.getColumn(1).getString()];
        ++feed.items;
        ++outcome.items;
        ItemText text(item, tokenizer);
        if (!matcher.fits(text)) continue;
        ++feed.matches;
        ++outcome.matches;
        if (outcome.examples.size() == trial.examples) continue;
        outcome.examples.push_back({.item = ItemId{rows.getColumn(0).getInt64()},
                                    .feed = rows.getColumn(1).getString(),
                                    .title = item.title,
                                    .link = item.link,
                                    .published = from_unix_ms(rows.getColumn(4).getInt64())});
    }
    for (auto& [name, count] : feeds) {
        count.feed = name;
        outcome.feeds.push_back(std::move(count));
    }
    std::stable_sort(outcome.feeds.begin(), outcome.feeds.end(),
                     [](const TrialCount& a, const TrialCount& b) { return a.matches > b.matches; });
    return outcome;
}

}  // namespace agg::store
