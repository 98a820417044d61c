// Control: the rules in force and what they did.
#include <algorithm>

#include "aggd/control.hpp"

namespace agg::aggd {

Task<Result<serve::RuleReport>> Control::rules() {
    struct Stored {
        std::vector<store::RuleHits> hits;
        std::uint64_t waiting;
    };
    auto work = [&readers = parts_.readers] {
        return readers.with([](store::Reader& reader) { return Stored{reader.rule_hits(), reader.totals().unruled}; });
    };
    const Stored stored = co_await run_on(parts_.reader_pool, std::move(work));
    serve::RuleReport report;
    report.rules = parts_.live_config.config().rules;
    report.waiting = stored.waiting;
    for (const Rule& rule : report.rules) {
        const auto hits = std::find_if(stored.hits.begin(), stored.hits.end(),
                                       [&](const store::RuleHits& each) { return each.rule == rule.name; });
        report.items.push_back(hits == stored.hits.end() ? 0 : hits->items);
    }
    co_return report;
}

}  // namespace agg::aggd
