#include "serve/duplicates_json.hpp"

#include "serve/json_values.hpp"

namespace agg::serve {
namespace {

json::object object_of(const store::ItemName& item) {
    return {{"id", static_cast<std::int64_t>(item.item)},
            {"feed", text(item.feed)},
            {"title", text(item.title)},
            {"link", text(item.link)},
            {"published", time(item.published)}};
}

json::object object_of(const dedup::Evidence& evidence) {
    json::array differences;
    for (const dedup::Difference& one : evidence.differences)
        differences.push_back(json::object{
            {"other", text(one.a)}, {"here", text(one.b)}, {"matters", one.kind != dedup::WordKind::plain}});
    return {{"title_similarity", evidence.title_similarity},
            {"text_shared", evidence.containment},
            {"words_shorter", evidence.shorter},
            {"words_longer", evidence.longer},
            {"words_shared", evidence.matched},
            {"figures_shared", evidence.figures},
            {"words_changed", evidence.word_changes},
            {"figures_changed", evidence.figure_changes},
            {"dates_changed", evidence.date_changes},
            {"negations_changed", evidence.negation_changes},
            {"differences", std::move(differences)}};
}

// `name` is "rule" or "guard".
json::object object_of(const store::Ground& ground, const char* name, const char* reason) {
    json::object object{{name, reason}, {"at", time(ground.at)}};
    if (ground.other) object["other"] = object_of(*ground.other);
    object["evidence"] = object_of(ground.evidence);
    return object;
}

json::object near_miss_object(const store::Ground& ground) {
    return object_of(ground, "guard", dedup::to_string(static_cast<dedup::Guard>(ground.reason)));
}

}  // namespace

std::string write_origin(const store::Origin& origin) {
    json::object object{{"item", object_of(origin.item)}, {"rule", dedup::to_string(origin.rule)}};
    if (origin.match)
        object["match"] =
            object_of(*origin.match, "rule", dedup::to_string(static_cast<dedup::Rule>(origin.match->reason)));
    if (origin.near_miss) object["near_miss"] = near_miss_object(*origin.near_miss);
    json::array members;
    for (const store::ItemName& member : origin.members) members.push_back(object_of(member));
    object["members"] = std::move(members);
    object["hidden"] = origin.is_dropped;
    json::array rules;
    for (const Hit& hit : origin.rules) {
        json::object one{{"rule", text(hit.rule)}, {"action", to_string(hit.action)}};
        if (!hit.tag.empty()) one["tag"] = text(hit.tag);
        rules.push_back(std::move(one));
    }
    object["rules"] = std::move(rules);
    return line(object);
}

std::string write_changes(const std::vector<store::Change>& changes) {
    json::array all;
    for (const store::Change& change : changes)
        all.push_back(json::object{{"at", time(change.at)},
                                   {"kept", change.kept},
                                   {"title", text(store::to_text(change.title))},
                                   {"text", text(store::to_text(change.text))}});
    return line({{"changes", std::move(all)}});
}

std::string write_dedup_stats(const store::DedupStats& stats) {
    json::array rules;
    for (const store::RuleCount& one : stats.rules)
        rules.push_back(
            json::object{{"rule", dedup::to_string(one.rule)}, {"joined", one.joined}, {"split", one.split}});
    json::array misses;
    for (const store::NearMissed& one : stats.near_misses) {
        json::object miss = near_miss_object(one.ground);
        miss["item"] = object_of(one.item);
        misses.push_back(std::move(miss));
    }
    return line({{"rules", std::move(rules)}, {"near_misses", std::move(misses)}, {"healed", stats.healed}});
}

std::string write_undone(const std::uint64_t& items) { return line({{"items", items}}); }

Result<std::vector<std::string>> read_merge_request(std::string_view body) {
    boost::system::error_code problem;
    const json::value request = json::parse(json::string_view(body.data(), body.size()), problem);
    const json::value* items = !problem && request.is_object() ? request.as_object().if_contains("items") : nullptr;
    std::vector<std::string> names;
    if (items != nullptr && items->is_array())
        for (const json::value& item : items->as_array())
            if (item.is_string()) names.emplace_back(item.as_string());
    if (names.size() != 2 || items->as_array().size() != 2)
        return fail(ErrorKind::invalid, "Two items are merged: {{\"items\": [\"ITEM\", \"ITEM\"]}}.");
    return names;
}

}  // namespace agg::serve
