#include "aggctl/render_backup.hpp"

#include <map>

#include <fmt/format.h>

#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

std::string counts_of(const json::object& database) {
    std::string out = fmt::format("{}, {} in {}", counted(number_of(database, "feeds"), "feed", "feeds"),
                                  counted(number_of(database, "items"), "item", "items"),
                                  counted(number_of(database, "stories"), "story", "stories"));
    if (const auto newest = time_of(database, "newest_item"))
        out += fmt::format(", the newest of {}", to_rfc3339(*newest));
    return out;
}

}  // namespace

std::string render_restore(const json::object& report, const Look& look) {
    const json::object archive = object_of(report, "archive");
    std::string made = "?";
    if (const auto time = time_of(archive, "made"))
        made = fmt::format("{} ({})", to_rfc3339(*time), ago(time, look.now));
    std::string out =
        fmt::format("The archive is of {}, made by aggd {}.\n", made, printable(text_of(archive, "aggd")));
    out += fmt::format("  it holds  {}\n  here are  {}\n", counts_of(archive), counts_of(object_of(report, "here")));
    const json::object changes = object_of(report, "changes");
    Look bare = look;
    bare.legend = false;
    const std::string differences = render_reload(changes, bare);
    out += differences.empty() ? "No feed changes in feeds.conf.\n" : "What changes in feeds.conf:\n" + differences;
    for (const std::string& path : texts_of(report, "kept"))
        out += fmt::format("What was here is kept as {}\n", printable(path));
    return out;
}

std::string render_space(const json::object& space, const Look& look) {
    // What a part is to people, by its name in the API.
    static const std::map<std::string, std::string> k_words = {
        {"bodies", "bodies of items"},
        {"search", "the search index"},
        {"revisions", "earlier versions of items"},
        {"duplicates", "what duplicates are recognised by"},
        {"items", "items, stories, feeds"},
        {"free", "free, to be used again"},
    };
    const auto header = look.legend ? Table::Header::yes : Table::Header::no;
    const std::uint64_t total = number_of(space, "database_bytes"), log = number_of(space, "log_bytes");
    Table parts({{"SIZE", Align::right}, {"SHARE", Align::right}, {"OF"}});
    for (const json::object& part : objects_of(space, "parts")) {
        const std::uint64_t bytes = number_of(part, "bytes");
        if (bytes == 0) continue;
        const auto words = k_words.find(text_of(part, "name"));
        parts.add({{bytes_in_words(bytes)},
                   {fmt::format("{} %", total == 0 ? 0 : (bytes * 100 + total / 2) / total)},
                   {words == k_words.end() ? text_of(part, "name") : words->second}});
    }
    std::string out = parts.text(look.width, look.color, header);
    if (look.legend)
        out += fmt::format("{} in all{}\n", bytes_in_words(total),
                           log == 0 ? "" : fmt::format(", and {} of write-ahead log", bytes_in_words(log)));
    Table feeds({{"SIZE", Align::right}, {"ITEMS", Align::right}, {"FEED", Align::left, Fit::shrink}});
    for (const json::object& feed : objects_of(space, "feeds"))
        feeds.add({{bytes_in_words(number_of(feed, "bytes"))},
                   {grouped(number_of(feed, "items"))},
                   {fmt::format("{}{}", text_of(feed, "name"),
                                truth_of(feed, "subscribed") ? "" : " (not subscribed any more)")}});
    if (!feeds.empty()) out += (look.legend ? "\n" : "") + feeds.text(look.width, look.color, header);
    return out;
}

}  // namespace agg::aggctl
