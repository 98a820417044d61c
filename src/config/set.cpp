// with_settings: single values of a feed, changed where they stand.
#include <algorithm>

#include <fmt/format.h>

#include "config/config.hpp"
#include "config/edit.hpp"
#include "config/statements.hpp"

namespace agg::config {
namespace {

using Path = std::vector<std::string>;

constexpr const char* k_file = "feeds.conf";

bool begins(const Path& path, const Path& whole) {
    return path.size() <= whole.size() && std::equal(path.begin(), path.end(), whole.begin());
}

// The pairs that lead to `path`, from a statement of the file down through inline tables: the last one is the innermost
// that is there. The level is the one whose pairs hold the last, to say what stands beside it.
struct Found {
    std::vector<Statement> level;
    std::size_t at = 0;
    bool is_inline = false;

    [[nodiscard]] const Statement& pair() const { return level[at]; }
};

// The pair of `path`, or else the last pair beside which it belongs: another key of the same table. The url is always
// there.
Found find(std::string_view text, const Path& path) {
    Found found{to_statements(text), 0, false};
    for (;;) {
        std::size_t sibling = found.level.size();
        std::size_t owner = found.level.size();
        for (std::size_t i = 0; i < found.level.size(); ++i) {
            const Statement& pair = found.level[i];
            if (pair.kind != StatementKind::key_value) continue;
            if (pair.path == path) {
                found.at = i;
                return found;
            }
            if (pair.path.size() == path.size() && std::equal(path.begin(), path.end() - 1, pair.path.begin()))
                sibling = i;
            if (begins(pair.path, path)) owner = i;
        }
        if (sibling < found.level.size()) {
            found.at = sibling;
            return found;
        }
        if (owner == found.level.size()) return {};
        found = {inline_pairs(text, found.level[owner]), 0, true};
        if (found.level.empty()) return {};
    }
}

std::string taken_out(std::string_view text, const Found& found) {
    const Statement& pair = found.pair();
    std::size_t begin = pair.begin;
    std::size_t end = pair.end;
    if (found.is_inline && found.at + 1 < found.level.size())
        end = found.level[found.at + 1].begin;
    else if (found.is_inline && found.at > 0)
        begin = found.level[found.at - 1].end;
    return std::string(text.substr(0, begin)).append(text.substr(end));
}

// A pair for `key` behind `found`, written as that one is.
std::string put_behind(std::string_view text, const Found& found, const std::string& key, const std::string& value) {
    const Statement& model = found.pair();
    const std::string_view between = text.substr(model.name_end, model.value_begin - model.name_end);
    std::size_t begin = model.begin;
    if (text.substr(begin).starts_with("\xEF\xBB\xBF")) begin += 3;
    std::string pair(text.substr(begin, model.name_begin - begin));
    pair += key + (between == "=" ? "=" : " = ") + value;
    if (found.is_inline) {
        pair = ", " + pair;
    } else {
        const std::size_t first_end = text.find('\n');
        const bool is_crlf = first_end != std::string_view::npos && first_end > 0 && text[first_end - 1] == '\r';
        const std::string line_end = is_crlf ? "\r\n" : "\n";
        pair = text.substr(0, model.end).ends_with('\n') ? pair + line_end : line_end + pair;
    }
    return std::string(text.substr(0, model.end)).append(pair).append(text.substr(model.end));
}

// `text` with `value` at `path`, or without the pair when `value` is empty. Absent when the feed is written in a way
// that gives no place for it.
std::optional<std::string> with_value(std::string_view text, const Path& path, const std::string& value) {
    const Found found = find(text, path);
    if (found.level.empty()) return std::nullopt;
    const Statement& pair = found.pair();
    const bool is_there = pair.path == path;
    if (value.empty()) return is_there ? taken_out(text, found) : std::string(text);
    if (!is_there) return put_behind(text, found, path.back(), value);
    return std::string(text.substr(0, pair.value_begin)).append(value).append(text.substr(pair.value_end));
}

// What is to stand in the file for a setting; empty when the key is to go.
Result<std::string> value_of(const Setting& setting) {
    if (!setting.text.empty() || !is_feed_key(setting.key)) return toml_value(setting);
    if (setting.key == "url") return fail(ErrorKind::invalid, "the url cannot be taken out: every feed needs one");
    return std::string();
}

}  // namespace

Result<std::string> with_settings(std::string_view text, std::string_view name, const std::vector<Setting>& settings) {
    const auto before = parse_config(text, k_file);
    if (!before)
        return fail(ErrorKind::invalid, "feeds.conf has errors; mend them first:\n{}", to_string(before.error()));
    const auto is_it = [&](const Feed& feed) { return feed.name == name; };
    if (std::none_of(before->feeds.begin(), before->feeds.end(), is_it))
        return fail(ErrorKind::not_found, "feeds.conf has no feed named {}", name);

    std::string out(text);
    for (const Setting& setting : settings) {
        const auto value = value_of(setting);
        if (!value) return tl::unexpected(value.error());
        auto changed = with_value(out, {"feed", std::string(name), setting.key}, *value);
        if (!changed)
            return fail(ErrorKind::invalid,
                        "feeds.conf holds {} in a way that cannot be changed without touching more; change it by hand, "
                        "then `aggctl reload`",
                        name);
        out = std::move(*changed);
    }
    const auto after = parse_config(out, k_file);
    if (!after) {
        std::string problems;
        for (const Problem& problem : after.error()) problems += (problems.empty() ? "" : "; ") + problem.message;
        return fail(ErrorKind::invalid, "{}", problems);
    }
    const bool others_stay =
        std::equal(before->feeds.begin(), before->feeds.end(), after->feeds.begin(), after->feeds.end(),
                   [&](const Feed& a, const Feed& b) { return a.name == b.name && (a == b || is_it(a)); });
    if (!others_stay) return fail(ErrorKind::invalid, "{} cannot be changed without touching other feeds", name);
    return out;
}

}  // namespace agg::config
