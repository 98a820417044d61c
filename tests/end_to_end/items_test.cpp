// Items as people find, list and mark them.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;

namespace {

struct House {
    Origin origin;
    std::unique_ptr<DaemonUnderTest> aggd;

    House() {
        origin.on("/a", document(rss("Alpha", {"Rain tomorrow", "Выборы в порту"}, "https://alpha.example")));
        origin.on("/b", document(rss("Beta", {"Harbour news"}, "https://beta.example")));
        aggd = std::make_unique<DaemonUnderTest>(feed_table("alpha", origin.url("/a"), "tags = [\"weather\"]") +
                                                 feed_table("beta", origin.url("/b")) +
                                                 "[view.unread]\nquery = \"is:unread\"\n");
        aggd->start();
        aggd->refresh();
        // The full-text index is fed a moment after the items are stored.
        wait_until("the words are found", [this] {
            return out({"search", "выборы"}).find("Выборы") != std::string::npos;
        });
    }
    [[nodiscard]] std::string out(std::vector<std::string> arguments) const {
        return aggd->aggctl(std::move(arguments)).out;
    }
};

}  // namespace

TEST_CASE("items are listed, searched and marked by their numbers and titles") {
    House house;
    CHECK_THAT(house.out({"items"}), Contains("Rain tomorrow") && Contains("Harbour news") && Contains("ITEM"));
    CHECK_THAT(house.out({"items", "-n", "1", "--no-legend"}), !Contains("ITEM"));
    CHECK_THAT(house.out({"search", "tag:weather", "rain*"}), Contains("Rain tomorrow") && !Contains("Harbour"));
    CHECK_THAT(house.aggd->aggctl({"search", "tga:x"}).err, Contains("column 1: unknown key \"tga\""));
    CHECK(house.aggd->aggctl({"search", "tga:x"}).exit_code == 1);
    CHECK_THAT(house.out({"read", "Rain", "https://beta.example/Harbour news"}), Contains("Changed 2 items"));
    CHECK_THAT(house.out({"items", "--view", "unread"}),
               Contains("Выборы") && !Contains("Rain") && !Contains("Harbour"));
    CHECK_THAT(house.aggd->get("/view/unread.atom").body, Contains("Выборы") && !Contains("Rain"));
    CHECK_THAT(house.out({"unread", "Rain"}), Contains("Changed 1 item"));
    CHECK_THAT(house.aggd->get("/view/unread.atom").body, Contains("Rain"));
    CHECK(house.aggd->aggctl({"star", "no such title"}).exit_code == 4);
    CHECK_THAT(house.out({"--json", "star", "Rain"}), Contains("\"changed\":1"));
    CHECK_THAT(house.out({"search", "is:starred"}), Contains("Rain") && Contains("*"));
}

TEST_CASE("views of tags, sources and searches are served, and listed for readers") {
    House house;
    CHECK(entry_titles(house.aggd->get("/tag/weather.atom").body).size() == 2);
    CHECK(entry_titles(house.aggd->get("/source/beta.atom").body) == std::vector<std::string>{"Harbour news"});
    CHECK(entry_titles(house.aggd->get("/search.atom?q=harbour").body) == std::vector<std::string>{"Harbour news"});
    CHECK(house.aggd->get("/tag/none.atom").status == 404);
    CHECK_THAT(house.aggd->get("/views.opml").body, Contains("/view/unread.atom") && Contains("/tag/weather.atom"));
    CHECK_THAT(house.aggd->get("/opml").body, Contains(house.origin.url("/b")));
}

TEST_CASE("what is read stays read when aggd starts again") {
    House house;
    (void)house.out({"read", "Rain"});
    house.aggd->kill();
    house.aggd->start();
    CHECK_THAT(house.out({"items", "--view", "unread"}), !Contains("Rain") && Contains("Harbour"));
}
