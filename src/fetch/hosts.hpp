// Politeness towards hosts: which feeds share one, how it is paced, and what its answers ask of all of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/host.hpp"
#include "base/url.hpp"
#include "fetch/address.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

// What a host's answer says of its budget for us.
struct RateBudget {
    double remaining = 0;                // requests
    std::chrono::milliseconds reset{0};  // until there are new ones
};

// Reads RateLimit and RateLimit-Remaining/-Reset (draft-ietf-httpapi-ratelimit-headers, its several forms) and the
// X- ones that came before, whose reset is a time since 1970 at some hosts. Absent when they are missing or unusable.
[[nodiscard]] std::optional<RateBudget> rate_budget(const Headers& headers, TimePoint now);

// How `before` changes with an answer of that host; `feed_held_until` is when the feed that got it is polled next. A
// 429 holds the whole host as long as that feed, at most a day; a spent budget holds it until there is a new one; a
// scarce budget spreads the requests. A hold is never shortened. `ceiling` limits every wait.
[[nodiscard]] HostState host_after(HostState before, const Response& response, std::optional<TimePoint> feed_held_until,
                                   std::chrono::milliseconds ceiling, TimePoint now);

enum class Whose { somebodys, our_own };

// How the poller treats a host.
struct HostPace {
    bool bounded = true;            // false: as many at once as there are, without spacing; holds count all the same
    std::size_t max_transfers = 1;  // at once
    std::chrono::milliseconds spacing{1'000};  // between two starts
    TimePoint held_until{};

    friend bool operator==(const HostPace&, const HostPace&) = default;
};

// All hosts that are known. Lives on the io thread.
class Hosts {
  public:
    // `spacing` is that of hosts for which the user set no other.
    explicit Hosts(std::chrono::milliseconds spacing = HostPace{}.spacing) : spacing_(spacing) {}

    // The user's rules; a later name wins over an earlier one.
    void use(std::vector<HostRule> rules);
    void remember(HostState state);

    // The scope of `url`: the longest rule that names its host or a domain above it, else its registrable domain;
    // empty for files.
    [[nodiscard]] std::string scope_of(const Url& url) const;

    // What is remembered of `host`; an empty state when nothing is.
    [[nodiscard]] HostState state(const std::string& host) const;
    [[nodiscard]] const std::unordered_map<std::string, HostState>& states() const { return states_; }

    // How `host` is treated at `now`. A machine of one's own is neither spaced nor counted, unless a rule names it.
    [[nodiscard]] HostPace pace(const std::string& host, Whose whose, TimePoint now) const;

  private:
    [[nodiscard]] const HostRule* rule_for(const std::string& host) const;

    std::chrono::milliseconds spacing_;
    std::vector<HostRule> rules_;
    std::unordered_map<std::string, HostState> states_;
};

// Our own by its name alone: a private or loopback address, "localhost".
[[nodiscard]] Whose whose_host(const std::string& host);

}  // namespace agg::fetch
