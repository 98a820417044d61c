// feeds.conf: what is subscribed and how aggd behaves. TOML; the only truth about subscriptions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/feed.hpp"
#include "base/host.hpp"
#include "base/rule.hpp"
#include "base/view.hpp"

namespace agg::config {

// [serve]: where the merged feed is served.
struct Serve {
    std::string unix_socket;  // absolute path; never empty
    // "127.0.0.1:8137", "[::1]:8137"; port 0 is any free one. Loopback only. Empty ("off" in the file): not on TCP.
    std::string tcp = "127.0.0.1:8137";
    std::string group;  // whose members may change things over the Unix socket; empty: nobody but root and our own user

    friend bool operator==(const Serve&, const Serve&) = default;
};

// [fetch]: politeness and limits of every transfer.
struct Fetch {
    std::string contact = "https://aggd.example/";    // in the User-Agent: whom a publisher can ask
    std::string user_agent;                           // what stands before the contact; empty: aggd and its version
    std::string ca_file;                              // empty: the system's
    std::optional<std::string> proxy;                 // its URL, "" for none; absent: what the environment says
    std::string credentials_file;                     // users and passwords by host, an absolute path; empty: none
    std::vector<std::string> allow_private;           // networks (CIDR) or host[:port] that may be private
    std::size_t max_transfers = 32;                   // at once, in all
    std::chrono::milliseconds timeout{60'000};        // one poll, all redirects included
    std::uint64_t max_body_bytes = 16 * 1024 * 1024;  // on the wire and decoded
    std::size_t move_polls = 3;                       // that a permanent redirect must be seen in to be believed
    std::chrono::milliseconds move_age{std::chrono::hours{24}};        // and over how long
    std::chrono::milliseconds revalidate{std::chrono::hours{24 * 8}};  // the longest time of nothing but 304s

    friend bool operator==(const Fetch&, const Fetch&) = default;
};

struct Config {
    Serve serve;
    std::string database;  // absolute path
    Fetch fetch;
    std::vector<HostRule> hosts;  // [host.NAME]
    std::vector<Feed> feeds;      // in the file's order, [defaults] applied
    std::vector<View> views;      // in the file's order
    std::vector<Rule> rules;      // in the file's order
    std::size_t fingerprint = 0;  // of the text it was read from
};

// Of the text of a feeds.conf; good for this process only.
[[nodiscard]] std::size_t fingerprint_of(std::string_view text);

// The keys of [feed.NAME] whose values, defaults applied, differ.
[[nodiscard]] std::vector<std::string> differing_keys(const Feed& a, const Feed& b);

// One thing wrong: feeds.conf:14:1: unknown key "intervall" in [feed.bbc-world]; did you mean "interval"?
struct Problem {
    std::string file;
    std::size_t line = 0;
    std::size_t column = 0;
    std::string message;
};
[[nodiscard]] std::string to_string(const Problem& problem);

// Every problem, one per line.
[[nodiscard]] std::string to_string(const std::vector<Problem>& problems);

// Reads the text of a feeds.conf. `file` is its path: shown in problems, and relative paths inside are relative to its
// folder. Fails with all problems at once (a syntax error hides what follows it), in the order of the file.
[[nodiscard]] tl::expected<Config, std::vector<Problem>> parse_config(std::string_view text, const std::string& file);

// Reads the file itself; one that is not there or not readable is a Problem as well.
[[nodiscard]] tl::expected<Config, std::vector<Problem>> load_config(const std::string& file);

// What makes two feeds one: the URL with scheme and host in lower case, without default port and fragment. It is not
// what is requested.
[[nodiscard]] std::string url_identity(std::string_view url);

// Every key that feeds.conf may hold, as "[serve] unix", "[feed.NAME] url" and so on: the manual is tested against it.
[[nodiscard]] std::vector<std::string> known_keys();

}  // namespace agg::config
