#include "config/edit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "config/setting.hpp"
#include "config/config.hpp"
#include "config/keys.hpp"
#include "config/statements.hpp"

namespace agg::config {
namespace {

constexpr const char* k_file = "feeds.conf";

// The problems' own words: positions in a text that nobody has seen would only puzzle.
std::string without_positions(const std::vector<Problem>& problems) {
    std::string out;
    for (const Problem& problem : problems) out += (out.empty() ? "" : "; ") + problem.message;
    return out;
}

Result<Config> read_before_edit(std::string_view text) {
    auto config = parse_config(text, k_file);
    if (config) return std::move(*config);
    return fail(ErrorKind::invalid, "feeds.conf has errors; mend them first:\n{}", to_string(config.error()));
}

// The line ends of the file itself.
const char* line_end_of(std::string_view text) {
    const std::size_t first = text.find('\n');
    return first != std::string_view::npos && first > 0 && text[first - 1] == '\r' ? "\r\n" : "\n";
}

bool begins_with(const std::vector<std::string>& path, std::string_view first, std::string_view second) {
    return path.size() >= 2 && path[0] == first && path[1] == second;
}

// Which statements make up the feed: its own tables with what stands in them, and its keys in other tables.
std::vector<bool> statements_of(const std::vector<Statement>& statements, std::string_view name) {
    std::vector<bool> own(statements.size());
    bool inside = false;
    std::size_t last_own = 0;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const Statement& statement = statements[i];
        if (statement.kind == StatementKind::header) inside = begins_with(statement.path, "feed", name);
        if (statement.kind != StatementKind::header && statement.kind != StatementKind::key_value) continue;
        own[i] = begins_with(statement.path, "feed", name);
        // What stands between two statements of one table goes with them: a key put out of use, a blank line.
        if (own[i] && inside && statement.kind == StatementKind::key_value)
            for (std::size_t j = last_own + 1; j < i; ++j) own[j] = true;
        if (own[i]) last_own = i;
    }
    return own;
}

// Adds the comments that touch the feed: directly above it, and directly below it unless they touch what follows.
void add_comments(const std::vector<Statement>& statements, std::vector<bool>& own) {
    const auto is_comment = [&](std::size_t i) {
        return i < statements.size() && statements[i].kind == StatementKind::comment;
    };
    for (std::size_t i = statements.size(); i-- > 1;)
        if (own[i] && !own[i - 1] && is_comment(i - 1)) own[i - 1] = true;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        if (!own[i] || !is_comment(i + 1) || own[i + 1]) continue;
        std::size_t end = i + 1;
        while (is_comment(end) && !own[end]) ++end;
        if (end == statements.size() || statements[end].kind == StatementKind::blank)
            std::fill(own.begin() + static_cast<std::ptrdiff_t>(i) + 1, own.begin() + static_cast<std::ptrdiff_t>(end),
                      true);
    }
}

// Of the blank lines around each removed run the larger group stays. At the end of the text one goes: that undoes
// with_feed.
void add_blank_lines(const std::vector<Statement>& statements, std::vector<bool>& own) {
    const auto is_blank = [&](std::size_t i) { return statements[i].kind == StatementKind::blank; };
    const std::vector<bool> removed = own;
    for (std::size_t begin = 0; begin < removed.size(); ++begin) {
        if (!removed[begin]) continue;
        std::size_t end = begin;
        while (end < removed.size() && removed[end]) ++end;
        std::size_t before = 0;
        while (before < begin && !own[begin - before - 1] && is_blank(begin - before - 1)) ++before;
        std::size_t after = 0;
        while (end + after < removed.size() && !removed[end + after] && is_blank(end + after)) ++after;
        const bool is_first = begin == before;
        const bool is_last = end + after == removed.size();
        const std::size_t below = is_first && !is_last ? after : 0;
        const std::size_t above = is_last ? std::min<std::size_t>(before, 1) : is_first ? 0 : std::min(before, after);
        for (std::size_t i = end; i < end + below; ++i) own[i] = true;
        for (std::size_t i = begin - above; i < begin; ++i) own[i] = true;
        begin = end;
    }
}

// `text` with `value` for the key `key` of the feed `name`: in the place of its value, or on a line of its own below the
// url's. The caller checks the result: what stands in an inline table is not found.
std::string with_value(std::string_view text, std::string_view name, std::string_view key, const std::string& value) {
    const std::vector<Statement> statements = to_statements(text);
    const auto find = [&](std::string_view wanted) {
        return std::find_if(statements.begin(), statements.end(), [&](const Statement& statement) {
            return statement.kind == StatementKind::key_value && statement.path.size() == 3 &&
                   begins_with(statement.path, "feed", name) && statement.path[2] == wanted;
        });
    };
    std::string out(text);
    if (const auto own = find(key); own != statements.end()) {
        out.replace(own->value_begin, own->value_end - own->value_begin, value);
    } else if (const auto url = find("url"); url != statements.end()) {
        // As the url is written: alone below a header, or with the names of the tables before it.
        const std::size_t key_begin = url->begin;
        std::string line(text.substr(key_begin, url->value_begin - key_begin));
        if (const std::size_t at = line.rfind("url"); at != std::string::npos) line.replace(at, 3, key);
        line += value + line_end_of(text);
        const bool ends_line = url->end > 0 && text[url->end - 1] == '\n';
        out.insert(url->end, ends_line ? line : line_end_of(text) + line);
    }
    return out;
}

// `out` when it reads as `wanted`; else the edit went elsewhere.
Result<std::string> checked(std::string out, const std::vector<Feed>& wanted, std::string_view name) {
    const auto after = parse_config(out, k_file);
    if (after && after->feeds == wanted) return out;
    return fail(ErrorKind::invalid,
                "feeds.conf holds {} in a way that cannot be edited in place; change it by hand, then `aggctl reload`",
                name);
}

Feed* find_feed(Config& config, std::string_view name) {
    const auto found =
        std::find_if(config.feeds.begin(), config.feeds.end(), [&](const Feed& feed) { return feed.name == name; });
    return found == config.feeds.end() ? nullptr : &*found;
}

}  // namespace

Result<std::string> with_feed(std::string_view text, const NewFeed& feed) {
    const auto before = read_before_edit(text);
    if (!before) return tl::unexpected(before.error());
    for (const Feed& other : before->feeds) {
        if (other.name == feed.name)
            return fail(ErrorKind::conflict, "there is a feed named {} already; choose another name", feed.name);
        if (url_identity(other.url) == url_identity(feed.url))
            return fail(ErrorKind::conflict, "that feed is subscribed already, as {}", other.name);
    }
    const std::string line_end = line_end_of(text);

    std::string out(text);
    if (!out.empty() && out.back() != '\n') out += line_end;
    if (!out.empty()) out += line_end;
    out += feed_header(feed.name) + line_end;
    out += "url = " + toml_string(feed.url) + line_end;
    if (!feed.title.empty()) out += "title = " + toml_string(feed.title) + line_end;
    if (!feed.tags.empty()) out += "tags = " + toml_array(feed.tags) + line_end;
    if (!feed.interval.empty()) out += "interval = " + toml_string(feed.interval) + line_end;

    const auto after = parse_config(out, k_file);
    if (!after) return fail(ErrorKind::invalid, "{}", without_positions(after.error()));
    return out;
}

Result<std::string> without_feed(std::string_view text, std::string_view name) {
    auto before = read_before_edit(text);
    if (!before) return tl::unexpected(before.error());
    if (std::erase_if(before->feeds, [&](const Feed& feed) { return feed.name == name; }) == 0)
        return fail(ErrorKind::not_found, "feeds.conf has no feed named {}", name);

    const std::vector<Statement> statements = to_statements(text);
    std::vector<bool> own = statements_of(statements, name);
    add_comments(statements, own);
    add_blank_lines(statements, own);
    std::string out;
    for (std::size_t i = 0; i < statements.size(); ++i)
        if (!own[i]) out += text.substr(statements[i].begin, statements[i].end - statements[i].begin);

    const auto after = parse_config(out, k_file);
    if (!after || after->feeds != before->feeds) {
        return fail(
            ErrorKind::invalid,
            "feeds.conf holds {} in a way that cannot be taken out without touching other feeds; remove it by hand, "
            "then `aggctl reload`",
            name);
    }
    return out;
}

Result<std::string> with_feed_url(std::string_view text, std::string_view name, std::string_view url) {
    auto config = read_before_edit(text);
    if (!config) return tl::unexpected(config.error());
    Feed* feed = find_feed(*config, name);
    if (feed == nullptr) return fail(ErrorKind::not_found, "feeds.conf has no feed named {}", name);
    for (const Feed& other : config->feeds)
        if (other.name != name && url_identity(other.url) == url_identity(url))
            return fail(ErrorKind::conflict, "that feed is subscribed already, as {}", other.name);
    feed->url = url;
    return checked(with_value(text, name, "url", toml_string(url)), config->feeds, name);
}

Result<std::string> with_feed_tags(std::string_view text, std::string_view name, const std::vector<std::string>& tags) {
    auto config = read_before_edit(text);
    if (!config) return tl::unexpected(config.error());
    Feed* feed = find_feed(*config, name);
    if (feed == nullptr) return fail(ErrorKind::not_found, "feeds.conf has no feed named {}", name);
    const std::size_t before = feed->tags.size();
    for (const std::string& tag : tags)
        if (std::find(feed->tags.begin(), feed->tags.end(), tag) == feed->tags.end()) feed->tags.push_back(tag);
    if (feed->tags.size() == before) return std::string(text);
    return checked(with_value(text, name, "tags", toml_array(feed->tags)), config->feeds, name);
}

}  // namespace agg::config
