#include "serve/health_feed.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "serve/samples.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace {

// Two events, the newest first.
std::vector<store::StoredHealthEvent> two_events() {
    HealthEvent broken{.kind = HealthKind::broken,
                       .at = at("2022-01-10T09:00:00Z"),
                       .feed = "quay-notes",
                       .title = "Quay Notes is broken since 2022-01-10: 403 <Forbidden>",
                       .text = "The last 3 polls failed, this one with: \"Ask & wait\".",
                       .fix = "aggctl why quay-notes"};
    HealthEvent recovered = broken;
    recovered.kind = HealthKind::recovered;
    recovered.at = at("2022-01-11T09:00:00Z");
    recovered.title = "Quay Notes has recovered";
    return {{8, recovered}, {7, broken}};
}

struct House {
    asio::thread_pool pool{1};
    std::vector<store::StoredHealthEvent> events = two_events();
    HealthFeed health{pool, [this](std::size_t) { return events; }, "store-1", "http://127.0.0.1:8137/"};

    Response ask(ViewFormat format, Headers headers = {}) {
        return run(health.answer(request("GET", "/health.atom", std::move(headers)), format));
    }
};

}  // namespace

TEST_CASE("the health feed is valid Atom: an entry per event with its id, time, words and the command that helps") {
    House house;
    const Response answer = house.ask(ViewFormat::atom);
    pugi::xml_document xml;
    REQUIRE(xml.load_string(answer.body->c_str()));
    const pugi::xml_node feed = xml.child("feed");
    CHECK(feed.attribute("xmlns").value() == std::string("http://www.w3.org/2005/Atom"));
    CHECK(feed.child_value("id") == std::string("urn:x-aggd:store-1:health"));
    CHECK_FALSE(std::string(feed.child_value("title")).empty());
    CHECK(feed.child_value("updated") == std::string("2022-01-11T09:00:00Z"));
    CHECK(feed.find_child_by_attribute("link", "rel", "self").attribute("href").value() ==
          std::string("http://127.0.0.1:8137/health.atom"));
    const auto entries = feed.children("entry");
    REQUIRE(std::distance(entries.begin(), entries.end()) == 2);
    const pugi::xml_node broken = *std::next(entries.begin());
    CHECK(broken.child_value("id") == std::string("urn:x-aggd:store-1:health:7"));
    CHECK(broken.child_value("title") == std::string("Quay Notes is broken since 2022-01-10: 403 <Forbidden>"));
    CHECK(broken.child_value("updated") == std::string("2022-01-10T09:00:00Z"));
    CHECK(broken.child("author").child_value("name") == std::string("aggd"));
    // RFC 4287, 4.1.2: without an alternate link there must be content; 4.2.11: a source would need an id and a title.
    CHECK(broken.child("content").attribute("type").value() == std::string("html"));
    CHECK(broken.child_value("content") ==
          std::string("<p>The last 3 polls failed, this one with: &quot;Ask &amp; wait&quot;.</p>"
                      "<p><code>aggctl why quay-notes</code></p>"));
    CHECK_FALSE(broken.child("source"));
}

TEST_CASE("the health feed is there as RSS and JSON Feed too") {
    House house;
    pugi::xml_document xml;
    REQUIRE(xml.load_string(house.ask(ViewFormat::rss).body->c_str()));
    CHECK(xml.child("rss").child("channel").child("item").child_value("title") ==
          std::string("Quay Notes has recovered"));
    const auto json = boost::json::parse(*house.ask(ViewFormat::json_feed).body);
    CHECK(json.at("items").at(0).at("id") == "urn:x-aggd:store-1:health:8");
    CHECK_FALSE(json.at("items").at(0).as_object().contains("_aggd"));
}

TEST_CASE("who has the newest event is answered 304") {
    House house;
    const std::string tag(house.ask(ViewFormat::atom).header("ETag").value());
    const Response again = house.ask(ViewFormat::atom, {{"If-None-Match", tag}});
    CHECK(again.status == 304);
    CHECK_FALSE(again.body);
    CHECK(again.header("ETag") == tag);
    CHECK(house.ask(ViewFormat::rss, {{"If-None-Match", tag}}).status == 200);
    house.events.insert(house.events.begin(), {9, two_events()[0].event});
    CHECK(house.ask(ViewFormat::atom, {{"If-None-Match", tag}}).status == 200);
}

TEST_CASE("without events it is an empty feed") {
    House house;
    house.events.clear();
    pugi::xml_document xml;
    REQUIRE(xml.load_string(house.ask(ViewFormat::atom).body->c_str()));
    CHECK_FALSE(xml.child("feed").child("entry"));
}
