#include "serve/opml.hpp"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "serve/fake_admin.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace {

pugi::xml_document parsed(const std::string& text) {
    pugi::xml_document document;
    REQUIRE(document.load_string(text.c_str()));
    CHECK(std::string(document.child("opml").attribute("version").value()) == "2.0");
    CHECK(document.child("opml").child("head").child("title"));
    return document;
}

std::string attribute(pugi::xml_node node, const char* name) { return node.attribute(name).value(); }

}  // namespace

TEST_CASE("the subscriptions stand in the folder of their first tag, with all tags as categories") {
    FeedStatus bare;
    bare.name = "bare";
    bare.url = "https://bare.example/?a=1&b=2";
    FeedStatus second = sample_feed();
    second.title = "";
    const auto document = parsed(write_subscriptions({sample_feed(), bare, second}));
    const auto body = document.child("opml").child("body");
    const auto top = body.first_child();
    CHECK(attribute(top, "xmlUrl") == bare.url);
    CHECK(attribute(top, "type") == "rss");
    CHECK(attribute(top, "text") == "bare");
    const auto folder = top.next_sibling();
    CHECK(attribute(folder, "text") == "news");
    CHECK(attribute(folder.first_child(), "text") == "BBC «World»");
    CHECK(attribute(folder.first_child(), "category") == "news,мир");
    CHECK(attribute(folder.first_child(), "htmlUrl") == "https://www.example/");
    CHECK(attribute(folder.last_child(), "text") == "bbc-world");
    CHECK_FALSE(folder.next_sibling());
}

TEST_CASE("the views are those of feeds.conf, the tags and the sources, each at its address") {
    const Catalog catalog{
        {"bbc.world"}, {"far away"}, {View{.name = "calm", .title = "Calm & quiet", .query_text = "", .query = {}}}};
    const auto document = parsed(write_views(catalog, "http://127.0.0.1:8137/"));
    std::vector<std::string> addresses;
    for (const auto& each : document.select_nodes("//outline[@xmlUrl]"))
        addresses.push_back(attribute(each.node(), "xmlUrl"));
    CHECK(addresses == std::vector<std::string>{
                           "http://127.0.0.1:8137/feed.atom", "http://127.0.0.1:8137/view/calm.atom",
                           "http://127.0.0.1:8137/tag/far%20away.atom", "http://127.0.0.1:8137/source/bbc.world.atom"});
    CHECK(document.select_node("//outline[@text='Calm & quiet']").node());
}
