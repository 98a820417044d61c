#include "serve/page/stats_json.hpp"

#include <algorithm>
#include <cmath>

#include "serve/json_values.hpp"

namespace agg::serve::page {
namespace {

json::array days_of(const store::Statistics& figures) {
    json::array days;
    for (std::size_t day = 0; day < figures.days.size(); ++day) {
        const store::PollCounts& polls = figures.polls[day];
        json::object one{{"day", text(date_of(figures.days[day]))},
                         {"tellings", figures.tellings[day]},
                         {"told_elsewhere", figures.repeated[day]},
                         {"polls", polls.polls},
                         {"answers", polls.answers},
                         {"not_modified", polls.not_modified},
                         {"failures", polls.failures},
                         {"bytes_received", polls.bytes_received},
                         {"bytes_saved", polls.bytes_saved},
                         {"mean_ms", mean_duration(polls).count()},
                         {"longest_ms", polls.longest.count()}};
        if (figures.database_bytes[day]) one["database_bytes"] = *figures.database_bytes[day];
        days.push_back(std::move(one));
    }
    return days;
}

json::array outlets_of(const store::Statistics& figures) {
    json::array outlets;
    for (const store::OutletDays& outlet : figures.outlets)
        outlets.push_back(json::object{{"feed", text(outlet.name)},
                                       {"title", text(outlet.title)},
                                       {"stories", outlet.total},
                                       {"shared", outlet.shared},
                                       {"by_day", json::array(outlet.stories.begin(), outlet.stories.end())}});
    return outlets;
}

json::array pairs_of(const store::Statistics& figures) {
    json::array pairs;
    const std::vector<std::size_t>& names = figures.sharing.outlets;
    for (std::size_t a = 0; a < names.size(); ++a)
        for (std::size_t b = 0; b < names.size(); ++b)
            if (figures.sharing.first[a][b] > 0)
                pairs.push_back(json::object{{"first", text(figures.outlets[names[a]].name)},
                                             {"then", text(figures.outlets[names[b]].name)},
                                             {"stories", figures.sharing.first[a][b]}});
    return pairs;
}

}  // namespace

std::string date_of(TimePoint day) { return to_rfc3339(day).substr(0, 10); }

std::chrono::milliseconds mean_duration(const store::PollCounts& polls) {
    return polls.duration / std::max<std::uint64_t>(polls.answers, 1);
}

std::string write_stats_json(const StatsView& view) {
    json::array rules;
    for (const store::RuleCount& rule : view.dedup.rules)
        rules.push_back(
            json::object{{"rule", dedup::to_string(rule.rule)}, {"joined", rule.joined}, {"split", rule.split}});
    const store::Outlook& outlook = view.figures.outlook;
    return line({{"days", days_of(view.figures)},
                 {"outlets", outlets_of(view.figures)},
                 {"pairs", pairs_of(view.figures)},
                 {"rules", std::move(rules)},
                 {"database_bytes", view.status.database_bytes},
                 {"outlook", json::object{{"items_a_day", outlook.items_a_day},
                                          {"bytes_an_item", outlook.bytes_an_item},
                                          {"settles_at_bytes", outlook.settles_at_bytes},
                                          {"grows_bytes_a_day", std::llround(outlook.grows_bytes_a_day)},
                                          {"feeds_for_ever", outlook.feeds_for_ever}}}});
}

}  // namespace agg::serve::page
