#include "config/config.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/paths.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/url.hpp"
#include "config/document.hpp"
#include "config/edit.hpp"
#include "config/file.hpp"
#include "config/keys.hpp"

namespace agg::config {
namespace {

constexpr std::size_t k_longest_name = 100;

const Entry* find(const Table& table, std::string_view key) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Entry& entry) { return entry.key == key; });
    return found == table.end() ? nullptr : &*found;
}

// Reads what `keys` know of `table` into `target`. `name` is the table's in known_tables(), `shown` is for messages.
template <typename Keys, typename Target>
void read_table(const Table& table, const Keys& keys, std::string_view name, std::string_view shown, Target& target,
                Findings& findings) {
    for (const Entry& entry : table) {
        const auto key =
            std::find_if(keys.begin(), keys.end(), [&](const auto& known) { return known.name == entry.key; });
        if (key != keys.end())
            key->read({entry.node, entry.key, shown, findings}, target);
        else if ((name == "feed" || name == "host" || name == "tag") && entry.node.as<Table>() != nullptr)
            findings.add(entry.at, fmt::format("a table inside {0}; a {1}'s name with a dot is written in quotes: "
                                               "[{1}.\"a.b\"]",
                                               shown, name));
        else
            findings.add(entry.at,
                         fmt::format("unknown key \"{}\" in {}{}", entry.key, shown, suggest_key(entry.key, name)));
    }
}

// The same for one of the document's own tables, which may be absent.
template <typename Keys, typename Target>
void read_section(const Table& document, std::string_view name, const Keys& keys, Target& target, Findings& findings) {
    const Entry* entry = find(document, name);
    if (entry == nullptr) return;
    const std::string shown = fmt::format("[{}]", name);
    if (const auto* table = entry->node.as<Table>())
        read_table(*table, keys, name, shown, target, findings);
    else
        findings.add(entry->at, fmt::format("{0} is {1}; write a table: [{0}]", name, type_name(entry->node)));
}

// Checks what the rhythm keys of `table` say against each other, and against what they inherit.
void check_rhythm(const Table& table, const std::string& shown, const Feed& feed, Findings& findings) {
    const Entry* interval = find(table, "interval");
    const Entry* least = find(table, "min_interval");
    const Entry* most = find(table, "max_interval");
    const auto text = [](const Entry* own, std::chrono::milliseconds value) {
        return to_duration_text(value) + (own != nullptr ? "" : ", inherited");
    };
    if ((least != nullptr || most != nullptr) && feed.min_interval > feed.max_interval) {
        findings.add((most != nullptr ? most : least)->node.at,
                     fmt::format("min_interval ({}) is above max_interval ({}) in {}", text(least, feed.min_interval),
                                 text(most, feed.max_interval), shown));
    }
    if ((interval != nullptr || least != nullptr) && feed.interval && *feed.interval < feed.min_interval) {
        findings.add((interval != nullptr ? interval : least)->node.at,
                     fmt::format("interval ({}) is below min_interval ({}) in {}; set a longer interval, or "
                                 "min_interval there too",
                                 text(interval, *feed.interval), text(least, feed.min_interval), shown));
    }
    if ((interval != nullptr || most != nullptr) && feed.interval && *feed.interval > feed.max_interval) {
        findings.add((interval != nullptr ? interval : most)->node.at,
                     fmt::format("interval ({}) is above max_interval ({}) in {}; set a shorter interval, or "
                                 "max_interval there too",
                                 text(interval, *feed.interval), text(most, feed.max_interval), shown));
    }
}

void check_name(const Entry& entry, std::string_view what, Findings& findings) {
    const std::string& name = entry.key;
    if (is_feed_name(name)) return;
    findings.add(
        entry.at,
        fmt::format(
            "\"{}\" cannot be a {}'s name: up to {} of a-z, 0-9, \"-\", \"_\" and \".\", a letter or digit first",
            truncate_utf8(name, k_longest_name), what, k_longest_name));
}

std::vector<TagRule> read_tags(const Table& document, Findings& findings) {
    const Entry* entry = find(document, "tag");
    if (entry == nullptr) return {};
    const auto* table = entry->node.as<Table>();
    if (table == nullptr) {
        findings.add(entry->at, "a tag is a table with its name: [tag.sport]");
        return {};
    }
    std::vector<TagRule> rules;
    for (const Entry& own : *table) {
        const auto* keys = own.node.as<Table>();
        if (keys == nullptr) {
            findings.add(own.at, fmt::format("\"{}\" in [tag] is {}; a tag is a table with its name: [tag.sport]",
                                             own.key, type_name(own.node)));
            continue;
        }
        TagRule& rule = rules.emplace_back();
        rule.tag = own.key;
        read_table(*keys, k_tag_keys, "tag", header_of("tag", own.key), rule, findings);
    }
    return rules;
}

// A feed's tags say what its own table does not; of several, the narrowest counts.
void apply_tags(const std::vector<TagRule>& rules, Feed& feed) {
    std::optional<Dedup> narrowest;
    for (const TagRule& rule : rules)
        if (rule.dedup && std::find(feed.tags.begin(), feed.tags.end(), rule.tag) != feed.tags.end())
            narrowest = std::min(narrowest.value_or(*rule.dedup), *rule.dedup);
    if (narrowest) feed.dedup = *narrowest;
}

// The places of [dedup] prefer.
void apply_preferences(const Table& document, std::vector<Feed>& feeds, Findings& findings) {
    std::vector<std::string> prefer;
    read_section(document, "dedup", k_dedup_keys, prefer, findings);
    for (std::size_t place = 0; place < prefer.size(); ++place) {
        const auto feed =
            std::find_if(feeds.begin(), feeds.end(), [&](const Feed& one) { return one.name == prefer[place]; });
        if (feed == feeds.end())
            findings.add(find(document, "dedup")->at,
                         fmt::format("prefer in [dedup] names \"{}\", which is no feed; add {} or take it out",
                                     prefer[place], feed_header(prefer[place])));
        else if (feed->preference == 0)
            feed->preference = place + 1;
    }
}

std::vector<Feed> read_feeds(const Table& document, const Feed& defaults, Findings& findings) {
    const Entry* entry = find(document, "feed");
    if (entry == nullptr) return {};
    const auto* table = entry->node.as<Table>();
    if (table == nullptr) {
        findings.add(entry->at, "a feed is a table with a name: [feed.bbc-world]");
        return {};
    }
    const std::vector<TagRule> tags = read_tags(document, findings);
    std::vector<Feed> feeds;
    std::unordered_map<std::string, std::pair<std::string, std::size_t>> first_with_url;  // name and line
    for (const Entry& own : *table) {
        check_name(own, "feed", findings);
        const auto* keys = own.node.as<Table>();
        if (keys == nullptr) {
            findings.add(own.at, fmt::format("\"{}\" in [feed] is {}; a feed is a table with a name: [feed.bbc-world]",
                                             own.key, type_name(own.node)));
            continue;
        }
        Feed feed = defaults;
        feed.name = own.key;
        const std::string shown = feed_header(own.key);
        read_table(*keys, k_feed_keys, "feed", shown, feed, findings);
        if (find(*keys, "dedup") == nullptr) apply_tags(tags, feed);
        check_rhythm(*keys, shown, feed, findings);
        const Entry* url = find(*keys, "url");
        if (url == nullptr) {
            findings.add(own.at, fmt::format("{} has no url; every feed needs one", shown));
        } else if (!feed.url.empty()) {
            const auto [first, is_new] =
                first_with_url.try_emplace(url_identity(feed.url), feed.name, url->node.at.line);
            if (!is_new)
                findings.add(url->node.at,
                             fmt::format("url in {} is that of {} in line {} already; remove one of the two", shown,
                                         feed_header(first->second.first), first->second.second));
        }
        feeds.push_back(std::move(feed));
    }
    return feeds;
}

std::vector<HostRule> read_hosts(const Table& document, Findings& findings) {
    const Entry* entry = find(document, "host");
    if (entry == nullptr) return {};
    const auto* table = entry->node.as<Table>();
    if (table == nullptr) {
        findings.add(entry->at, "a host is a table with its name: [host.\"reddit.com\"]");
        return {};
    }
    std::vector<HostRule> hosts;
    for (const Entry& own : *table) {
        const std::string shown = header_of("host", own.key);
        const auto* keys = own.node.as<Table>();
        const auto url = Url::parse(fmt::format("http://{}/", own.key));
        if (!url || url->host() != ascii_lower(own.key)) {
            findings.add(own.at, fmt::format("\"{}\" is no host's name: write it without scheme, port and path, as in "
                                             "[host.\"reddit.com\"]",
                                             truncate_utf8(own.key, k_longest_name)));
        } else if (keys == nullptr) {
            findings.add(own.at, fmt::format("\"{0}\" in [host] is {1}; a host's name stands in quotes, for its dots: "
                                             "[host.\"reddit.com\"]",
                                             own.key, type_name(own.node)));
        } else {
            HostRule& host = hosts.emplace_back();
            host.name = url->host();
            read_table(*keys, k_host_keys, "host", shown, host, findings);
        }
    }
    return hosts;
}

std::vector<View> read_views(const Table& document, Findings& findings) {
    const Entry* entry = find(document, "view");
    if (entry == nullptr) return {};
    const auto* table = entry->node.as<Table>();
    if (table == nullptr) {
        findings.add(entry->at, "a view is a table with a name: [view.morning]");
        return {};
    }
    std::vector<View> views;
    for (const Entry& own : *table) {
        check_name(own, "view", findings);
        const auto* keys = own.node.as<Table>();
        if (keys == nullptr) {
            findings.add(own.at, fmt::format("\"{}\" in [view] is {}; a view is a table with a name: [view.morning]",
                                             own.key, type_name(own.node)));
            continue;
        }
        View view;
        view.name = own.key;
        read_table(*keys, k_view_keys, "view", header_of("view", own.key), view, findings);
        if (find(*keys, "query") == nullptr)
            findings.add(own.at, fmt::format("{} has no query; \"\" shows everything", header_of("view", own.key)));
        views.push_back(std::move(view));
    }
    return views;
}

std::vector<Rule> read_rules(const Table& document, const std::vector<Feed>& feeds, Findings& findings) {
    const Entry* entry = find(document, "rule");
    if (entry == nullptr) return {};
    const auto* table = entry->node.as<Table>();
    if (table == nullptr) {
        findings.add(entry->at, "a rule is a table with a name: [rule.no-football]");
        return {};
    }
    std::vector<Rule> rules;
    for (const Entry& own : *table) {
        check_name(own, "rule", findings);
        const auto* keys = own.node.as<Table>();
        if (keys == nullptr) {
            findings.add(own.at,
                         fmt::format("\"{}\" in [rule] is {}; a rule is a table with a name: [rule.no-football]",
                                     own.key, type_name(own.node)));
            continue;
        }
        const std::string shown = header_of("rule", own.key);
        Rule rule;
        rule.name = own.key;
        read_table(*keys, k_rule_keys, "rule", shown, rule, findings);
        for (const std::string_view key : {"match", "action"})
            if (find(*keys, key) == nullptr)
                findings.add(own.at, fmt::format("{} has no {}; every rule needs both match and action", shown, key));
        if (rule.action == Rule::Action::tag && find(*keys, "add_tags") == nullptr)
            findings.add(own.at, fmt::format("{} has no add_tags, which action = \"tag\" needs: [\"later\"]", shown));
        const Entry* add_tags = find(*keys, "add_tags");
        if (add_tags != nullptr && rule.action != Rule::Action::tag)
            findings.add(add_tags->at, fmt::format("add_tags in {} is for action = \"tag\"", shown));
        for (const std::string& name : rule.feeds)
            if (std::none_of(feeds.begin(), feeds.end(), [&](const Feed& feed) { return feed.name == name; }))
                findings.add(find(*keys, "feeds")->node.at,
                             fmt::format("feeds in {} names \"{}\", which is no feed; add {} or take it out", shown,
                                         name, feed_header(name)));
        rules.push_back(std::move(rule));
    }
    return rules;
}

void check_sections(const Table& document, Findings& findings) {
    for (const Entry& entry : document) {
        const auto& known = known_tables();
        if (std::any_of(known.begin(), known.end(), [&](const KnownTable& table) { return table.name == entry.key; }))
            continue;
        const bool is_table = entry.node.as<Table>() != nullptr;
        const std::string meant = is_table ? suggest_table(entry.key) : suggest_key(entry.key, "");
        findings.add(entry.at, is_table ? fmt::format("unknown table [{}]{}", entry.key, meant)
                                        : fmt::format("unknown key \"{}\" above all tables{}", entry.key, meant));
    }
}

}  // namespace

std::string to_string(const Problem& problem) {
    if (problem.line == 0) return fmt::format("{}: {}", problem.file, problem.message);
    return fmt::format("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message);
}

std::string to_string(const std::vector<Problem>& problems) {
    std::string out;
    for (const Problem& problem : problems) out += (out.empty() ? "" : "\n") + to_string(problem);
    return out;
}

std::string url_identity(std::string_view text) {
    const auto url = Url::parse(text);
    if (!url) return std::string(text);
    const bool is_default_port =
        (url->scheme() == "http" && url->port() == 80) || (url->scheme() == "https" && url->port() == 443);
    const std::string port = is_default_port || url->port() == 0 ? "" : fmt::format(":{}", url->port());
    std::string user;
    if (url->has_credentials()) {
        const std::size_t begin = url->text().find("//") + 2;
        const std::size_t at = url->text().rfind('@', url->text().find_first_of("/?#", begin));
        if (at != std::string::npos && at > begin) user = url->text().substr(begin, at + 1 - begin);
    }
    std::string identity = fmt::format("{}://{}{}{}{}", url->scheme(), user, url->host(), port, url->path());
    if (!url->query().empty()) identity += "?" + url->query();
    return identity;
}

std::size_t fingerprint_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

std::vector<std::string> differing_keys(const Feed& a, const Feed& b) {
    std::vector<std::string> keys;
    const auto compare = [&](const char* key, bool same) {
        if (!same) keys.emplace_back(key);
    };
    compare("url", a.url == b.url);
    compare("title", a.title == b.title);
    compare("tags", a.tags == b.tags);
    compare("interval", a.interval == b.interval);
    compare("min_interval", a.min_interval == b.min_interval);
    compare("max_interval", a.max_interval == b.max_interval);
    compare("keep", a.keep == b.keep);
    compare("dedup", a.dedup == b.dedup);
    compare("revisions", a.revisions == b.revisions);
    compare("paused", a.paused == b.paused);
    compare("allow_private", a.allow_private == b.allow_private);
    compare("proxy", a.transfer.proxy == b.transfer.proxy);
    compare("user_agent", a.transfer.user_agent == b.transfer.user_agent);
    compare("headers", a.transfer.headers == b.transfer.headers);
    compare("credentials_file", a.transfer.credentials_file == b.transfer.credentials_file);
    return keys;
}

tl::expected<Config, std::vector<Problem>> parse_config(std::string_view text, const std::string& file) {
    Findings findings(file);
    const auto document = read_document(text);
    if (!document) {
        findings.add(document.error().at, document.error().message);
        return tl::unexpected(findings.take());
    }
    Config config;
    config.fingerprint = fingerprint_of(text);
    config.serve.unix_socket = default_socket_path();
    config.serve.group = default_group();
    config.database = default_database_path();
    Feed defaults;
    check_sections(*document, findings);
    read_section(*document, "serve", k_serve_keys, config.serve, findings);
    read_section(*document, "store", k_store_keys, config, findings);
    read_section(*document, "fetch", k_fetch_keys, config.fetch, findings);
    read_section(*document, "defaults", k_default_keys, defaults, findings);
    if (const Entry* entry = find(*document, "defaults"); entry != nullptr && entry->node.as<Table>() != nullptr)
        check_rhythm(*entry->node.as<Table>(), "[defaults]", defaults, findings);
    config.hosts = read_hosts(*document, findings);
    config.feeds = read_feeds(*document, defaults, findings);
    apply_preferences(*document, config.feeds, findings);
    config.views = read_views(*document, findings);
    config.rules = read_rules(*document, config.feeds, findings);
    if (!findings.empty()) return tl::unexpected(findings.take());
    return config;
}

tl::expected<Config, std::vector<Problem>> load_config(const std::string& file) {
    const auto text = read_file(file);
    if (text) return parse_config(*text, file);
    std::string message = text.error().message;
    if (text.error().kind == ErrorKind::not_found)
        message += "; create it (feeds.conf(5) shows how), or pass --config FILE";
    return tl::unexpected(std::vector<Problem>{{file, 0, 0, std::move(message)}});
}

}  // namespace agg::config
