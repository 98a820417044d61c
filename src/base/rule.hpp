// What feeds.conf has done with items that match: a view of what is stored, never a change of it.
#pragma once

#include <string>
#include <vector>

#include "base/query.hpp"

namespace agg {

// One [rule.NAME] of feeds.conf.
struct Rule {
    // Stored as numbers: append only.
    enum class Action {
        drop,  // what matches is hidden
        keep,  // of the feeds it is for, only what matches is shown
        tag,   // what matches has `add_tags`
        star,
        read,
    };

    std::string name;        // unique; as a feed's
    std::string match_text;  // as written
    Query match;             // of the terms that parse_match knows
    Action action = Action::drop;
    std::vector<std::string> add_tags;  // action tag
    std::vector<std::string> feeds,
        tags;  // it is for these feeds, and those with one of these tags; both empty: for all

    friend bool operator==(const Rule&, const Rule&) = default;
};

[[nodiscard]] constexpr const char* to_string(Rule::Action action) {
    switch (action) {
        case Rule::Action::drop: return "drop";
        case Rule::Action::keep: return "keep";
        case Rule::Action::tag: return "tag";
        case Rule::Action::star: return "star";
        case Rule::Action::read: return "read";
    }
    return "unknown";
}

// What a rule did to an item.
struct Hit {
    std::string rule;  // its name
    Rule::Action action = Rule::Action::drop;
    std::string tag;  // action tag: one of its tags

    friend bool operator==(const Hit&, const Hit&) = default;
};

}  // namespace agg
