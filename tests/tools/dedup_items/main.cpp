#include <chrono>
#include <iostream>

#include <boost/json.hpp>

#include "clean/clean.hpp"
#include "memory_archive.hpp"
#include "parse/date.hpp"

namespace {

namespace json = boost::json;
using namespace agg;

std::string text(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    const bool evidence = argc > 1 && std::string(argv[1]) == "--evidence";
    tools::MemoryArchive archive;
    dedup::AnchorIndex index;
    std::unordered_map<std::string, FeedId> feeds;
    std::vector<std::string> ids;
    std::int64_t stories = 0;
    TimePoint now{};
    for (std::string line; std::getline(std::cin, line);) {
        const json::value value = json::parse(line);
        const json::object& object = value.as_object();
        ParsedFeed feed;
        ParsedItem parsed;
        parsed.id = text(object, "guid");
        parsed.link = text(object, "url");
        parsed.title = {text(object, "title"), MarkupType::html, {}};
        parsed.summary = {text(object, "summary"), MarkupType::html, {}};
        parsed.content = {text(object, "content"), MarkupType::html, {}};
        parsed.published.text = text(object, "published");
        parsed.published.time = parse::parse_date(parsed.published.text);
        now = std::max(now, parsed.published.time.value_or(now));
        std::vector<Item> items;
        items.push_back(clean::clean_item(parsed, feed, now));
        const auto keyed = dedup::keyed_items(std::move(items));
        const auto& item = keyed.front();
        const FeedId feed_id =
            feeds.try_emplace(text(object, "feed"), FeedId{static_cast<std::int64_t>(feeds.size()) + 1}).first->second;
        index.forget_before(now);
        const dedup::Decision d = dedup::decide(item, feed_id, dedup::Scope::story, archive, index);
        StoryId story = d.match.story;
        if (d.kind == dedup::Kind::fresh) story = StoryId{++stories};
        ItemId id = d.match.item;
        if (d.kind == dedup::Kind::revised) {
            archive.revise(id, item, feed_id, story);
        } else if (d.kind != dedup::Kind::unchanged) {
            id = archive.add(item, feed_id, story, d.identity);
            ids.push_back(text(object, "id"));
        }
        if (d.kind != dedup::Kind::unchanged) index.add({id, story, feed_id, item.item.published, now}, item.anchors);
        json::object out{{"id", text(object, "id")}, {"cluster", static_cast<std::int64_t>(story)}};
        if (evidence) {
            const auto put = [&](const char* name, ItemId other, int rule, const dedup::Evidence& e) {
                json::array differences;
                for (const auto& one : e.differences) differences.push_back({one.a, one.b});
                out[name] = {{"other", ids[static_cast<std::size_t>(other)]}, {"rule", rule}, {"tj", e.title_similarity}, {"tc", e.title_containment},
                    {"teq", e.equal_headline}, {"lead", e.lead_run}, {"hc", e.headlines_conflict}, {"swaps", e.name_swapped ? 1 : 0}, {"c", e.containment}, {"n", e.shorter}, {"N", e.longer},
                    {"matched", e.matched}, {"bs", e.begin_in_shorter}, {"bl", e.begin_in_longer}, {"figs", e.figures}, {"words", e.word_changes},
                    {"fig", e.figure_changes}, {"date", e.date_changes}, {"neg", e.negation_changes}, {"diff", std::move(differences)}};
            };
            if (d.evidence) put("match", d.match.item, static_cast<int>(d.rule), *d.evidence);
            if (d.near_miss) put("miss", d.near_miss->other.item, static_cast<int>(d.near_miss->guard), d.near_miss->evidence);
        }
        std::cout << json::serialize(out) << '\n';
    }
    std::cerr << index.size() << " indexed, " << index.bytes() << " bytes\n";
}
