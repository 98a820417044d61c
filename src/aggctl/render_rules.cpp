#include "aggctl/render_rules.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

// What a rule is for, in the words of feeds.conf.
std::string reach_of(const json::object& rule) {
    std::vector<std::string> parts = texts_of(rule, "feeds");
    for (const std::string& tag : texts_of(rule, "tags")) parts.push_back("tag:" + tag);
    return parts.empty() ? "all feeds" : fmt::format("{}", fmt::join(parts, ", "));
}

// The first `count` characters of `text`.
std::string_view first_characters(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
        if ((text[at] & 0xC0) != 0x80 && count-- == 0) break;
    return text.substr(0, at);
}

}  // namespace

std::string render_rules(const json::object& report, const Look& look) {
    const auto rules = objects_of(report, "rules");
    if (rules.empty()) return look.legend ? "feeds.conf has no rules: feeds.conf(5), RULES, shows how.\n" : "";
    Table table({{"RULE"},
                 {"ITEMS", Align::right},
                 {"ACTION"},
                 {"FOR", Align::left, Fit::shrink},
                 {"MATCH", Align::left, Fit::shrink}});
    for (const json::object& rule : rules) {
        const std::vector<std::string> tags = texts_of(rule, "add_tags");
        table.add({{text_of(rule, "name")},
                   {grouped(number_of(rule, "items"))},
                   {text_of(rule, "action") + (tags.empty() ? "" : fmt::format(" {}", fmt::join(tags, ", ")))},
                   {reach_of(rule)},
                   {text_of(rule, "match")}});
    }
    std::string out = table.text(look.width, look.color, look.legend ? Table::Header::yes : Table::Header::no);
    if (const std::uint64_t waiting = number_of(report, "waiting"); waiting > 0 && look.legend)
        out += fmt::format("{} stored are still as the rules of before had them; aggd is at it.\n",
                           counted(waiting, "item", "items"));
    return out;
}

std::string render_trial(const json::object& outcome, const Look& look) {
    Table feeds({{"MATCHES", Align::right}, {"OF", Align::right}, {"FEED"}});
    std::uint64_t without = 0;
    for (const json::object& feed : objects_of(outcome, "feeds")) {
        if (number_of(feed, "matches") == 0) {
            ++without;
            continue;
        }
        feeds.add(
            {{grouped(number_of(feed, "matches"))}, {grouped(number_of(feed, "items"))}, {text_of(feed, "feed")}});
    }
    const auto header = look.legend ? Table::Header::yes : Table::Header::no;
    std::string out = feeds.empty() ? "" : feeds.text(look.width, look.color, header);
    if (look.legend) {
        out += fmt::format("{} of {}", grouped(number_of(outcome, "matches")),
                           counted(number_of(outcome, "items"), "item", "items"));
        if (without > 0) out += fmt::format("; none of {}", counted(without, "feed", "feeds"));
        out += ". Nothing was changed.\n";
    }
    Table examples({{"ITEM", Align::right}, {"AGE", Align::right}, {"FEED"}, {"TITLE", Align::left, Fit::shrink}});
    for (const json::object& item : objects_of(outcome, "examples")) {
        const auto published = time_of(item, "published");
        examples.add({{std::to_string(number_of(item, "id"))},
                      {published ? roughly(std::max(look.now - *published, std::chrono::milliseconds{0})) : "-"},
                      {text_of(item, "feed")},
                      {text_of(item, "title")}});
    }
    if (!examples.empty())
        out += (look.legend ? "The last that came:\n" : "") + examples.text(look.width, look.color, header);
    return out;
}

std::string render_misread(std::string_view message, std::string_view expression) {
    constexpr std::string_view k_column = "column ";
    std::size_t column = 0;
    if (message.starts_with(k_column))
        std::from_chars(message.data() + k_column.size(), message.data() + message.size(), column);
    if (column == 0) return std::string(message);
    const std::size_t before = display_width(printable(first_characters(expression, column - 1)));
    return fmt::format("{}\n  {}\n  {}^", message, printable(expression), std::string(before, ' '));
}

}  // namespace agg::aggctl
