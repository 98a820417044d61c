#include "aggctl/render.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

constexpr std::size_t k_shown_needs = 10;

std::string shown(const json::object& object, std::string_view key) { return printable(text_of(object, key)); }

Style style_of_state(std::string_view state) {
    if (state == "failing" || state == "gone") return Style::bad;
    if (state == "fine") return Style::good;
    return Style::dim;
}

// "304 fine, 3 failing": the parts that are not zero.
std::string joined(const std::vector<std::pair<std::uint64_t, std::string_view>>& parts) {
    std::string out;
    for (const auto& [number, name] : parts)
        if (number > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", grouped(number), name);
    return out;
}

std::string states_in_words(const std::vector<json::object>& feeds) {
    std::vector<std::pair<std::uint64_t, std::string_view>> parts = {
        {0, "fine"}, {0, "failing"}, {0, "gone"}, {0, "paused"}, {0, "unpolled"}};
    for (const json::object& feed : feeds)
        for (auto& [number, name] : parts)
            if (text_of(feed, "state") == name) ++number;
    const std::string words = joined(parts);
    return counted(feeds.size(), "feed", "feeds") + (words.empty() ? "" : ": " + words);
}

Table::Header header(const Look& look) { return look.legend ? Table::Header::yes : Table::Header::no; }

// One aligned line of the status: "  stories   41,208".
std::string line(std::string_view name, const std::string& text, const Look& look, Style style = Style::plain) {
    const std::string label = fmt::format("{:<9}", name);
    return fmt::format("  {} {}\n", styled(label, Style::dim, look.color), styled(text, style, look.color));
}

}  // namespace

bool is_failing(const json::object& feed) {
    const std::string state = text_of(feed, "state");
    return state == "failing" || state == "gone";
}

std::string render_status(const json::object& status, const Look& look) {
    const std::string problem = shown(status, "config_problem");
    const std::uint64_t bad = number_of(status, "failing") + number_of(status, "gone");
    const auto started = time_of(status, "started");
    const std::string states = joined({{number_of(status, "fine"), "fine"},
                                       {number_of(status, "failing"), "failing"},
                                       {number_of(status, "gone"), "gone"},
                                       {number_of(status, "paused"), "paused"},
                                       {number_of(status, "unpolled"), "unpolled"}});
    std::string out = fmt::format(
        "{} aggd {} up {}, {}{}",
        styled("●", problem.empty() && bad == 0 && shown(status, "storage_problem").empty() ? Style::good : Style::bad,
               look.color),
        shown(status, "version"), started ? roughly(look.now - *started) : "?",
        counted(number_of(status, "feeds"), "feed", "feeds"), states.empty() ? "" : ": " + states);
    if (const auto next = time_of(status, "next_poll")) out += "; next poll " + ahead(next, look.now);
    out += "\n";

    if (const auto offline = time_of(status, "offline_since"))
        out += line("offline",
                    fmt::format("since {}: no host can be reached; no feed is charged, tried every 5 min",
                                ago(offline, look.now)),
                    look, Style::bad);
    const std::string storage = shown(status, "storage_problem");
    if (!storage.empty()) out += line("needs you", storage, look, Style::bad);
    const std::uint64_t items = number_of(status, "items");
    const std::uint64_t stories = number_of(status, "stories");
    std::string told = grouped(stories);
    if (items > stories)
        told += fmt::format(" ({}, {:.0f} % told more than once)", counted(items, "item", "items"),
                            100.0 * static_cast<double>(items - stories) / static_cast<double>(items));
    if (const std::uint64_t hidden = number_of(status, "hidden"); hidden > 0)
        told += fmt::format("; rules hide {} of them", grouped(hidden));
    out += line("stories", told, look);
    if (const std::uint64_t unruled = number_of(status, "unruled"); unruled > 0)
        out += line("rules", fmt::format("changed; {} still to be ruled on anew", counted(unruled, "item", "items")),
                    look);
    out += line(
        "polls",
        fmt::format("{} since the start, {} not modified, {}, {}", grouped(number_of(status, "polls")),
                    grouped(number_of(status, "not_modified")), counted(number_of(status, "errors"), "error", "errors"),
                    bytes_in_words(number_of(status, "bytes_received"))),
        look);
    out += line("database",
                fmt::format("{} ({})", shown(status, "database"), bytes_in_words(number_of(status, "database_bytes"))),
                look);
    out += line("config", shown(status, "config_file"), look);
    for (const std::string& address : texts_of(status, "listening")) out += line("listens", printable(address), look);
    if (const std::string undone = shown(status, "restore_problem"); !undone.empty())
        out += line("needs you", "the last restore was undone, all is as before it: " + undone, look, Style::bad);
    if (!problem.empty()) {
        out += line("needs you", "the file was changed but not taken over; what runs is older:", look, Style::bad);
        // A line per problem, each with its place in the file.
        const std::string raw = text_of(status, "config_problem");
        for (std::size_t begin = 0; begin < raw.size();) {
            const std::size_t end = std::min(raw.find('\n', begin), raw.size());
            out += line("", printable(std::string_view(raw).substr(begin, end - begin)), look);
            begin = end + 1;
        }
    }
    if (problem.empty() && truth_of(status, "config_changed"))
        out += line("needs you", "feeds.conf was changed since it was read; what runs is older (aggctl reload)", look,
                    Style::bad);
    const std::vector<json::object> needs = objects_of(status, "needs");
    for (std::size_t i = 0; i < std::min(needs.size(), k_shown_needs); ++i)
        out += line(
            "needs you",
            fmt::format("{}: {} ({})", shown(needs[i], "feed"), shown(needs[i], "what"), shown(needs[i], "command")),
            look, Style::bad);
    if (needs.size() > k_shown_needs)
        out += line("", fmt::format("and {} more: aggctl list --failing, aggctl moves", needs.size() - k_shown_needs),
                    look);
    return out;
}

std::string render_feeds(const std::vector<json::object>& feeds, const Look& look) {
    if (feeds.empty()) return look.legend ? "No feeds yet. Add one: aggctl add URL\n" : "";
    Table table({{"FEED", Align::left, Fit::shrink},
                 {"STATE"},
                 {"ITEMS", Align::right},
                 {"LAST POLL", Align::right},
                 {"NEXT POLL", Align::right},
                 {"TITLE", Align::left, Fit::shrink}});
    for (const json::object& feed : feeds) {
        const std::string state = text_of(feed, "state");
        table.add({{text_of(feed, "name")},
                   {state, style_of_state(state)},
                   {grouped(number_of(feed, "items"))},
                   {ago(time_of(feed, "last_poll"), look.now)},
                   {ahead(time_of(feed, "next_poll"), look.now)},
                   {text_of(feed, "title")}});
    }
    std::string out = table.text(look.width, look.color, header(look));
    if (look.legend) out += "\n" + states_in_words(feeds) + "\n";
    return out;
}

std::string render_failing(const std::vector<json::object>& feeds, const Look& look) {
    if (feeds.empty()) return look.legend ? "No feed fails.\n" : "";
    Table table({{"FEED", Align::left, Fit::shrink},
                 {"STATE"},
                 {"FAILURES", Align::right},
                 {"LAST POLL", Align::right},
                 {"NEXT POLL", Align::right},
                 {"RESULT", Align::left, Fit::shrink}});
    bool some_gone = false;
    for (const json::object& feed : feeds) {
        const std::string state = text_of(feed, "state");
        some_gone = some_gone || state == "gone";
        table.add({{text_of(feed, "name")},
                   {state, style_of_state(state)},
                   {grouped(number_of(feed, "failures"))},
                   {ago(time_of(feed, "last_poll"), look.now)},
                   {ahead(time_of(feed, "next_poll"), look.now)},
                   {text_of(feed, "last_result")}});
    }
    std::string out = table.text(look.width, look.color, header(look));
    if (look.legend) out += fmt::format("\n{}\n", states_in_words(feeds));
    if (look.legend && some_gone) out += "A feed that is gone is not polled any more: aggctl remove FEED\n";
    return out;
}

std::string render_added(const json::object& added, const Look& look) {
    const json::object feed = object_of(added, "feed");
    std::string facts = shown(feed, "title");
    for (const std::string& fact : {shown(added, "format"), counted(number_of(added, "items"), "item", "items")})
        if (!fact.empty()) facts += (facts.empty() ? "" : ", ") + fact;
    std::string out = fmt::format("{} {}  ({})\n", truth_of(added, "found_on_page") ? "Found on that page:" : "Found",
                                  shown(feed, "url"), facts);
    out += fmt::format("Added as {}", styled(shown(feed, "name"), Style::strong, look.color));
    if (const auto next = time_of(feed, "next_poll")) {
        const std::string reason = shown(feed, "next_poll_reason");
        out +=
            fmt::format("; next poll {}{}", ahead(next, look.now), reason.empty() ? "" : fmt::format(" ({})", reason));
    }
    out += ".";
    if (const std::uint64_t known = number_of(added, "known_elsewhere"); known > 0)
        out +=
            fmt::format(" {} of its items {} known from other outlets.", grouped(known), known == 1 ? "was" : "were");
    return out + "\n";
}

std::string render_removed(const json::object& feed) {
    const std::string title = shown(feed, "title");
    const std::uint64_t items = number_of(feed, "items");
    return fmt::format("Removed {}{}{}.\n", shown(feed, "name"), title.empty() ? "" : fmt::format(" ({})", title),
                       items == 0 ? "" : fmt::format("; its {} stored", counted(items, "item stays", "items stay")));
}

std::string render_refreshed(const std::vector<json::object>& feeds, bool waited, const Look& look) {
    const auto asked = static_cast<std::uint64_t>(
        std::count_if(feeds.begin(), feeds.end(), [](const json::object& feed) { return truth_of(feed, "asked"); }));
    if (!waited) {
        std::string out =
            asked == 0 ? "Nothing to poll.\n" : fmt::format("Polling {} now.\n", counted(asked, "feed", "feeds"));
        for (const json::object& feed : feeds)
            if (!truth_of(feed, "asked")) out += fmt::format("{}: {}\n", shown(feed, "name"), shown(feed, "result"));
        return out;
    }
    Table table({{"FEED", Align::left, Fit::shrink}, {"NEW", Align::right}, {"RESULT", Align::left, Fit::shrink}});
    std::uint64_t failed = 0;
    std::uint64_t new_items = 0;
    for (const json::object& feed : feeds) {
        const bool has_failed = truth_of(feed, "failed");
        failed += has_failed ? 1 : 0;
        new_items += number_of(feed, "new_items");
        table.add({{text_of(feed, "name")},
                   {has_failed ? "-" : grouped(number_of(feed, "new_items"))},
                   {text_of(feed, "result"), has_failed ? Style::bad : Style::plain}});
    }
    std::string out = table.empty() ? "" : table.text(look.width, look.color, header(look)) + (look.legend ? "\n" : "");
    if (!look.legend) return out;
    return out + fmt::format("{} polled: {}{}\n", counted(asked, "feed", "feeds"),
                             counted(new_items, "new item", "new items"),
                             failed == 0 ? "" : fmt::format(", {} failed", grouped(failed)));
}

std::string render_hosts(const std::vector<json::object>& hosts, const Look& look) {
    if (hosts.empty()) return look.legend ? "No such host.\n" : "";
    Table table({{"HOST", Align::left, Fit::shrink},
                 {"FEEDS", Align::right},
                 {"SPACING", Align::right},
                 {"AT ONCE", Align::right},
                 {"HELD FOR", Align::right},
                 {"WHY", Align::left, Fit::shrink}});
    std::uint64_t held = 0;
    for (const json::object& host : hosts) {
        const bool is_held = host.contains("held_until");
        held += is_held ? 1 : 0;
        const bool is_bounded = host.contains("spacing_ms");
        const std::chrono::milliseconds spacing{number_of(host, "spacing_ms")};
        table.add({{text_of(host, "name")},
                   {grouped(number_of(host, "feeds"))},
                   {is_bounded ? to_words(spacing) : "-"},
                   {is_bounded ? grouped(number_of(host, "max_transfers")) : "-"},
                   {is_held ? ahead(time_of(host, "held_until"), look.now) : "-", is_held ? Style::bad : Style::plain},
                   {is_held                          ? text_of(host, "held_reason")
                    : host.contains("spacing_until") ? "spacing learned from its rate headers"
                                                     : ""}});
    }
    std::string out = table.text(look.width, look.color, header(look));
    if (look.legend)
        out +=
            fmt::format("\n{}, {} held\n", counted(hosts.size(), "host", "hosts"), held == 0 ? "none" : grouped(held));
    return out;
}

std::string render_reload(const json::object& report, const Look& look) {
    std::string out;
    for (const std::string& name : texts_of(report, "added"))
        out += styled("+" + printable(name), Style::good, look.color) + "\n";
    for (const std::string& name : texts_of(report, "removed"))
        out += styled("-" + printable(name), Style::bad, look.color) + "\n";
    const json::object keys = object_of(report, "changed_keys");
    for (const std::string& name : texts_of(report, "changed")) {
        const std::vector<std::string> changed = texts_of(keys, name);
        out += fmt::format("~{}{}{}\n", printable(name), changed.empty() ? "" : ": ",
                           printable(fmt::format("{}", fmt::join(changed, ", "))));
    }
    const json::object rules = object_of(report, "rules");
    for (const std::string& name : texts_of(rules, "added"))
        out += styled(fmt::format("+rule {}", printable(name)), Style::good, look.color) + "\n";
    for (const std::string& name : texts_of(rules, "removed"))
        out += styled(fmt::format("-rule {}", printable(name)), Style::bad, look.color) + "\n";
    for (const std::string& name : texts_of(rules, "changed")) out += fmt::format("~rule {}\n", printable(name));
    for (const std::string& section : texts_of(report, "sections")) out += "~" + printable(section) + "\n";
    if (out.empty() && look.legend) out = "Read feeds.conf anew: no feed changed.\n";
    return out;
}

}  // namespace agg::aggctl
