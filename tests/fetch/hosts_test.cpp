#include "fetch/hosts.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

const TimePoint k_noon = *parse_rfc3339("2022-01-10T12:00:00Z");

Url url(std::string_view text) { return *Url::parse(text); }

Response response(int status, std::vector<std::pair<std::string, std::string>> headers = {}) {
    Response made{.status = status, .url = "https://feeds.example.com/"};
    for (auto& [name, value] : headers) made.headers.add(std::move(name), std::move(value));
    return made;
}

constexpr milliseconds k_no_ceiling = 24h * 7;

}  // namespace

TEST_CASE("feeds share a host when their registrable domain is the same") {
    const Hosts hosts;
    const auto [of, scope] = GENERATE(table<std::string, std::string>({
        {"https://feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk"},
        {"https://www.bbci.co.uk/", "bbci.co.uk"},
        {"https://old.reddit.com/r/cpp/.rss", "reddit.com"},
        {"https://someone.github.io/feed", "someone.github.io"},  // everybody's own, says the public suffix list
        {"https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai"},
        {"https://жёлтый.пример.рф/", "пример.рф"},
        {"http://192.0.2.7:8080/feed", "192.0.2.7"},
        {"http://[2001:db8::1]/feed", "[2001:db8::1]"},
        {"http://localhost/feed", "localhost"},
        {"http://nas/feed", "nas"},
        {"file:///srv/feed.xml", ""},
    }));
    CHECK(hosts.scope_of(url(of)) == scope);
}

TEST_CASE("[host.NAME] makes a name, and all below it, a scope of its own; the longest name wins") {
    Hosts hosts;
    hosts.use({{.name = "blogs.example.com", .spacing = 5s, .max_transfers = {}},
               {.name = "a.blogs.example.com", .spacing = {}, .max_transfers = 4}});
    CHECK(hosts.scope_of(url("https://blogs.example.com/")) == "blogs.example.com");
    CHECK(hosts.scope_of(url("https://b.blogs.example.com/")) == "blogs.example.com");
    CHECK(hosts.scope_of(url("https://x.a.blogs.example.com/")) == "a.blogs.example.com");
    CHECK(hosts.scope_of(url("https://myblogs.example.com/")) == "example.com");
    CHECK(hosts.pace("blogs.example.com", Whose::somebodys, k_noon).spacing == 5s);
    CHECK(hosts.pace("a.blogs.example.com", Whose::somebodys, k_noon).max_transfers == 4);
}

TEST_CASE("a host gets one request at a time, a second apart; a machine of our own as many as there are") {
    const Hosts hosts;
    CHECK(hosts.pace("example.com", Whose::somebodys, k_noon) ==
          HostPace{.bounded = true, .max_transfers = 1, .spacing = 1s, .held_until = {}});
    CHECK_FALSE(hosts.pace("nas", Whose::our_own, k_noon).bounded);
}

TEST_CASE("a machine of our own is known by its address or its name") {
    CHECK(whose_host("192.168.1.5") == Whose::our_own);
    CHECK(whose_host("[fd00::1]") == Whose::our_own);
    CHECK(whose_host("reader.localhost") == Whose::our_own);
    CHECK(whose_host("203.0.114.1") == Whose::somebodys);
    CHECK(whose_host("example.com") == Whose::somebodys);
}

TEST_CASE("a 429 holds the whole host as long as the feed that got it, at most a day") {
    const HostState held = host_after({.host = "example.com"}, response(429), k_noon + 30min, k_no_ceiling, k_noon);
    CHECK(held.held_until == k_noon + 30min);
    CHECK(held.held_reason == "it answered 429 Too Many Requests");
    CHECK(held.limited == 1);

    CHECK(host_after({}, response(429), k_noon + 72h, k_no_ceiling, k_noon).held_until == k_noon + 24h);
    CHECK(host_after({}, response(429), k_noon + 72h, 8s, k_noon).held_until == k_noon + 8s);
}

TEST_CASE("a 503 holds its feed, not its host") {
    CHECK(host_after({}, response(503), k_noon + 1h, k_no_ceiling, k_noon) == HostState{});
}

TEST_CASE("a hold is never shortened, and forgotten when it is over and the host answers") {
    const HostState held = host_after({}, response(429), k_noon + 2h, k_no_ceiling, k_noon);
    CHECK(host_after(held, response(429), k_noon + 1h, k_no_ceiling, k_noon + 1min).held_until == k_noon + 2h);
    CHECK(host_after(held, response(304), k_noon + 3h, k_no_ceiling, k_noon + 1h).held_until == k_noon + 2h);
    CHECK(host_after(held, response(304), k_noon + 3h, k_no_ceiling, k_noon + 2h) == HostState{});
}

TEST_CASE("rate headers are read in all their forms") {
    const auto [headers, remaining, reset] =
        GENERATE(table<std::vector<std::pair<std::string, std::string>>, double, milliseconds>({
            {{{"RateLimit", "\"default\";r=50;t=30"}}, 50, 30s},
            {{{"RateLimit", "limit=100, remaining=50, reset=30"}}, 50, 30s},
            {{{"RateLimit-Remaining", "7"}, {"RateLimit-Reset", "60"}}, 7, 60s},
            {{{"X-RateLimit-Remaining", "98.0"}, {"X-RateLimit-Reset", "570"}}, 98, 570s},
            {{{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1641816060"}}, 0, 60s},  // 12:01
            {{{"x-rate-limit-remaining", "1"}, {"x-rate-limit-reset", "999999"}}, 1, 24h},
            {{{"RateLimit-Remaining", "7"}, {"RateLimit-Reset", "1641815000"}}, 7, 0s},  // long ago
        }));
    const auto said = rate_budget(response(200, headers).headers, k_noon);
    REQUIRE(said);
    CHECK(said->remaining == Approx(remaining));
    CHECK(said->reset == reset);
}

TEST_CASE("rate headers that make no sense are not there") {
    const auto headers = GENERATE(
        std::vector<std::pair<std::string, std::string>>{},
        std::vector<std::pair<std::string, std::string>>{{"RateLimit-Remaining", "7"}},
        std::vector<std::pair<std::string, std::string>>{{"RateLimit-Remaining", "-1"}, {"RateLimit-Reset", "60"}},
        std::vector<std::pair<std::string, std::string>>{{"X-RateLimit-Remaining", "many"},
                                                         {"X-RateLimit-Reset", "soon"}},
        std::vector<std::pair<std::string, std::string>>{{"RateLimit", "r=1e999;t=nan"}});
    CHECK_FALSE(rate_budget(response(200, headers).headers, k_noon));
}

TEST_CASE("a spent budget holds the host until there is a new one; a scarce one spreads the requests over the rest") {
    const Response spent = response(200, {{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "90"}});
    const HostState held = host_after({}, spent, std::nullopt, k_no_ceiling, k_noon);
    CHECK(held.held_until == k_noon + 90s);
    CHECK(held.held_reason == "its rate headers leave no request for 1 min 30 s");

    Hosts hosts;
    const Response scarce = response(200, {{"X-RateLimit-Remaining", "10"}, {"X-RateLimit-Reset", "600"}});
    hosts.remember(host_after({.host = "example.com"}, scarce, std::nullopt, k_no_ceiling, k_noon));
    CHECK(hosts.pace("example.com", Whose::somebodys, k_noon + 1min).spacing == 60s);
    CHECK(hosts.pace("example.com", Whose::somebodys, k_noon + 10min).spacing == 1s);
    const Response plenty = response(200, {{"X-RateLimit-Remaining", "5000"}, {"X-RateLimit-Reset", "600"}});
    hosts.remember(host_after({.host = "example.com"}, plenty, std::nullopt, k_no_ceiling, k_noon));
    CHECK(hosts.pace("example.com", Whose::somebodys, k_noon).spacing == 1s);
}
