#include "serve/rules_json.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"

namespace agg::serve {
namespace {

namespace json = boost::json;

json::string text(std::string_view value) { return json::string(to_valid_utf8(value)); }

json::array texts(const std::vector<std::string>& values) {
    json::array array;
    for (const std::string& value : values) array.emplace_back(text(value));
    return array;
}

std::string line(const json::object& object) { return json::serialize(object) + "\n"; }

}  // namespace

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
