// What is known of one feed, and where feeds have moved, as text for people.
#include <fmt/format.h>

#include "aggctl/render.hpp"
#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

std::string shown(const json::object& object, std::string_view key) { return printable(text_of(object, key)); }

std::string duration(const json::object& object, std::string_view key) {
    return to_words(std::chrono::milliseconds{static_cast<std::int64_t>(number_of(object, key))});
}

std::string time(const json::object& object, std::string_view key, const Look& look) {
    const auto value = time_of(object, key);
    return value ? fmt::format("{} ({})", to_rfc3339(*value),
                               *value > look.now ? ahead(value, look.now) : ago(value, look.now))
                 : "";
}

}  // namespace

std::string render_details(const json::object& answer, const Look& look) {
    const json::object feed = object_of(answer, "feed");
    std::string out = styled(shown(feed, "name"), Style::strong, look.color) + "\n";
    // A line for what is known; nothing for what is not.
    const auto add = [&](std::string_view label, const std::string& text) {
        if (!text.empty())
            out += fmt::format("  {} {}\n", styled(fmt::format("{:<14}", label), Style::dim, look.color), text);
    };
    std::string tags;
    for (const std::string& tag : texts_of(feed, "tags")) tags += (tags.empty() ? "" : ", ") + printable(tag);
    const std::string condition = shown(feed, "condition");
    const std::string state = shown(feed, "state");
    const json::object move = object_of(feed, "move");

    add("title", shown(feed, "title"));
    add("url", shown(feed, "url"));
    if (!move.empty())
        add(truth_of(move, "believed") ? "moved to" : "redirected to",
            fmt::format("{} (in {} polls since {})", shown(move, "to"), number_of(move, "polls"),
                        time(move, "since", look)));
    add("site", shown(feed, "site"));
    add("tags", tags);
    add("state", condition.empty() || condition == state || condition == "fine"
                     ? state
                     : fmt::format("{}, {}", state, condition));
    add("items", grouped(number_of(feed, "items")));
    add("newest item", time(feed, "newest_item", look));
    add("interval", fmt::format("{}{}, between {} and {}",
                                feed.contains("interval_ms") ? "" : "auto: ", duration(feed, "usual_interval_ms"),
                                duration(feed, "min_interval_ms"), duration(feed, "max_interval_ms")));
    add("next poll", time(feed, "next_poll", look));
    add("by rule", shown(feed, "next_poll_reason"));
    add("last poll", time(feed, "last_poll", look));
    add("result", shown(feed, "last_result"));
    if (number_of(feed, "last_status") > 0)
        add("received", fmt::format("{} in {} ms, {}", bytes_in_words(number_of(feed, "last_bytes")),
                                    number_of(feed, "last_duration_ms"),
                                    counted(number_of(feed, "last_new_items"), "new item", "new items")));
    add("last success", time(feed, "last_success", look));
    add("last document", time(feed, "last_document", look));
    if (number_of(feed, "failures") > 0)
        add("failures",
            fmt::format("{} in a row, since {}", number_of(feed, "failures"), time(feed, "failing_since", look)));
    add("etag", shown(feed, "etag"));
    add("last modified", shown(feed, "last_modified"));
    add("cache lies", time(feed, "lying_since", look));
    return out;
}

std::string render_why(const json::object& answer, const Look&) { return shown(answer, "why") + "\n"; }

std::string render_moves(const std::vector<json::object>& moves, bool accepted, const Look& look) {
    if (moves.empty()) return look.legend ? "No feed has moved.\n" : "";
    std::string out;
    for (const json::object& move : moves) {
        const std::string joins = shown(move, "joins");
        out += fmt::format("{}  {} -> {}", styled(shown(move, "feed"), Style::strong, look.color), shown(move, "from"),
                           shown(move, "to"));
        if (!joins.empty()) out += fmt::format("  ({} {})", accepted ? "joined with" : "joins", joins);
        out += "\n";
    }
    if (!look.legend) return out;
    if (accepted)
        return out + fmt::format("\n{} in feeds.conf.\n", counted(moves.size(), "feed changed", "feeds changed"));
    return out + fmt::format("\n{} moved for good. Write the new addresses to feeds.conf: aggctl moves --accept\n",
                             counted(moves.size(), "feed has", "feeds have"));
}

}  // namespace agg::aggctl
