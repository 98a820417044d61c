#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "aggctl/render.hpp"
#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

struct Named {
    std::string_view name, words;
};

constexpr auto k_rules = std::to_array<Named>({
    {"fresh", "nothing that was known told the same"},
    {"same_identity", "it is the same item of its feed"},
    {"same_url", "both lead to the same address"},
    {"same_guid", "both carry the same id, and their words agree"},
    {"same_page", "both are the same page of one outlet, and their words agree"},
    {"same_text", "their texts are the same, but for what outlets change"},
    {"same_title", "their titles are equal, and no text says otherwise"},
    {"by_hand", "a person decided so"},
});

constexpr auto k_guards = std::to_array<Named>({
    {"too_little", "they share too little"},
    {"figures", "a figure is another one"},
    {"dates", "a weekday or month is another one"},
    {"negation", "one of them says not"},
    {"headline", "the headlines differ in a figure, a date or a \"not\""},
    {"wording", "too many words, or a name, are others"},
    {"place", "what they share stands deep inside the longer text"},
    {"same_feed", "they are two items of one feed"},
    {"contradiction", "the same id or address stands over another title and text"},
    {"apart", "they were published too far apart"},
    {"recurring", "the feed uses this title again and again"},
});

template <typename Table>
std::string_view words_of(const Table& table, std::string_view name) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Named& one) { return one.name == name; });
    return found == table.end() ? name : found->words;
}

double share_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

std::string name_of(const json::object& item) {
    return fmt::format("{} \"{}\" ({})", number_of(item, "id"), printable(text_of(item, "title")),
                       printable(text_of(item, "feed")));
}

std::string evidence_lines(const json::object& evidence) {
    std::string out =
        fmt::format("  titles: {:.0f} % of their words are shared\n", 100 * share_of(evidence, "title_similarity"));
    const std::uint64_t shorter = number_of(evidence, "words_shorter");
    if (shorter > 0)
        out += fmt::format("  texts: {:.0f} % of the shorter one ({} of {} words) stands in the other ({} words)\n",
                           100 * share_of(evidence, "text_shared"), number_of(evidence, "words_shared"), shorter,
                           number_of(evidence, "words_longer"));
    for (const json::object& difference : objects_of(evidence, "differences"))
        out +=
            fmt::format("  {} there, {} here{}\n", printable(text_of(difference, "other")),
                        printable(text_of(difference, "here")), truth_of(difference, "matters") ? "  <- matters" : "");
    return out;
}

// What rules of feeds.conf did to it.
std::string rule_lines(const json::object& origin) {
    std::string out;
    for (const json::object& hit : objects_of(origin, "rules")) {
        const std::string name = printable(text_of(hit, "rule"));
        const std::string action = text_of(hit, "action");
        if (action == "drop") out += fmt::format("It is hidden by [rule.{}], which drops it.\n", name);
        if (action == "keep") out += fmt::format("It is hidden by [rule.{}], which keeps others only.\n", name);
        if (action == "tag")
            out += fmt::format("It is tagged \"{}\" by [rule.{}].\n", printable(text_of(hit, "tag")), name);
        if (action == "star") out += fmt::format("It is starred by [rule.{}].\n", name);
        if (action == "read") out += fmt::format("It is marked as read by [rule.{}].\n", name);
    }
    return out;
}

}  // namespace

std::string render_origin(const json::object& origin, const Look& look) {
    const json::object item = object_of(origin, "item");
    std::string out = styled(name_of(item), Style::strong, look.color) + "\n" + rule_lines(origin);
    const json::object match = object_of(origin, "match");
    const std::string rule = text_of(origin, "rule");
    if (match.empty()) {
        out += fmt::format("It began its story: {}.\n", words_of(k_rules, rule));
    } else {
        out +=
            fmt::format("It was compared with {}:\n{}.\n", name_of(object_of(match, "other")), words_of(k_rules, rule));
        out += evidence_lines(object_of(match, "evidence"));
    }
    if (const json::object miss = object_of(origin, "near_miss"); !miss.empty()) {
        out += fmt::format("It is not the same as {}:\n{}.\n", name_of(object_of(miss, "other")),
                           words_of(k_guards, text_of(miss, "guard")));
        out += evidence_lines(object_of(miss, "evidence"));
    }
    const auto members = objects_of(origin, "members");
    if (members.size() > 1) {
        out += "Its story is told by:\n";
        for (const json::object& member : members) out += "  " + name_of(member) + "\n";
        out += fmt::format("If it does not belong there: aggctl split {}\n", number_of(item, "id"));
    }
    return out;
}

std::string render_changes(const std::vector<json::object>& changes, const Look& look) {
    if (changes.empty()) return "It reads as it did when it came.\n";
    std::string out;
    for (const json::object& change : changes) {
        const auto at = time_of(change, "at");
        out +=
            styled(fmt::format("{} ({})", at ? to_rfc3339(*at) : "-", ago(at, look.now)), Style::strong, look.color) +
            "\n";
        if (!truth_of(change, "kept")) {
            out += "  The version before was not kept: the change was too large.\n";
            continue;
        }
        if (const std::string title = text_of(change, "title"); !title.empty())
            out += "  title: " + printable(title) + "\n";
        if (const std::string text = text_of(change, "text"); !text.empty()) out += "  text: " + printable(text) + "\n";
    }
    return out;
}

std::string render_dedup_stats(const json::object& stats, const Look& look) {
    Table rules({{"JOINED", Align::right}, {"SPLIT BY HAND", Align::right}, {"BECAUSE"}});
    for (const json::object& rule : objects_of(stats, "rules"))
        rules.add({{grouped(number_of(rule, "joined"))},
                   {grouped(number_of(rule, "split"))},
                   {std::string(words_of(k_rules, text_of(rule, "rule")))}});
    const auto header = look.legend ? Table::Header::yes : Table::Header::no;
    std::string out = rules.empty() ? "Nothing was collapsed yet.\n" : rules.text(look.width, look.color, header);
    if (const std::uint64_t healed = number_of(stats, "healed"); healed > 0)
        out += fmt::format("{} kept their place although their feeds gave them new ids.\n",
                           counted(healed, "item", "items"));
    Table misses({{"ITEM", Align::right},
                  {"TITLE", Align::left, Fit::shrink},
                  {"NOT THE SAME AS", Align::left, Fit::shrink},
                  {"BECAUSE", Align::left, Fit::shrink}});
    for (const json::object& miss : objects_of(stats, "near_misses"))
        misses.add({{std::to_string(number_of(object_of(miss, "item"), "id"))},
                    {text_of(object_of(miss, "item"), "title")},
                    {text_of(object_of(miss, "other"), "title")},
                    {std::string(words_of(k_guards, text_of(miss, "guard")))}});
    if (!misses.empty())
        out += "Near misses worth a look (aggctl why ITEM; aggctl merge A B):\n" +
               misses.text(look.width, look.color, header);
    return out;
}

}  // namespace agg::aggctl
