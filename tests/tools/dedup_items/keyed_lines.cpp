#include "keyed_lines.hpp"

#include <boost/json.hpp>

#include "clean/clean.hpp"
#include "parse/date.hpp"

namespace agg::tools {
namespace {

namespace json = boost::json;

std::string text(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

json::object evidence_object(const std::string& other, int reason, const dedup::Evidence& e) {
    json::array differences;
    for (const auto& one : e.differences) differences.push_back(json::array{one.a, one.b});
    return {{"other", other},
            {"rule", reason},
            {"title_similarity", e.title_similarity},
            {"title_containment", e.title_containment},
            {"equal_headline", e.equal_headline},
            {"headlines_conflict", e.headlines_conflict},
            {"name_swapped", e.name_swapped},
            {"containment", e.containment},
            {"shorter", e.shorter},
            {"longer", e.longer},
            {"matched", e.matched},
            {"begin_in_shorter", e.begin_in_shorter},
            {"begin_in_longer", e.begin_in_longer},
            {"lead_run", e.lead_run},
            {"figures", e.figures},
            {"word_changes", e.word_changes},
            {"figure_changes", e.figure_changes},
            {"date_changes", e.date_changes},
            {"negation_changes", e.negation_changes},
            {"differences", std::move(differences)}};
}

}  // namespace

bool KeyedLines::next() {
    if (!std::getline(in_, line_)) return false;
    const json::value value = json::parse(line_);
    const json::object& object = value.as_object();
    id_ = text(object, "id");
    feed_ = text(object, "feed");
    ParsedItem parsed;
    parsed.id = text(object, "guid");
    parsed.link = text(object, "url");
    parsed.title = {text(object, "title"), MarkupType::html, {}};
    parsed.summary = {text(object, "summary"), MarkupType::html, {}};
    parsed.content = {text(object, "content"), MarkupType::html, {}};
    parsed.published.text = text(object, "published");
    parsed.published.time = parse::parse_date(parsed.published.text);
    now_ = std::max(now_, parsed.published.time.value_or(now_));
    std::vector<Item> items;
    items.push_back(clean::clean_item(parsed, ParsedFeed{}, now_));
    items_ = dedup::keyed_items(std::move(items));
    return true;
}

std::string json_text(const std::string& text) { return json::serialize(json::value(text)); }

std::string evidence_line(const std::string& id, const dedup::Decision& decision, const MemoryArchive& archive) {
    json::object out{{"id", id}, {"cluster", static_cast<std::int64_t>(decision.match.story)}};
    if (decision.evidence)
        out["match"] =
            evidence_object(archive.name(decision.match.item), static_cast<int>(decision.rule), *decision.evidence);
    if (decision.near_miss)
        out["miss"] = evidence_object(archive.name(decision.near_miss->other.item),
                                      static_cast<int>(decision.near_miss->guard), decision.near_miss->evidence);
    return json::serialize(out);
}

}  // namespace agg::tools
