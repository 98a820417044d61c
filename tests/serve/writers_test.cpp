#include "serve/writers.hpp"

#include <set>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "serve/markup.hpp"
#include "serve/samples.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace {

const ViewInfo k_view{
    "urn:x-aggd:test:feed", "Моя & <лента>", "http://127.0.0.1:8137/feed.atom", "http://127.0.0.1:8137/", {}, {}, {}};

std::vector<Entry> sample_entries() {
    store::Story bare = story(9, {member("gamma", "", "")});
    store::Story dirty =
        simple_story(3, std::string("bell \x07 del \x7F c1 \xC2\x85 nul") + '\0' + " cr\r\n \xEF\xBF\xBE \xFF broken");
    dirty.members[0].item.content_html = "<p>\x01\x1B[31m</p>";
    store::Story hostile = simple_story(4, "]]></title><script>");
    hostile.members[0].feed_title = "\"'<&>";
    hostile.members[0].item.categories = {"\"><x>"};
    std::vector<Entry> entries;
    for (const store::Story& each : {rich_story(), bare, dirty, hostile, simple_story(5)})
        entries.push_back(entry_of(each));
    return entries;
}

// What pugixml lets pass: XML 1.0, 2.2 forbids these, and so does good taste.
bool has_control_characters(const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) return true;
        if (byte == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
        if (text.compare(at, 3, "\xEF\xBF\xBE") == 0 || text.compare(at, 3, "\xEF\xBF\xBF") == 0) return true;
    }
    return false;
}

struct Document {
    explicit Document(const std::string& text) {
        REQUIRE(is_utf8(text));
        REQUIRE_FALSE(has_control_characters(text));
        const auto outcome = xml.load_buffer(text.data(), text.size(), pugi::parse_full);
        CAPTURE(outcome.description(), outcome.offset);
        REQUIRE(outcome.status == pugi::status_ok);
    }
    pugi::xml_document xml;
};

std::size_t count(pugi::xml_node node, const char* name) {
    const auto children = node.children(name);
    return static_cast<std::size_t>(std::distance(children.begin(), children.end()));
}

std::string text(pugi::xml_node node, const char* name) { return node.child(name).text().get(); }

bool is_absolute_iri(const std::string& iri) {
    return iri.find(':') != std::string::npos && iri.find(' ') == std::string::npos;
}

// RFC 4287: what a feed, an entry and a source must have, and how often.
void check_atom_container(pugi::xml_node node) {
    CHECK(count(node, "id") == 1);
    CHECK(is_absolute_iri(text(node, "id")));
    CHECK(count(node, "title") == 1);
    CHECK_FALSE(text(node, "title").empty());
    CHECK(count(node, "updated") == 1);
    CHECK(parse_rfc3339(text(node, "updated")));
    for (const auto link : node.children("link")) CHECK(is_absolute_iri(link.attribute("href").value()));
}

void check_atom(const std::string& written) {
    const Document document(written);
    const auto feed = document.xml.child("feed");
    REQUIRE(feed);
    CHECK(std::string(feed.attribute("xmlns").value()) == "http://www.w3.org/2005/Atom");
    check_atom_container(feed);
    CHECK(std::string(feed.find_child_by_attribute("link", "rel", "self").attribute("href").value()) ==
          k_view.self_url);
    std::set<std::string> ids = {text(feed, "id")};
    for (const auto entry : feed.children("entry")) {
        CAPTURE(text(entry, "id"));
        check_atom_container(entry);
        CHECK(ids.insert(text(entry, "id")).second);
        CHECK(count(entry, "published") == 1);
        CHECK(parse_rfc3339(text(entry, "published")).value() <= parse_rfc3339(text(entry, "updated")).value());
        CHECK(count(entry, "author") >= 1);
        for (const auto author : entry.children("author")) CHECK_FALSE(text(author, "name").empty());
        CHECK(count(entry, "source") == 1);
        check_atom_container(entry.child("source"));
        CHECK(count(entry, "content") <= 1);
        CHECK(count(entry, "summary") <= 1);
        unsigned alternates = 0;
        for (const auto link : entry.children("link"))
            alternates += std::string_view(link.attribute("rel").value()) == "alternate";
        CHECK(alternates <= 1);
        CHECK((alternates == 1 || count(entry, "content") == 1));
        for (const auto category : entry.children("category")) CHECK(category.attribute("term"));
    }
}

// "Mon, 10 Jan 2022 09:00:00 GMT" fits both RFC 822 and RFC 9110.
void check_rss(const std::string& written) {
    const Document document(written);
    const auto rss = document.xml.child("rss");
    CHECK(std::string(rss.attribute("version").value()) == "2.0");
    CHECK(count(rss, "channel") == 1);
    const auto channel = rss.child("channel");
    for (const char* required : {"title", "link", "description"}) {
        CHECK(count(channel, required) == 1);
        CHECK_FALSE(text(channel, required).empty());
    }
    CHECK(std::string(channel.find_child_by_attribute("atom:link", "rel", "self").attribute("href").value()) ==
          k_view.self_url);
    if (channel.child("lastBuildDate")) CHECK(parse_http_date(text(channel, "lastBuildDate")));
    std::set<std::string> guids;
    for (const auto item : channel.children("item")) {
        CAPTURE(text(item, "guid"));
        CHECK_FALSE(text(item, "title").empty());
        CHECK(guids.insert(text(item, "guid")).second);
        CHECK(std::string(item.child("guid").attribute("isPermaLink").value()) == "false");
        CHECK(parse_http_date(text(item, "pubDate")));
        CHECK_FALSE(text(item, "dc:creator").empty());
        CHECK_FALSE(std::string(item.child("source").attribute("url").value()).empty());
        for (const char* once : {"link", "description", "content:encoded", "comments", "enclosure"})
            CHECK(count(item, once) <= 1);
        if (const auto enclosure = item.child("enclosure"))
            for (const char* attribute : {"url", "length", "type"})
                CHECK_FALSE(std::string(enclosure.attribute(attribute).value()).empty());
    }
}

}  // namespace

TEST_CASE("scrubbing removes what XML forbids and nothing else") {
    CHECK(scrub("tab\tline\nплюс 中文 \xF0\x9F\x98\x80 \xC2\xA0") == "tab\tline\nплюс 中文 \xF0\x9F\x98\x80 \xC2\xA0");
    CHECK(scrub("a\r\nb\rc") == "a\nb\nc");
    CHECK(scrub(std::string("a\0b\x1F\x7F\xC2\x9F", 7)) == "ab");
    CHECK(scrub("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD") == "\xEF\xBF\xBD");
    CHECK(scrub("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(scrub("\xC2") == "\xEF\xBF\xBD");
}

TEST_CASE("Atom has what RFC 4287 requires, for any entry and for none") {
    check_atom(write_atom(k_view, sample_entries()));
    check_atom(write_atom(k_view, {}));
}

TEST_CASE("RSS has what the specification requires, for any entry and for none") {
    check_rss(write_rss(k_view, sample_entries()));
    check_rss(write_rss(k_view, {}));
}

TEST_CASE("text comes out of Atom and RSS as it went in") {
    const std::vector<Entry> entries = sample_entries();
    const Document atom(write_atom(k_view, entries));
    const auto entry = atom.xml.child("feed").child("entry");
    CHECK(text(atom.xml.child("feed"), "title") == k_view.title);
    CHECK(text(entry, "title") == entries[0].title);
    CHECK(text(entry, "summary") == entries[0].summary_html);
    CHECK(text(entry, "content") == entries[0].content_html);
    CHECK(std::string(entry.child("content").attribute("type").value()) == "html");
    CHECK(std::string(entry.attribute("xml:lang").value()) == "kk");
    const Document rss(write_rss(k_view, entries));
    const auto item = rss.xml.child("rss").child("channel").child("item");
    CHECK(text(item, "title") == entries[0].title);
    CHECK(text(item, "description") == entries[0].summary_html);
    CHECK(text(item, "content:encoded") == entries[0].content_html);
}

TEST_CASE("a feed is as new as the last change of what is stored") {
    ViewInfo view = k_view;
    view.changed_at = at("2022-02-01T12:00:00Z");
    CHECK(text(Document(write_atom(view, sample_entries())).xml.child("feed"), "updated") == "2022-02-01T12:00:00Z");
    CHECK(text(Document(write_rss(view, sample_entries())).xml.child("rss").child("channel"), "lastBuildDate") ==
          "Tue, 01 Feb 2022 12:00:00 GMT");
}

TEST_CASE("an Atom entry names its source, the other outlets, enclosures, comments and categories") {
    const Document document(write_atom(k_view, sample_entries()));
    const auto entry = document.xml.child("feed").child("entry");
    const auto source = entry.child("source");
    CHECK(text(source, "title") == "alpha");
    CHECK(text(source, "id") == "https://feeds.example/alpha.xml");
    CHECK(std::string(source.find_child_by_attribute("link", "rel", "alternate").attribute("href").value()) ==
          "https://alpha.example/");
    const auto related = entry.find_child_by_attribute("link", "rel", "related");
    CHECK(std::string(related.attribute("href").value()) == "https://beta.example/x?q=\"1\"");
    CHECK(std::string(related.attribute("title").value()) == "beta");
    const auto enclosure = entry.find_child_by_attribute("link", "rel", "enclosure");
    CHECK(std::string(enclosure.attribute("type").value()) == "audio/mpeg");
    CHECK(std::string(enclosure.attribute("length").value()) == "1234");
    CHECK(entry.find_child_by_attribute("link", "rel", "replies"));
    CHECK(std::string(entry.child("media:thumbnail").attribute("url").value()) ==
          "https://alpha.example/i.jpg?x=1&y=2");
    CHECK(count(entry, "category") == 3);
    CHECK(text(entry.child("author"), "email") == "aliya@alpha.example");
}

TEST_CASE("an RSS item names its source, the other outlets, enclosures and categories") {
    const Document document(write_rss(k_view, sample_entries()));
    const auto item = document.xml.child("rss").child("channel").child("item");
    CHECK(text(item, "source") == "alpha");
    CHECK(text(item, "guid") == rich_story().uid);
    CHECK(std::string(item.child("atom:link").attribute("rel").value()) == "related");
    CHECK(std::string(item.child("enclosure").attribute("length").value()) == "1234");
    CHECK(count(item, "media:content") == 2);
    CHECK(count(item, "category") == 3);
    CHECK(text(item, "comments") == "https://alpha.example/7#comments");
}

TEST_CASE("JSON Feed 1.1 has what its specification requires, for any entry and for none") {
    for (const auto& entries : {sample_entries(), std::vector<Entry>{}}) {
        const std::string written = write_json_feed(k_view, entries);
        REQUIRE(is_utf8(written));
        const auto feed = boost::json::parse(written).as_object();
        CHECK(feed.at("version") == "https://jsonfeed.org/version/1.1");
        CHECK(boost::json::value_to<std::string>(feed.at("title")) == k_view.title);
        CHECK(boost::json::value_to<std::string>(feed.at("feed_url")) == k_view.self_url);
        const auto& items = feed.at("items").as_array();
        REQUIRE(items.size() == entries.size());
        std::set<std::string> ids;
        for (const auto& each : items) {
            const auto& item = each.as_object();
            CHECK(ids.insert(boost::json::value_to<std::string>(item.at("id"))).second);
            CHECK((item.contains("content_html") || item.contains("content_text")));
            CHECK(parse_rfc3339(boost::json::value_to<std::string>(item.at("date_published"))));
            CHECK(parse_rfc3339(boost::json::value_to<std::string>(item.at("date_modified"))));
            CHECK_FALSE(item.at("authors").as_array().empty());
            CHECK(item.at("_aggd").at("source").as_object().contains("title"));
            for (const auto& member : item)
                if (member.value().is_string())
                    CHECK_FALSE(has_control_characters(boost::json::value_to<std::string>(member.value())));
        }
    }
}

TEST_CASE("a JSON Feed item carries all that the story has") {
    const auto feed = boost::json::parse(write_json_feed(k_view, sample_entries()));
    const auto& item = feed.at("items").at(0).as_object();
    CHECK(item.at("summary") == "Кратко & ясно");
    CHECK(item.at("language") == "kk");
    CHECK(item.at("image") == "https://alpha.example/i.jpg?x=1&y=2");
    CHECK(item.at("tags").as_array().size() == 3);
    CHECK(item.at("authors").at(0).at("name") == "Әлия Нұрғали");
    CHECK(item.at("attachments").at(0).at("size_in_bytes") == 1234);
    CHECK(item.at("attachments").at(1).at("mime_type") == "application/octet-stream");
    CHECK(item.at("_aggd").at("also").at(0).at("title") == "beta");
    CHECK(item.at("_aggd").at("comments_url") == "https://alpha.example/7#comments");
}

TEST_CASE("the same entries give the same bytes") {
    for (const auto write : {write_atom, write_rss, write_json_feed})
        CHECK(write(k_view, sample_entries()) == write(k_view, sample_entries()));
}
