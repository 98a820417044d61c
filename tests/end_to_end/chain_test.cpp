// aggd reads aggd: how several installations share the work, one of them merging the others' feeds.
#include <catch2/catch.hpp>

#include <algorithm>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Strings = std::vector<std::string>;

namespace {

Strings sorted(Strings titles) {
    std::sort(titles.begin(), titles.end());
    return titles;
}

Strings numbered(const std::string& word, int count) {
    Strings titles;
    for (int n = 0; n < count; ++n) titles.push_back(word + " " + std::to_string(n));
    return titles;
}

// The port is another one at each start: a feed that is subscribed once it is known.
void subscribe(const DaemonUnderTest& reader, const std::string& name, const DaemonUnderTest& read) {
    const Finished added = reader.aggctl({"add", "--name", name, read.tcp_url() + "/feed.atom"});
    INFO(added.err);
    REQUIRE(added.exit_code == 0);
}

}  // namespace

TEST_CASE("an aggd that reads another has everything that it has, with its links, and no item twice") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", numbered("Ant", 40), "https://alpha.example")));
    origin.on("/b", document(rss("Beta", numbered("Bee", 30), "https://beta.example")));
    DaemonUnderTest district(feed_table("alpha", origin.url("/a")) + feed_table("beta", origin.url("/b")));
    DaemonUnderTest city("");
    district.start();
    city.start();
    district.refresh();
    subscribe(city, "district", district);
    city.refresh();
    CHECK(sorted(city.titles()) == sorted(district.titles()));
    CHECK(entry_links(city.get("/feed.atom?n=1000").body, "Ant 7").front() == "alternate https://alpha.example/Ant%207");

    origin.on("/a", document(rss("Alpha", numbered("Ant", 43), "https://alpha.example")));
    district.refresh();
    city.refresh();
    city.refresh();
    CHECK(sorted(city.titles()) == sorted(district.titles()));
    CHECK(city.titles().size() == 73);
}

TEST_CASE("two that read each other end with the same, and then nothing moves any more") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", numbered("Ant", 20), "https://alpha.example")));
    origin.on("/b", document(rss("Beta", numbered("Bee", 20), "https://beta.example")));
    DaemonUnderTest one(feed_table("alpha", origin.url("/a")));
    DaemonUnderTest other(feed_table("beta", origin.url("/b")));
    one.start();
    other.start();
    one.refresh();
    other.refresh();
    subscribe(one, "other", other);
    subscribe(other, "one", one);
    for (int round = 0; round < 3; ++round) {
        one.refresh();
        other.refresh();
    }
    CHECK(sorted(one.titles()).size() == 40);
    CHECK(sorted(one.titles()) == sorted(other.titles()));

    const std::string before = one.get("/feed.atom?n=1000").body, before_other = other.get("/feed.atom?n=1000").body;
    for (int round = 0; round < 3; ++round) {
        one.refresh();
        other.refresh();
    }
    CHECK(one.get("/feed.atom?n=1000").body == before);
    CHECK(other.get("/feed.atom?n=1000").body == before_other);
}
