#include <random>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;

// Each version of the document carries its own items only, and who has its ETag gets 304: an ETag stored before the
// items would lose them for ever.
TEST_CASE("kill -9 at any moment loses and doubles nothing") {
    constexpr int k_rounds = 10;
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);

    Origin origin;
    const std::vector<std::string> names = {"a", "b", "c", "d"};
    std::string tables;
    for (const std::string& name : names) tables += feed_table(name, origin.url("/" + name));
    DaemonUnderTest aggd(tables);
    std::set<std::string> expected;

    for (int round = 0; round < k_rounds; ++round) {
        for (const std::string& name : names) {
            std::vector<std::string> titles;
            for (int i = 0; i < 40; ++i) titles.push_back(name + "-" + std::to_string(round) + "-" + std::to_string(i));
            expected.insert(titles.begin(), titles.end());
            origin.on("/" + name, document(rss(name, titles, "https://" + name + ".example")));
        }
        aggd.start();
        (void)aggd.aggctl({"refresh", "--force"});
        std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution<int>{0, 120}(random)});
        aggd.kill();
        aggd.start();
        aggd.refresh();
        const auto titles = aggd.titles();
        const std::set<std::string> stored(titles.begin(), titles.end());
        INFO("round " << round);
        REQUIRE(titles.size() == stored.size());
        // The newest thousand entries are served.
        if (expected.size() <= 1000)
            REQUIRE(stored == expected);
        else
            REQUIRE(std::includes(expected.begin(), expected.end(), stored.begin(), stored.end()));
        for (const std::string& name : names) REQUIRE(stored.contains(name + "-" + std::to_string(round) + "-39"));
        aggd.kill();
    }
}
