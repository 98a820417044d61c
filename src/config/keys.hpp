// The tables and keys of feeds.conf: the one list that reading, suggestions and the manual's test work from.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/transfer_values.hpp"
#include "config/values.hpp"

namespace agg::config {

template <typename Target>
struct Key {
    std::string_view name;
    void (*read)(const Value& value, Target& target);
};

// Stores a value that could be read; one that could not is among the findings and leaves the default.
template <typename To, typename From>
void assign(To& to, std::optional<From> value) {
    if (value) to = std::move(*value);
}

void read_title(const Value& value, Feed& feed);
void read_contact(const Value& value, Fetch& fetch);
void read_socket(const Value& value, Serve& serve);
void read_group(const Value& value, Serve& serve);
void read_view_title(const Value& value, View& view);
void read_view_query(const Value& value, View& view);
[[nodiscard]] std::optional<Dedup> read_dedup(const Value& value);
void read_revisions(const Value& value, Feed& feed);
void read_view_id_scope(const Value& value, View& view);
void read_match(const Value& value, Rule& rule);
void read_action(const Value& value, Rule& rule);

inline constexpr auto k_serve_keys = std::to_array<Key<Serve>>({
    {"unix", read_socket},
    {"tcp", [](const Value& value, Serve& serve) { assign(serve.tcp, read_loopback(value)); }},
    {"group", read_group},
});

inline constexpr auto k_store_keys = std::to_array<Key<Config>>({
    {"path", [](const Value& value, Config& config) { assign(config.database, read_path(value)); }},
});

inline constexpr auto k_fetch_keys = std::to_array<Key<Fetch>>({
    {"contact", read_contact},
    {"user_agent", [](const Value& value, Fetch& fetch) { assign(fetch.user_agent, read_user_agent(value)); }},
    {"ca_file", [](const Value& value, Fetch& fetch) { assign(fetch.ca_file, read_path(value)); }},
    {"proxy", [](const Value& value, Fetch& fetch) { assign(fetch.proxy, read_proxy(value)); }},
    {"credentials_file",
     [](const Value& value, Fetch& fetch) { assign(fetch.credentials_file, read_credentials_path(value)); }},
    {"allow_private", [](const Value& value, Fetch& fetch) { assign(fetch.allow_private, read_private_hosts(value)); }},
    {"max_transfers",
     [](const Value& value, Fetch& fetch) { assign(fetch.max_transfers, read_count(value, 1, 1000)); }},
    {"timeout", [](const Value& value, Fetch& fetch) { assign(fetch.timeout, read_duration(value)); }},
    {"max_body", [](const Value& value, Fetch& fetch) { assign(fetch.max_body_bytes, read_size(value)); }},
    {"move_polls", [](const Value& value, Fetch& fetch) { assign(fetch.move_polls, read_count(value, 1, 100)); }},
    {"move_age", [](const Value& value, Fetch& fetch) { assign(fetch.move_age, read_duration(value)); }},
    {"revalidate", [](const Value& value, Fetch& fetch) { assign(fetch.revalidate, read_duration(value)); }},
});

// What [defaults] sets and every feed may set for itself.
inline constexpr auto k_default_keys = std::to_array<Key<Feed>>({
    {"interval", [](const Value& value, Feed& feed) { assign(feed.interval, read_interval(value)); }},
    {"min_interval", [](const Value& value, Feed& feed) { assign(feed.min_interval, read_duration(value)); }},
    {"max_interval", [](const Value& value, Feed& feed) { assign(feed.max_interval, read_duration(value)); }},
    {"keep", [](const Value& value, Feed& feed) { assign(feed.keep, read_keep(value)); }},
    {"dedup", [](const Value& value, Feed& feed) { assign(feed.dedup, read_dedup(value)); }},
    {"revisions", read_revisions},
});

inline constexpr auto k_feed_keys = std::to_array<Key<Feed>>({
    {"url", [](const Value& value, Feed& feed) { assign(feed.url, read_feed_url(value)); }},
    {"title", read_title},
    {"tags", [](const Value& value, Feed& feed) { assign(feed.tags, read_texts(value, R"(["news", "world"])")); }},
    k_default_keys[0],
    k_default_keys[1],
    k_default_keys[2],
    k_default_keys[3],
    k_default_keys[4],
    k_default_keys[5],
    {"paused", [](const Value& value, Feed& feed) { assign(feed.paused, read_truth(value)); }},
    {"allow_private", [](const Value& value, Feed& feed) { assign(feed.allow_private, read_truth(value)); }},
    {"proxy", [](const Value& value, Feed& feed) { assign(feed.transfer.proxy, read_proxy(value)); }},
    {"user_agent", [](const Value& value, Feed& feed) { assign(feed.transfer.user_agent, read_user_agent(value)); }},
    {"headers", [](const Value& value, Feed& feed) { assign(feed.transfer.headers, read_headers(value)); }},
    {"credentials_file",
     [](const Value& value, Feed& feed) { assign(feed.transfer.credentials_file, read_credentials_path(value)); }},
});

inline constexpr auto k_host_keys = std::to_array<Key<HostRule>>({
    {"spacing", [](const Value& value, HostRule& host) { assign(host.spacing, read_duration(value)); }},
    {"max_transfers",
     [](const Value& value, HostRule& host) { assign(host.max_transfers, read_count(value, 1, 100)); }},
});

inline constexpr auto k_view_keys = std::to_array<Key<View>>({
    {"query", read_view_query},
    {"title", read_view_title},
    {"n", [](const Value& value, View& view) { assign(view.entries, read_count(value, 1, 1000)); }},
    {"dedup", [](const Value& value, View& view) { assign(view.dedup, read_dedup(value)); }},
    {"id_scope", read_view_id_scope},
});

inline constexpr auto k_rule_keys = std::to_array<Key<Rule>>({
    {"match", read_match},
    {"action", read_action},
    {"add_tags", [](const Value& value, Rule& rule) { assign(rule.add_tags, read_texts(value, R"(["later"])")); }},
    {"feeds", [](const Value& value, Rule& rule) { assign(rule.feeds, read_texts(value, R"(["bbc-world", "lwn"])")); }},
    {"tags", [](const Value& value, Rule& rule) { assign(rule.tags, read_texts(value, R"(["news", "world"])")); }},
});

inline constexpr auto k_dedup_keys = std::to_array<Key<std::vector<std::string>>>({
    {"prefer", [](const Value& value,
                  std::vector<std::string>& prefer) { assign(prefer, read_texts(value, R"(["bbc-world", "lwn"])")); }},
});

// What [tag.NAME] says of the feeds with that tag.
struct TagRule {
    std::string tag;
    std::optional<Dedup> dedup;
};

inline constexpr auto k_tag_keys = std::to_array<Key<TagRule>>({
    {"dedup", [](const Value& value, TagRule& rule) { assign(rule.dedup, std::optional(read_dedup(value))); }},
});

// A table and the names of its keys.
struct KnownTable {
    std::string_view name;    // "serve"
    std::string_view header;  // "[serve]", "[feed.NAME]"
    std::vector<std::string_view> keys;
};
[[nodiscard]] const std::vector<KnownTable>& known_tables();

// How the header of a feed's table is written: [feed.bbc-world], [feed."bbc.news"]; and that of another table with
// names.
[[nodiscard]] std::string feed_header(std::string_view name);
[[nodiscard]] std::string header_of(std::string_view table, std::string_view name);

// What was probably meant by a key that [`table`] does not know: "; did you mean "interval"?"; "" when nothing is near.
[[nodiscard]] std::string suggest_key(std::string_view key, std::string_view table);

// The same for the name of a table.
[[nodiscard]] std::string suggest_table(std::string_view name);

}  // namespace agg::config
