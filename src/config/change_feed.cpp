#include "config/change_feed.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/config.hpp"
#include "config/statements.hpp"

namespace agg::config {
namespace {

constexpr const char* k_file = "feeds.conf";

// What stands behind the value in a statement `key = value # comment`: white space, a comment, the line end.
std::string_view behind_value(std::string_view statement) {
    std::size_t depth = 0;
    std::size_t end = statement.find('=') + 1;
    for (std::size_t at = end; at < statement.size(); ++at) {
        const char c = statement[at];
        if (c == '"' || c == '\'') {
            for (++at; at < statement.size() && statement[at] != c; ++at)
                if (c == '"' && statement[at] == '\\') ++at;
            end = at + 1;
        } else if (c == '#' && depth == 0) {
            break;
        } else if (c == '#') {
            at = std::min(statement.find('\n', at), statement.size());
        } else {
            if (c == '[') ++depth;
            if (c == ']') --depth;
            if (!is_ascii_space(c)) end = at + 1;
        }
    }
    return statement.substr(std::min(end, statement.size()));
}

// Sets one key, or takes it out when `value` is empty.
std::string with_key(std::string_view text, std::string_view name, std::string_view key, const std::string& value) {
    const std::vector<Statement> statements = to_statements(text);
    std::size_t last_key = statements.size();
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const Statement& each = statements[i];
        if (each.path.size() < 2 || each.path[0] != "feed" || each.path[1] != name) continue;
        if (each.kind == StatementKind::header && each.path.size() == 2) last_key = i;
        if (each.kind != StatementKind::key_value || each.path.size() != 3) continue;
        last_key = i;
        if (each.path[2] != key) continue;
        std::string out(text.substr(0, each.begin));
        if (!value.empty())
            out += fmt::format("{} = {}{}", key, value, behind_value(text.substr(each.begin, each.end - each.begin)));
        return out.append(text.substr(each.end));
    }
    if (last_key == statements.size() || value.empty()) return std::string(text);
    const std::size_t at = statements[last_key].end;
    const std::string_view before = text.substr(0, at);
    const std::string line_end = text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
    return fmt::format("{}{}{} = {}{}{}", before, before.ends_with('\n') ? "" : line_end, key, value, line_end,
                       text.substr(at));
}

}  // namespace

std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out + '"';
}

std::string toml_array(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + toml_string(text);
    return "[" + out + "]";
}

Result<std::string> with_feed_changed(std::string_view text, std::string_view name, const FeedChange& change) {
    auto wanted = parse_config(text, k_file);
    if (!wanted)
        return fail(ErrorKind::invalid, "feeds.conf has errors; mend them first:\n{}", to_string(wanted.error()));
    const auto feed =
        std::find_if(wanted->feeds.begin(), wanted->feeds.end(), [&](const Feed& each) { return each.name == name; });
    if (feed == wanted->feeds.end()) return fail(ErrorKind::not_found, "feeds.conf has no feed named {}", name);
    std::string out(text);
    if (change.title) {
        feed->title = collapse_space(*change.title);
        out = with_key(out, name, "title", feed->title.empty() ? "" : toml_string(feed->title));
    }
    if (change.tags) {
        feed->tags = *change.tags;
        out = with_key(out, name, "tags", feed->tags.empty() ? "" : toml_array(feed->tags));
    }
    const auto after = parse_config(out, k_file);
    if (!after || after->feeds != wanted->feeds)
        return fail(
            ErrorKind::invalid,
            "feeds.conf holds {} in a way that cannot be changed from here; change it by hand, then `aggctl reload`",
            name);
    return out;
}

}  // namespace agg::config
