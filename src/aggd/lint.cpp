#include "aggd/lint.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "clean/dates.hpp"
#include "parse/parse.hpp"

namespace agg::aggd {
namespace {

using serve::Finding;
using serve::Severity;

constexpr std::size_t k_large_bytes = 1024 * 1024;
constexpr std::size_t k_worth_compressing_bytes = 16 * 1024;
constexpr std::size_t k_many_items = 200;
constexpr TimePoint k_earliest = std::chrono::sys_days{std::chrono::year{1990} / 1 / 1};

// Items with one flaw: how many, and the first of them to look at.
struct Flaw {
    std::size_t count = 0;
    std::string first;

    void add(const ParsedItem& item, std::size_t number) {
        if (count++ > 0) return;
        const std::string title = collapse_space(item.title.text);
        first = title.empty() ? fmt::format("number {}", number)
                              : fmt::format("number {}, \"{}\"", number, truncate_utf8(title, 60));
    }
    // "3 of 34 items (the first: number 2, "Title")".
    [[nodiscard]] std::string text(std::size_t items) const {
        return fmt::format("{} of {} items ({}{})", count, items, count > 1 ? "the first: " : "", first);
    }
};

class Linter {
  public:
    explicit Linter(TimePoint now) : now_(now) {}

    void say(Severity severity, const char* rule, std::string message) {
        findings_.push_back({severity, rule, std::move(message)});
    }

    void say(Severity severity, const char* rule, const Flaw& flaw, std::size_t items, std::string_view message) {
        if (flaw.count > 0) say(severity, rule, fmt::format("{} {}", flaw.text(items), message));
    }

    void look_at_encoding(std::string_view bytes, std::string_view content_type) {
        const Decoded decoded = decode_document(bytes, content_type);
        const std::string_view in_header = charset_of(content_type);
        const std::string_view in_document = declared_encoding(bytes);
        if (decoded.contradicted)
            say(Severity::error, "encoding",
                fmt::format("declares {}, but its bytes are {}; declare what it is",
                            in_header.empty() ? in_document : in_header, decoded.encoding));
        else if (decoded.replaced > 0)
            say(Severity::error, "encoding",
                fmt::format("{} sequences of bytes are nothing in {}; readers show \"\xEF\xBF\xBD\" there",
                            decoded.replaced, decoded.encoding));
        else if (!in_header.empty() && !in_document.empty() &&
                 encoding_of_label(in_header) != encoding_of_label(in_document))
            say(Severity::warning, "encoding",
                fmt::format("the Content-Type says {} and the document {}; let them agree", in_header, in_document));
    }

    void look_at_feed(const ParsedFeed& feed) {
        if (collapse_space(feed.title.text).empty())
            say(Severity::warning, "title-missing", "the feed has no title; readers show its address");
        if (feed.items.empty()) say(Severity::warning, "empty", "the feed has no items");
        if (feed.items.size() > k_many_items)
            say(Severity::note, "many-items",
                fmt::format("{} items; every poll of a changed feed carries all of them, so list the newest only",
                            feed.items.size()));
        if (feed.cut_short)
            say(Severity::error, "cut", "the document ends in the middle; what follows is lost to every reader");
        for (const std::string& warning : feed.warnings) say(Severity::warning, "repaired", warning);
        look_at_ids(feed);
        look_at_dates(feed);
        look_at_links(feed);
    }

    [[nodiscard]] std::vector<Finding> take() {
        std::stable_sort(findings_.begin(), findings_.end(),
                         [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
        return std::move(findings_);
    }

  private:
    void look_at_ids(const ParsedFeed& feed) {
        Flaw missing;
        Flaw repeated;
        Flaw twice;
        std::map<std::string, const ParsedItem*> by_id;
        std::map<std::string, std::string> id_of_link;
        for (std::size_t i = 0; i < feed.items.size(); ++i) {
            const ParsedItem& item = feed.items[i];
            if (item.id.empty()) missing.add(item, i + 1);
            const bool is_new_id = item.id.empty() || by_id.emplace(item.id, &item).second;
            if (!is_new_id) repeated.add(item, i + 1);
            if (item.link.empty()) continue;
            const auto [known, is_new_link] = id_of_link.emplace(item.link, item.id);
            if (!is_new_link && known->second != item.id) twice.add(item, i + 1);
        }
        const std::size_t items = feed.items.size();
        say(Severity::error, "id-repeated", repeated, items,
            "have the id of another one; readers show one of them only");
        say(Severity::warning, "id-missing", missing, items,
            "have no id (guid, atom:id); a changed title or link makes them new again");
        say(Severity::warning, "link-repeated", twice, items, "have the link of another one under another id");
    }

    void look_at_dates(const ParsedFeed& feed) {
        Flaw missing;
        Flaw unreadable;
        Flaw ahead;
        Flaw ancient;
        std::set<TimePoint> instants;
        for (std::size_t i = 0; i < feed.items.size(); ++i) {
            const ParsedItem& item = feed.items[i];
            const ParsedDate& date = item.published.text.empty() ? item.updated : item.published;
            if (date.text.empty()) {
                missing.add(item, i + 1);
            } else if (!date.time) {
                unreadable.add(item, i + 1);
            } else {
                instants.insert(*date.time);
                if (*date.time > now_ + clean::k_future_tolerance) ahead.add(item, i + 1);
                if (*date.time < k_earliest) ancient.add(item, i + 1);
            }
        }
        const std::size_t items = feed.items.size();
        say(Severity::error, "date-unreadable", unreadable, items, "have a date that cannot be read");
        say(Severity::error, "date-future", ahead, items, "are dated ahead of now; is it local time called UTC?");
        say(Severity::error, "date-absurd", ancient, items, "are dated before 1990; is it an empty field?");
        say(Severity::warning, "date-missing", missing, items, "have no date; readers take the time of their poll");
        if (items >= 3 && instants.size() == 1 && missing.count + unreadable.count == 0)
            say(Severity::warning, "date-same", "all items carry the same date: is it that of the document?");
    }

    // Of a document that was parsed without an address: a reference that nothing in it makes absolute stays relative.
    void look_at_links(const ParsedFeed& feed) {
        Flaw missing;
        Flaw relative;
        for (std::size_t i = 0; i < feed.items.size(); ++i) {
            const ParsedItem& item = feed.items[i];
            if (item.link.empty())
                missing.add(item, i + 1);
            else if (!Url::parse(item.link))
                relative.add(item, i + 1);
        }
        say(Severity::warning, "link-relative", relative, feed.items.size(),
            "have a link that is not absolute; some readers cannot open it");
        say(Severity::note, "link-missing", missing, feed.items.size(), "have no link");
    }

    TimePoint now_;
    std::vector<Finding> findings_;
};

bool is_feed_type(std::string_view content_type) {
    const std::string type = ascii_lower(trim(content_type.substr(0, content_type.find(';'))));
    return type.ends_with("/xml") || type.ends_with("+xml") || type.ends_with("/json") || type.ends_with("+json");
}

void look_at_answer(const fetch::Response& answer, Linter& linter) {
    const std::string& type = answer.headers.get("Content-Type");
    if (type.empty())
        linter.say(Severity::warning, "media-type", "there is no Content-Type; send application/rss+xml or its like");
    else if (!is_feed_type(type))
        linter.say(
            Severity::warning, "media-type",
            fmt::format("Content-Type: {}; browsers and some readers take it for a page", truncate_utf8(type, 80)));
    if (answer.headers.get("Content-Encoding").empty() && answer.body.size() > k_worth_compressing_bytes)
        linter.say(Severity::note, "uncompressed",
                   fmt::format("{} kB are sent uncompressed; gzip would send a fraction", answer.body.size() / 1000));
}

}  // namespace

Validators validators_of(const fetch::Response& answer) {
    return {.etag = answer.headers.get("ETag"), .last_modified = answer.headers.get("Last-Modified")};
}

Lint lint(const fetch::Response& answer, TimePoint now) {
    Linter linter(now);
    const std::string& type = answer.headers.get("Content-Type");
    if (answer.status != 0 && answer.status != 200) {
        linter.say(Severity::error, "status", fmt::format("the answer is {}, not 200", answer.status));
        return {fmt::format("an answer {}", answer.status), linter.take()};
    }
    const auto parsed = parse::parse({.bytes = answer.body, .content_type = type});
    if (!parsed) {
        linter.say(Severity::error, "no-feed", fmt::format("it is {}", parsed.error().message));
        return {parsed.error().message, linter.take()};
    }
    if (answer.status != 0) look_at_answer(answer, linter);
    if (answer.body.size() > k_large_bytes)
        linter.say(Severity::warning, "large",
                   fmt::format("{:.1f} MB; some readers take less than that, so list fewer items",
                               static_cast<double>(answer.body.size()) / 1e6));
    linter.look_at_encoding(answer.body, type);
    linter.look_at_feed(*parsed);
    const std::size_t items = parsed->items.size();
    return {fmt::format("{} feed with {} item{}", to_string(parsed->format), items, items == 1 ? "" : "s"),
            linter.take()};
}

std::vector<Finding> lint_validators(const fetch::Response& first, const fetch::Response& second) {
    const Validators validators = validators_of(first);
    if (validators.etag.empty() && validators.last_modified.empty())
        return {{Severity::warning, "validators",
                 "neither ETag nor Last-Modified is sent, so that every poll costs the whole feed"}};
    if (second.status == 304) return {};
    const char* sent = validators.etag.empty() ? "If-Modified-Since" : "If-None-Match";
    if (second.status != 200)
        return {{Severity::error, "validators",
                 fmt::format("the same request with {} is answered {}, not 304", sent, second.status)}};
    if (second.body != first.body)
        return {{Severity::note, "validators",
                 "the feed changed between two requests, so its validators could not be tried"}};
    return {{Severity::error, "validators",
             fmt::format("{} is sent back and answered 200 with the same bytes instead of 304: every poll costs the "
                         "whole feed",
                         sent)}};
}

}  // namespace agg::aggd
