#include "serve/rules_json.hpp"

#include "serve/json_values.hpp"

namespace agg::serve {
std::string write_rules(const RuleReport& report) {
    json::array rules;
    for (std::size_t i = 0; i < report.rules.size(); ++i) {
        const Rule& rule = report.rules[i];
        rules.push_back(json::object{{"name", text(rule.name)},
                                     {"match", text(rule.match_text)},
                                     {"action", to_string(rule.action)},
                                     {"add_tags", texts(rule.add_tags)},
                                     {"feeds", texts(rule.feeds)},
                                     {"tags", texts(rule.tags)},
                                     {"items", report.items.at(i)}});
    }
    return line({{"rules", std::move(rules)}, {"waiting", report.waiting}});
}

std::string write_trial(const store::TrialOutcome& outcome) {
    json::array feeds;
    for (const store::TrialCount& feed : outcome.feeds)
        feeds.push_back(json::object{{"feed", text(feed.feed)}, {"items", feed.items}, {"matches", feed.matches}});
    json::array examples;
    for (const store::ItemName& item : outcome.examples)
        examples.push_back(json::object{{"id", static_cast<std::int64_t>(item.item)},
                                        {"feed", text(item.feed)},
                                        {"title", text(item.title)},
                                        {"link", text(item.link)},
                                        {"published", to_rfc3339(item.published)}});
    return line({{"items", outcome.items},
                 {"matches", outcome.matches},
                 {"feeds", std::move(feeds)},
                 {"examples", std::move(examples)}});
}

}  // namespace agg::serve
