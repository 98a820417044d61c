#include "config/feed_list.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"

namespace agg::config {
namespace {

constexpr std::string_view k_runs_a_command =
    "runs a command, which aggd never does; subscribe to a feed's own address";

// The words of a newsboat line: quotes hold spaces together, a word that begins with "#" begins a comment.
std::vector<std::string> newsboat_words(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < line.size();) {
        if (is_ascii_space(line[at])) {
            ++at;
            continue;
        }
        if (line[at] == '#') break;
        std::string word;
        const bool quoted = line[at] == '"';
        if (quoted) ++at;
        while (at < line.size() && (quoted ? line[at] != '"' : !is_ascii_space(line[at]))) {
            if (quoted && line[at] == '\\' && at + 1 < line.size()) ++at;
            word += line[at++];
        }
        if (quoted) ++at;
        words.push_back(std::move(word));
    }
    return words;
}

// One line of newsboat's urls: the address, tags, "~title"; "!" hides a feed there, which means nothing here.
void read_newsboat_line(std::string_view line, std::size_t number, FeedList& list) {
    std::vector<std::string> words = newsboat_words(line);
    if (words.empty()) return;
    const auto refuse = [&](std::string_view reason) {
        list.refused.push_back({fmt::format("line {}", number), std::string(reason)});
    };
    const std::string& url = words.front();
    if (url.starts_with("query:")) return refuse("is a query of newsboat over its feeds, not a feed");
    if (url.starts_with("exec:") || url.starts_with("filter:") || url.starts_with('|')) return refuse(k_runs_a_command);
    if (url.find(':') == std::string::npos) return refuse("is no address: it has no https:// or http:// in front");
    Outline feed{.url = url};
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string word = collapse_space(words[i]);
        if (word.starts_with('~'))
            feed.title = collapse_space(std::string_view(word).substr(1));
        else if (!word.empty() && word != "!")
            feed.tags.push_back(word);
    }
    list.feeds.push_back(std::move(feed));
}

// The words of a line of shell; absent when only a shell could tell what they are.
std::optional<std::vector<std::string>> shell_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char quote = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (quote == '\'') {
            if (c == quote)
                quote = 0;
            else
                word += c;
        } else if (c == '$' || c == '`') {
            return std::nullopt;
        } else if (c == '\\') {
            if (++at == line.size()) return std::nullopt;
            if (quote == '"' && line[at] != '"' && line[at] != '\\') word += c;
            word += line[at];
            in_word = true;
        } else if (quote == '"') {
            if (c == quote)
                quote = 0;
            else
                word += c;
        } else if (c == '\'' || c == '"') {
            quote = c;
            in_word = true;
        } else if (is_ascii_space(c)) {
            if (in_word) words.push_back(std::exchange(word, {}));
            in_word = false;
        } else if (c == '#' && !in_word) {
            break;
        } else if (std::string_view(";&|<>()").find(c) != std::string_view::npos) {
            return std::nullopt;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quote != 0) return std::nullopt;
    if (in_word) words.push_back(std::move(word));
    return words;
}

bool is_sfeed_line(std::string_view line) {
    line = trim(line);
    return line.starts_with("feed ") || line.starts_with("feed\t");
}

// feed NAME URL [SITE [ENCODING]]; every other line of an sfeedrc is shell and none of our business.
void read_sfeed_line(std::string_view line, std::size_t number, FeedList& list) {
    if (!is_sfeed_line(line)) return;
    const auto words = shell_words(trim(line));
    if (!words || words->size() < 3) {
        list.refused.push_back({fmt::format("line {}", number), words
                                                                    ? "names no address: a line is feed NAME URL"
                                                                    : "needs a shell to be read, and aggd runs none"});
        return;
    }
    list.feeds.push_back(
        {.url = (*words)[2], .title = collapse_space((*words)[1]), .site = words->size() > 3 ? (*words)[3] : ""});
}

}  // namespace

const char* to_string(ListFormat format) {
    switch (format) {
        case ListFormat::opml: return "OPML";
        case ListFormat::urls: return "list of addresses";
        case ListFormat::sfeedrc: return "sfeedrc";
    }
    return "unknown";
}

Result<FeedList> read_feed_list(std::string_view bytes) {
    FeedList list;
    const bool is_wide = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (is_wide || trim(bytes).starts_with('<')) {
        auto opml = read_opml(bytes);
        if (!opml) return tl::unexpected(opml.error());
        list.format = ListFormat::opml;
        list.feeds = std::move(opml->outlines);
        list.warnings = std::move(opml->warnings);
        return list;
    }
    const std::string text = to_valid_utf8(bytes);
    const auto lines = split(text, '\n');
    const bool is_sfeedrc = std::any_of(lines.begin(), lines.end(), is_sfeed_line);
    list.format = is_sfeedrc ? ListFormat::sfeedrc : ListFormat::urls;
    for (std::size_t i = 0; i < lines.size(); ++i)
        (is_sfeedrc ? read_sfeed_line : read_newsboat_line)(lines[i], i + 1, list);
    if (list.feeds.empty() && !list.refused.empty() && !is_sfeedrc) {
        return fail(ErrorKind::invalid,
                    "this is no list of feeds: neither OPML, nor an sfeedrc, nor lines that begin with an address "
                    "(line {} {})",
                    list.refused.front().what.substr(5), list.refused.front().reason);
    }
    return list;
}

}  // namespace agg::config
