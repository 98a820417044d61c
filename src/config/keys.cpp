#include "config/keys.hpp"

#include <sys/un.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace agg::config {
namespace {

template <typename Keys>
KnownTable known_table(std::string_view name, std::string_view header, const Keys& keys) {
    KnownTable table{name, header, {}};
    for (const auto& key : keys) table.keys.push_back(key.name);
    return table;
}

// The candidate a slip of the finger or two away from `word`; "" when there is none.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    std::string_view best;
    std::size_t best_distance = word.size() < 4 ? 2 : 3;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(ascii_lower(word), candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace

void read_title(const Value& value, Feed& feed) {
    const auto title = read_text(value, "a string");
    if (title) feed.title = collapse_space(*title);
}

// It becomes part of a header, so it may hold nothing that ends one; read_text has seen to that.
void read_contact(const Value& value, Fetch& fetch) {
    const auto contact = read_text(value, "a web or mail address");
    if (!contact) return;
    if (trim(*contact).empty())
        value.complain("is empty; publishers need someone to ask, give a web or mail address");
    else
        fetch.contact = std::string(trim(*contact));
}

void read_socket(const Value& value, Serve& serve) {
    const auto path = read_path(value);
    if (!path) return;
    constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
    if (path->size() > longest) {
        value.complain(
            fmt::format("is {} bytes long as \"{}\"; a socket's path has at most {}", path->size(), *path, longest));
        return;
    }
    serve.unix_socket = *path;
}

void read_group(const Value& value, Serve& serve) {
    const auto group = read_text(value, "the name of a group");
    if (!group) return;
    if (group->empty())
        value.complain("is empty; name a group, or \"none\"");
    else
        serve.group = *group == "none" ? "" : *group;
}

void read_view_title(const Value& value, View& view) {
    const auto title = read_text(value, "a string");
    if (title) view.title = collapse_space(*title);
}

void read_view_query(const Value& value, View& view) {
    const auto text = read_text(value, "a query such as \"tag:news -tag:sport\"");
    if (!text) return;
    auto query = parse_query(*text);
    if (!query) return value.complain(fmt::format("is \"{}\"; {}", *text, query.error().message));
    view.query_text = *text;
    view.query = std::move(*query);
}

std::optional<Dedup> read_dedup(const Value& value) {
    const auto text = read_text(value, R"("off", "exact" or "story")");
    if (!text) return std::nullopt;
    if (*text == "off") return Dedup::off;
    if (*text == "exact") return Dedup::exact;
    if (*text == "story") return Dedup::story;
    value.complain(fmt::format(R"(takes "off", "exact" or "story", not "{}")", *text));
    return std::nullopt;
}

void read_revisions(const Value& value, Feed& feed) {
    const auto text = read_text(value, R"("quiet", "updated" or "unread")");
    if (!text) return;
    if (*text == "quiet")
        feed.revisions = Revisions::quiet;
    else if (*text == "updated")
        feed.revisions = Revisions::updated;
    else if (*text == "unread")
        feed.revisions = Revisions::unread;
    else
        value.complain(fmt::format(R"(takes "quiet", "updated" or "unread", not "{}")", *text));
}

void read_view_id_scope(const Value& value, View& view) {
    const auto text = read_text(value, R"("all" or "view")");
    if (!text) return;
    if (*text == "all")
        view.id_scope = IdScope::all;
    else if (*text == "view")
        view.id_scope = IdScope::view;
    else
        value.complain(fmt::format(R"(takes "all" or "view", not "{}")", *text));
}

void read_match(const Value& value, Rule& rule) {
    const auto text = read_text(value, R"(what to look for, such as 'title:football -author:"Ann Lee"')");
    if (!text) return;
    auto match = parse_match(*text);
    if (!match) return value.complain(fmt::format("is '{}'; {}", *text, match.error().message));
    rule.match_text = *text;
    rule.match = std::move(*match);
}

void read_action(const Value& value, Rule& rule) {
    constexpr std::string_view expected = R"("drop", "keep", "tag", "star" or "read")";
    const auto text = read_text(value, expected);
    if (!text) return;
    for (const Rule::Action action :
         {Rule::Action::drop, Rule::Action::keep, Rule::Action::tag, Rule::Action::star, Rule::Action::read}) {
        if (*text != to_string(action)) continue;
        rule.action = action;
        return;
    }
    value.complain(fmt::format(R"(takes {}, not "{}")", expected, *text));
}

const std::vector<KnownTable>& known_tables() {
    static const std::vector<KnownTable> tables = {
        known_table("serve", "[serve]", k_serve_keys),   known_table("store", "[store]", k_store_keys),
        known_table("fetch", "[fetch]", k_fetch_keys),   known_table("defaults", "[defaults]", k_default_keys),
        known_table("dedup", "[dedup]", k_dedup_keys),   known_table("tag", "[tag.NAME]", k_tag_keys),
        known_table("feed", "[feed.NAME]", k_feed_keys), known_table("host", "[host.NAME]", k_host_keys),
        known_table("view", "[view.NAME]", k_view_keys), known_table("rule", "[rule.NAME]", k_rule_keys),
    };
    return tables;
}

std::string header_of(std::string_view table, std::string_view name) {
    const bool is_bare = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '_';
    });
    return is_bare ? fmt::format("[{}.{}]", table, name) : fmt::format("[{}.\"{}\"]", table, name);
}

std::string feed_header(std::string_view name) { return header_of("feed", name); }

std::string suggest_key(std::string_view key, std::string_view table) {
    std::string homes;
    for (const KnownTable& known : known_tables()) {
        if (known.name == table) {
            if (const auto meant = nearest(key, known.keys); !meant.empty())
                return fmt::format("; did you mean \"{}\"?", meant);
        } else if (std::find(known.keys.begin(), known.keys.end(), key) != known.keys.end()) {
            homes += fmt::format("{}{}", homes.empty() ? "" : " or ", known.header);
        }
    }
    return homes.empty() ? "" : fmt::format("; it belongs in {}", homes);
}

std::string suggest_table(std::string_view name) {
    std::vector<std::string_view> names;
    for (const KnownTable& known : known_tables()) names.push_back(known.name);
    const auto meant = nearest(name, names);
    if (meant.empty()) return suggest_key(name, "");
    for (const KnownTable& known : known_tables())
        if (known.name == meant) return fmt::format("; did you mean {}?", known.header);
    return {};
}

std::vector<std::string> known_keys() {
    std::vector<std::string> all;
    for (const KnownTable& table : known_tables())
        for (const std::string_view key : table.keys) all.push_back(fmt::format("{} {}", table.header, key));
    return all;
}

}  // namespace agg::config
