#include "fetch/hosts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/registrable_domain.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr milliseconds k_longest_hold = hours{24};
constexpr milliseconds k_longest_spacing = hours{1};
constexpr double k_seconds_that_are_a_date = 1e9;  // since 1970: 2001

std::optional<double> read_number(std::string_view text) {
    text = trim(text);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number) || number < 0)
        return std::nullopt;
    return number;
}

// The parameter `name` of a list like `"default";r=50;t=30` or `limit=100, remaining=50, reset=30`.
std::optional<double> parameter(std::string_view list, std::string_view name) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find_first_of(";,"), list.size());
        const std::string_view part = trim(list.substr(0, end));
        if (const std::size_t equals = part.find('='); equals != std::string_view::npos)
            if (iequals(trim(part.substr(0, equals)), name)) return read_number(part.substr(equals + 1));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return std::nullopt;
}

std::optional<RateBudget> budget(std::optional<double> remaining, std::optional<double> reset, TimePoint now) {
    if (!remaining || !reset) return std::nullopt;
    double seconds_left = *reset;
    if (seconds_left >= k_seconds_that_are_a_date) seconds_left -= static_cast<double>(to_unix_ms(now)) / 1000;
    seconds_left = std::clamp(seconds_left, 0.0, duration<double>(k_longest_hold).count());
    return RateBudget{*remaining, duration_cast<milliseconds>(duration<double>(seconds_left))};
}

bool is_below(std::string_view host, std::string_view name) {
    if (!host.ends_with(name)) return false;
    return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

}  // namespace

std::optional<RateBudget> rate_budget(const Headers& headers, TimePoint now) {
    const std::string combined = headers.joined("RateLimit");
    if (const auto said = budget(parameter(combined, "r"), parameter(combined, "t"), now)) return said;
    if (const auto said = budget(parameter(combined, "remaining"), parameter(combined, "reset"), now)) return said;
    for (const std::string prefix : {"RateLimit-", "X-RateLimit-", "X-Rate-Limit-"}) {
        if (const auto said =
                budget(read_number(headers.get(prefix + "Remaining")), read_number(headers.get(prefix + "Reset")), now))
            return said;
    }
    return std::nullopt;
}

HostState host_after(HostState before, const Response& response, std::optional<TimePoint> feed_held_until,
                     milliseconds ceiling, TimePoint now) {
    HostState after = std::move(before);
    const auto hold = [&](TimePoint until, std::string reason) {
        until = std::min(until, now + std::min(k_longest_hold, ceiling));
        if (after.held_until && *after.held_until >= until) return;
        after.held_until = until;
        after.held_reason = std::move(reason);
    };
    if (after.held_until && *after.held_until <= now) {
        after.held_until.reset();
        after.held_reason.clear();
    }
    if (after.spacing_until && *after.spacing_until <= now) {
        after.spacing.reset();
        after.spacing_until.reset();
    }
    if (response.status == 429) {
        ++after.limited;
        after.limited_at = now;
        if (feed_held_until) hold(*feed_held_until, "it answered 429 Too Many Requests");
    } else if (response.status < 400) {
        after.limited = 0;
        after.limited_at.reset();
    }
    const auto said = rate_budget(response.headers, now);
    if (!said || said->reset <= milliseconds{0}) return after;
    if (said->remaining < 1) {
        hold(now + said->reset, fmt::format("its rate headers leave no request for {}", to_words(said->reset)));
        return after;
    }
    after.spacing = std::min({duration_cast<milliseconds>(said->reset / said->remaining), k_longest_spacing, ceiling});
    after.spacing_until = now + said->reset;
    return after;
}

void Hosts::use(std::vector<HostRule> rules) { rules_ = std::move(rules); }

void Hosts::remember(HostState state) {
    if (state == HostState{.host = state.host})
        states_.erase(state.host);
    else
        states_.insert_or_assign(state.host, state);
}

const HostRule* Hosts::rule_for(const std::string& host) const {
    const HostRule* longest = nullptr;
    for (const HostRule& rule : rules_)
        if (is_below(host, rule.name) && (longest == nullptr || rule.name.size() >= longest->name.size()))
            longest = &rule;
    return longest;
}

std::string Hosts::scope_of(const Url& url) const {
    if (!url.is_http()) return {};
    const HostRule* rule = rule_for(url.host());
    return rule != nullptr ? rule->name : registrable_domain(url.host());
}

HostState Hosts::state(const std::string& host) const {
    const auto found = states_.find(host);
    return found != states_.end() ? found->second : HostState{.host = host};
}

HostPace Hosts::pace(const std::string& host, Whose whose, TimePoint now) const {
    HostPace pace{.bounded = whose == Whose::somebodys, .spacing = spacing_};
    if (const HostRule* rule = rule_for(host)) {
        pace.bounded = true;
        if (rule->spacing) pace.spacing = *rule->spacing;
        if (rule->max_transfers) pace.max_transfers = *rule->max_transfers;
    }
    const HostState remembered = state(host);
    if (remembered.spacing && remembered.spacing_until && *remembered.spacing_until > now &&
        (*remembered.spacing > pace.spacing || !pace.bounded)) {
        pace.bounded = true;
        pace.spacing = *remembered.spacing;
    }
    // Later than any hold: a clock was wrong, then or now.
    const bool is_held = remembered.held_until && *remembered.held_until <= now + k_longest_hold;
    if (is_held && *remembered.held_until > now) pace.held_until = *remembered.held_until;
    return pace;
}

Whose whose_host(const std::string& host) {
    if (const auto address = Address::parse(host)) return is_public(*address) ? Whose::somebodys : Whose::our_own;
    return host == "localhost" || host.ends_with(".localhost") ? Whose::our_own : Whose::somebodys;
}

}  // namespace agg::fetch
