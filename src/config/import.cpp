#include "config/import.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/url.hpp"
#include "config/config.hpp"
#include "config/document.hpp"
#include "config/edit.hpp"
#include "config/keys.hpp"

namespace agg::config {
namespace {

constexpr const char* k_file = "feeds.conf";

// The address that is meant: browsers once wrote "feed:" in front.
std::string without_feed_scheme(std::string_view url) {
    url = trim(url);
    if (istarts_with(url, "feed://")) return "http://" + std::string(url.substr(7));
    if (istarts_with(url, "feed:")) return std::string(url.substr(5));
    return std::string(url);
}

// Why `url` cannot be subscribed to; "" when it can.
std::string problem_with(std::string_view url) {
    const auto parsed = Url::parse(url);
    if (!parsed) return "is no absolute URL such as https://example.org/feed.xml";
    if (parsed->is_file()) return "is a file; file: feeds can only be written into feeds.conf itself";
    if (!parsed->is_http())
        return fmt::format("begins with \"{}:\"; aggd polls http and https", truncate_utf8(parsed->scheme(), 40));
    return parsed->host().empty() ? "names no host" : "";
}

void add_unless_there(std::vector<std::string>& texts, const std::string& text) {
    if (!text.empty() && std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

// A feed of the list on its way into the file.
struct Candidate {
    std::size_t place;  // in Import::feeds
    std::string url;
    std::string name;
    std::string title;
    std::vector<std::string> tags;
    std::vector<Setting> settings;  // without title and tags
    std::size_t first_line = 0;     // of its table in the text that is tried
};

Candidate candidate_of(const Outline& outline, std::size_t place, std::string& reason) {
    Candidate candidate{.place = place, .url = without_feed_scheme(outline.url)};
    const bool is_ours = !outline.name.empty();
    if (!is_ours) {
        if (outline.title != outline.url) candidate.title = outline.title;
        for (const std::string& folder : outline.folder) add_unless_there(candidate.tags, collapse_space(folder));
        for (const std::string& tag : outline.tags) add_unless_there(candidate.tags, collapse_space(tag));
    }
    for (const Setting& setting : outline.settings) {
        if (is_portable(setting.key))
            candidate.settings.push_back(setting);
        else
            reason = fmt::format("without its {}, which no list may set: aggctl set FEED {}=...",
                                 truncate_utf8(setting.key, 40), truncate_utf8(setting.key, 40));
    }
    return candidate;
}

std::string table_of(const Candidate& candidate, const std::string& line_end) {
    std::string out =
        line_end + feed_header(candidate.name) + line_end + "url = " + toml_string(candidate.url) + line_end;
    if (!candidate.title.empty()) out += "title = " + toml_string(to_valid_utf8(candidate.title)) + line_end;
    if (!candidate.tags.empty()) {
        std::vector<std::string> tags;
        for (const std::string& tag : candidate.tags) tags.push_back(toml_string(to_valid_utf8(tag)));
        out += fmt::format("tags = [{}]{}", fmt::join(tags, ", "), line_end);
    }
    for (const Setting& setting : candidate.settings)
        if (const auto value = toml_value(setting)) out += setting.key + " = " + *value + line_end;
    return out;
}

std::string line_end_of(std::string_view text) {
    const std::size_t end = text.find('\n');
    return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

// `text` and the tables of `candidates`, whose lines are noted.
std::string with_tables(std::string_view text, std::vector<Candidate>& candidates) {
    const std::string line_end = line_end_of(text);
    std::string out(text);
    if (!out.empty() && out.back() != '\n') out += line_end;
    auto line = static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n')) + 1;
    for (Candidate& candidate : candidates) {
        candidate.first_line = line;
        const std::string table = table_of(candidate, line_end);
        line += static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n'));
        out += out.empty() ? table.substr(line_end.size()) : table;
        if (text.empty() && candidate.first_line == 1) --line;
    }
    return out;
}

// The feeds that are known by an address, also without its secrets.
class Known {
  public:
    void add(const std::string& url, const std::string& name) {
        by_url_.try_emplace(url_identity(url), name);
        by_shown_.try_emplace(url_identity(shown_url(url)), name);
    }
    [[nodiscard]] const std::string* find(const std::string& url, bool secrets_removed) const {
        const auto& names = secrets_removed ? by_shown_ : by_url_;
        const auto found = names.find(url_identity(url));
        return found == names.end() ? nullptr : &found->second;
    }

  private:
    std::unordered_map<std::string, std::string> by_url_, by_shown_;
};

// Leaves out what the file would not take: a candidate's settings first, then the candidate itself.
void mend(const std::vector<Problem>& problems, std::vector<Candidate>& candidates, Import& import) {
    std::map<std::size_t, std::string> refused;  // by index
    for (const Problem& problem : problems) {
        auto after = std::upper_bound(candidates.begin(), candidates.end(), problem.line,
                                      [](std::size_t line, const Candidate& one) { return line < one.first_line; });
        if (after != candidates.begin())
            refused.try_emplace(static_cast<std::size_t>(after - candidates.begin()) - 1, problem.message);
    }
    for (auto one = refused.rbegin(); one != refused.rend(); ++one) {
        Candidate& candidate = candidates[one->first];
        ImportedFeed& feed = import.feeds[candidate.place];
        if (!candidate.settings.empty()) {
            candidate.settings.clear();
            feed.reason = "without its settings: " + one->second;
        } else {
            feed.outcome = ImportOutcome::invalid;
            feed.reason = one->second;
            candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(one->first));
        }
    }
}

}  // namespace

const char* to_string(ImportOutcome outcome) {
    switch (outcome) {
        case ImportOutcome::added: return "added";
        case ImportOutcome::skipped: return "skipped";
        case ImportOutcome::invalid: return "invalid";
    }
    return "unknown";
}

Result<Import> with_feeds(std::string_view text, const FeedList& list) {
    const auto before = parse_config(text, k_file);
    if (!before)
        return fail(ErrorKind::invalid, "feeds.conf has errors; mend them first:\n{}", to_string(before.error()));
    Known subscribed;
    Known listed;
    FeedNames names;
    for (const Feed& feed : before->feeds) {
        subscribed.add(feed.url, feed.name);
        names.take(feed.name);
    }

    Import import;
    std::vector<Candidate> candidates;
    std::unordered_map<std::string, std::size_t> by_name;
    for (const Outline& outline : list.feeds) {
        ImportedFeed& feed = import.feeds.emplace_back();
        Candidate candidate = candidate_of(outline, import.feeds.size() - 1, feed.reason);
        feed.url = Url::parse(candidate.url) ? shown_url(candidate.url) : "";
        feed.name = outline.title.empty() ? fmt::format("number {}", import.feeds.size()) : outline.title;
        if (std::string problem = problem_with(candidate.url); !problem.empty()) {
            feed.reason = std::move(problem);
        } else if (const std::string* name = subscribed.find(candidate.url, outline.secrets_removed)) {
            feed = {ImportOutcome::skipped, *name, feed.url, "subscribed already"};
        } else if (const std::string* twin = listed.find(candidate.url, false)) {
            feed = {ImportOutcome::skipped, *twin, feed.url, "twice in the list; its tags were added to the first"};
            Candidate& first = candidates[by_name.at(*twin)];
            for (const std::string& tag : candidate.tags) add_unless_there(first.tags, tag);
        } else if (outline.secrets_removed) {
            feed.reason = "its password or token is not in the list; add it by its full address: aggctl add URL";
        } else {
            const bool keeps_name = !outline.name.empty() && names.take_if_free(outline.name);
            candidate.name = keeps_name ? outline.name : names.make(outline.title, candidate.url);
            feed.outcome = ImportOutcome::added;
            feed.name = candidate.name;
            listed.add(candidate.url, candidate.name);
            by_name.emplace(candidate.name, candidates.size());
            candidates.push_back(std::move(candidate));
        }
    }
    for (const RefusedLine& line : list.refused)
        import.feeds.push_back({ImportOutcome::invalid, line.what, "", line.reason});

    // A feed loses its settings first, then its place: more rounds mean that the file cannot be added to at all.
    std::vector<Problem> problems;
    for (int round = 0; round < 4; ++round) {
        import.text = candidates.empty() ? std::string(text) : with_tables(text, candidates);
        const auto after = parse_config(import.text, k_file);
        if (after) return import;
        problems = after.error();
        mend(problems, candidates, import);
    }
    return fail(ErrorKind::invalid, "feeds.conf would not be valid with this list:\n{}", to_string(problems));
}

Result<std::vector<Outline>> listed_feeds(std::string_view text) {
    const auto config = parse_config(text, k_file);
    if (!config)
        return fail(ErrorKind::invalid, "feeds.conf has errors; mend them first:\n{}", to_string(config.error()));
    const auto document = read_document(text);
    const auto tables =
        std::find_if(document->begin(), document->end(), [](const Entry& e) { return e.key == "feed"; });
    std::vector<Outline> outlines;
    if (tables == document->end()) return outlines;
    for (std::size_t i = 0; const Entry& own : *tables->node.as<Table>()) {
        const Feed& feed = config->feeds.at(i++);
        Outline& outline = outlines.emplace_back();
        outline.url = shown_url(feed.url);
        outline.secrets_removed = outline.url != feed.url;
        outline.title = feed.title;
        outline.tags = feed.tags;
        outline.name = feed.name;
        for (const Entry& entry : *own.node.as<Table>())
            if (const auto typed = typed_text(entry.node); typed && is_portable(entry.key))
                outline.settings.push_back({entry.key, *typed});
    }
    return outlines;
}

}  // namespace agg::config
