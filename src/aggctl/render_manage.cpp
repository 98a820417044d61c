#include "aggctl/render_manage.hpp"

#include <fmt/format.h>

#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

std::string shown(const json::object& object, std::string_view key) { return printable(text_of(object, key)); }

}  // namespace

std::string render_import(const json::object& report, const Look& look) {
    const bool dry_run = truth_of(report, "dry_run");
    std::string out;
    for (const json::object& feed : objects_of(report, "feeds")) {
        const std::string result = text_of(feed, "result");
        const std::string reason = shown(feed, "reason");
        const bool bad = result == "invalid";
        if (result == "added" && reason.empty() && !dry_run) continue;
        const std::string url = shown(feed, "url");
        out += fmt::format("{}  {}{}{}\n",
                           styled(fmt::format("{:<7}", result), bad ? Style::bad : Style::plain, look.color),
                           shown(feed, "name"), url.empty() ? "" : "  " + url, reason.empty() ? "" : ": " + reason);
    }
    for (const std::string& warning : texts_of(report, "warnings"))
        out += fmt::format("repaired: {}\n", printable(warning));
    if (!look.legend) return out;
    const std::uint64_t added = number_of(report, "added");
    out += fmt::format("{}: {}{} added, {} skipped, {} invalid\n", shown(report, "format"), dry_run ? "would be " : "",
                       counted(added, "feed", "feeds"), grouped(number_of(report, "skipped")),
                       grouped(number_of(report, "invalid")));
    if (added > 0 && !dry_run) out += "They are polled one after the other; aggctl list shows how they do.\n";
    return out;
}

std::string render_set(const json::object& feed, const Look& look) {
    std::string out =
        fmt::format("{}: {}", styled(shown(feed, "name"), Style::strong, look.color), shown(feed, "state"));
    if (const auto next = time_of(feed, "next_poll"))
        out += fmt::format(", next poll {} ({})", ahead(next, look.now), shown(feed, "next_poll_reason"));
    return out + "\n";
}

std::string render_purged(const json::object& feed) {
    return fmt::format("Removed {}, and deleted its {}.\n", shown(feed, "name"),
                       counted(number_of(feed, "items"), "item", "items"));
}

std::string render_check(const json::object& report, const Look& look) {
    std::string out;
    std::uint64_t errors = 0;
    std::uint64_t warnings = 0;
    for (const json::object& finding : objects_of(report, "findings")) {
        const std::string severity = text_of(finding, "severity");
        errors += severity == "error" ? 1 : 0;
        warnings += severity == "warning" ? 1 : 0;
        const Style style = severity == "error" ? Style::bad : severity == "note" ? Style::dim : Style::plain;
        const std::string rule = shown(finding, "rule");
        out += fmt::format("{} {}{}\n", styled(fmt::format("{:<7}", severity), style, look.color),
                           rule == "config" ? "" : fmt::format("{:<15} ", rule), shown(finding, "message"));
    }
    if (!look.legend) return out;
    const std::uint64_t requests = number_of(report, "requests");
    out += fmt::format("{}: {}, {}{}\n", shown(report, "what"), counted(errors, "error", "errors"),
                       counted(warnings, "warning", "warnings"),
                       requests == 0 ? "" : fmt::format("; {} made", counted(requests, "request", "requests")));
    return out;
}

}  // namespace agg::aggctl
