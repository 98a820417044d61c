// Rules of feeds.conf as people write, try and take them back.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

struct House {
    Origin origin;
    std::unique_ptr<DaemonUnderTest> aggd;
    std::string feeds;  // feeds.conf without rules

    House() {
        origin.on("/a",
                  document(rss("Alpha", {"Football: a draw", "Выборы в порту", "Rain"}, "https://alpha.example")));
        origin.on("/b", document(rss("Beta", {"Football tonight", "北京天气预报"}, "https://beta.example")));
        aggd = std::make_unique<DaemonUnderTest>(feed_table("alpha", origin.url("/a"), "tags = [\"news\"]\n") +
                                                 feed_table("beta", origin.url("/b")));
        feeds = read_file(aggd->config_file());
        aggd->start();
        aggd->refresh();
    }
    [[nodiscard]] std::string out(std::vector<std::string> arguments) const {
        const Finished done = aggd->aggctl(std::move(arguments));
        return done.out + done.err;
    }
    // Puts `rules` in force and waits until what is stored follows them.
    void write(const std::string& rules) {
        write_file(aggd->config_file(), feeds + rules);
        REQUIRE(aggd->aggctl({"reload"}).exit_code == 0);
        settle();
    }
    void settle() const {
        wait_until("all is ruled on", [this] {
            return out({"--json", "status"}).find("\"unruled\":0,") != std::string::npos;
        });
    }
};

const std::string k_no_football = "[rule.no-football]\nmatch = 'title:/^football\\b/i'\naction = \"drop\"\n";

}  // namespace

TEST_CASE("a rule is tried before anything happens, hides what is stored, and gives it back") {
    House house;
    const std::string etag = house.aggd->get("/feed.atom").headers["etag"];
    const Strings before = house.aggd->titles();
    REQUIRE(before.size() == 5);

    const std::string trial = house.out({"rule", "test", "title:/^football\\b/i"});
    CHECK_THAT(trial, Contains("2 of 5 items") && Contains("alpha") && Contains("Football tonight") &&
                          Contains("Nothing was changed"));
    CHECK_THAT(house.out({"rule", "test", "выборы", "--since", "2022-01-01", "--tag", "news"}),
               Contains("1 of 3 items") && Contains("Выборы в порту"));
    CHECK_THAT(house.out({"rule", "test", "天气", "--feed", "beta", "-n", "0"}),
               Contains("1 of 2 items") && !Contains("北京"));
    CHECK(house.aggd->titles() == before);

    write_file(house.aggd->config_file(), house.feeds + k_no_football);
    CHECK(house.out({"reload", "--dry-run"}) == "+rule no-football\n");
    CHECK(house.aggd->titles() == before);

    house.write(k_no_football);
    CHECK(house.aggd->titles().size() == 3);
    CHECK(house.aggd->get("/feed.atom", {"If-None-Match: " + etag}).status == 200);
    CHECK(entry_titles(house.aggd->get("/source/beta.atom").body) == Strings{"北京天气预报"});
    CHECK_THAT(house.out({"items"}), !Contains("Football"));
    const std::string reader = "/reader/api/0/";
    CHECK_THAT(house.aggd->get(reader + "stream/contents/user/-/state/com.google/reading-list?n=100").body,
               Contains("Rain") && !Contains("Football"));
    CHECK_THAT(house.aggd->get(reader + "unread-count?output=json").body, Contains("\"max\":3"));
    CHECK_THAT(house.out({"items", "--hidden"}), Contains("Football: a draw") && !Contains("Rain"));
    CHECK_THAT(house.out({"why", "Football tonight"}), Contains("hidden by [rule.no-football]"));
    CHECK_THAT(house.out({"rule", "list"}), Contains("no-football") && Contains("drop") && Contains("all feeds"));
    CHECK_THAT(house.out({"--json", "rule", "list"}), Contains("\"items\":2"));
    CHECK_THAT(house.out({"status"}), Contains("rules hide 2 of them"));

    // Known when they come again, and hidden when they are new.
    house.origin.on("/a",
                    document(rss("Alpha", {"Football, again", "Football: a draw", "Rain"}, "https://alpha.example")));
    house.aggd->refresh();
    CHECK(house.aggd->titles().size() == 3);

    house.write("");
    CHECK(house.aggd->titles().size() == 6);
    CHECK_THAT(house.out({"items", "--hidden"}), Contains("No items"));
}

TEST_CASE("rules tag, star and read what is stored and what comes, and survive a crash") {
    House house;
    house.write(
        "[rule.later]\nmatch = 'выборы OR 天气'\naction = \"tag\"\nadd_tags = [\"Later\"]\n"
        "[rule.good]\nmatch = 'rain'\naction = \"star\"\n"
        "[rule.seen]\nmatch = 'title:/./'\naction = \"read\"\nfeeds = [\"beta\"]\n");
    CHECK(entry_titles(house.aggd->get("/tag/later.atom").body).size() == 2);
    CHECK_THAT(house.aggd->get("/reader/api/0/tag/list?output=json").body, Contains("label/Later"));
    CHECK_THAT(house.out({"search", "is:starred"}), Contains("Rain"));
    CHECK_THAT(house.out({"search", "is:unread"}), !Contains("北京") && Contains("Выборы"));
    CHECK_THAT(house.out({"why", "Rain"}), Contains("starred by [rule.good]"));
    (void)house.out({"unread", "北京天气预报"});
    write_file(house.aggd->config_file(), house.feeds + k_no_football);
    house.aggd->kill();
    house.aggd->start();
    house.settle();
    CHECK(house.aggd->titles().size() == 3);
    CHECK_THAT(house.out({"search", "is:starred"}), !Contains("Rain"));
    CHECK_THAT(house.out({"search", "is:unread"}), Contains("北京"));
    CHECK(house.aggd->get("/tag/later.atom").status == 404);
}

TEST_CASE("a mistake in an expression is shown where it is, and a file with one is not taken") {
    House house;
    const Finished misread = house.aggd->aggctl({"rule", "test", "天气 tittle:x"});
    CHECK(misread.exit_code == 1);
    CHECK(misread.err ==
          "aggctl: column 4: unknown key \"tittle\"; did you mean \"title\"?; to search for the text, put it in "
          "quotes\n  天气 tittle:x\n       ^\n");
    write_file(house.aggd->config_file(), house.feeds + "[rule.bad]\nmatch = 'title:/(/'\naction = \"drop\"\n");
    const Finished refused = house.aggd->aggctl({"reload"});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.err,
               Contains("match in [rule.bad] is 'title:/(/'; column 8: this regular expression cannot be read"));
    CHECK(house.aggd->titles().size() == 5);
}
