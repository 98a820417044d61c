#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("the merged feed is served on the Unix socket and on TCP, in three formats") {
    Origin origin;
    origin.on("/a", document(rss("a", {"Second", "First"})));
    DaemonUnderTest aggd(feed_table("a", origin.url("/a")));
    aggd.start();
    aggd.refresh();

    CHECK(aggd.titles() == Strings{"Second", "First"});
    CHECK(http(aggd.tcp_url() + "/feed.atom").body == aggd.get("/feed.atom").body);
    CHECK_THAT(aggd.get("/feed.atom").headers["content-type"], Contains("application/atom+xml"));
    CHECK_THAT(aggd.get("/feed.rss").headers["content-type"], Contains("application/rss+xml"));
    CHECK_THAT(aggd.get("/feed.rss").body, Contains("<title>Second</title>"));
    CHECK_THAT(aggd.get("/feed.json").headers["content-type"], Contains("application/feed+json"));
    CHECK_THAT(aggd.get("/feed.json").body, Contains("https://jsonfeed.org/version/1.1"));
}

TEST_CASE("an unchanged feed is 304, a changed one is not") {
    Origin origin;
    origin.on("/a", document(rss("a", {"First"})));
    DaemonUnderTest aggd(feed_table("a", origin.url("/a")));
    aggd.start();
    aggd.refresh();
    const std::string etag = aggd.get("/feed.atom").headers["etag"];
    REQUIRE_FALSE(etag.empty());
    CHECK(aggd.get("/feed.atom", {"If-None-Match: " + etag}).status == 304);

    origin.on("/a", document(rss("a", {"Second", "First"})));
    aggd.refresh();
    const HttpAnswer changed = aggd.get("/feed.atom", {"If-None-Match: " + etag});
    CHECK(changed.status == 200);
    CHECK(changed.headers.at("etag") != etag);
    CHECK(changed.headers.count("last-modified") == 0);
}

TEST_CASE("gzip and HEAD") {
    Origin origin;
    origin.on("/a", document(rss("a", {"First", "Second", "Third", "Fourth"})));
    DaemonUnderTest aggd(feed_table("a", origin.url("/a")));
    aggd.start();
    aggd.refresh();
    const HttpAnswer plain = aggd.get("/feed.atom");
    const HttpAnswer packed = aggd.get("/feed.atom", {"Accept-Encoding: gzip"});
    CHECK(packed.headers.at("content-encoding") == "gzip");
    CHECK(packed.body.size() < plain.body.size());
    const HttpAnswer head = aggd.get("/feed.atom", {}, "HEAD");
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    CHECK(head.headers.at("content-length") == std::to_string(plain.body.size()));
}

TEST_CASE("an article that two outlets carry under the same address is one entry that links both") {
    Origin origin;
    origin.on("/a", document(rss("Harbour Times", {"Quay"}, "https://harbour.example")));
    origin.on("/b", document(rss("Link Notes", {"Quay"}, "http://www.harbour.example")));
    DaemonUnderTest aggd(feed_table("a", origin.url("/a")) + feed_table("b", origin.url("/b")));
    aggd.start();
    aggd.refresh();
    CHECK(aggd.titles() == Strings{"Quay"});
    const Strings links = entry_links(aggd.get("/feed.atom").body, "Quay");
    CHECK(std::count_if(links.begin(), links.end(),
                        [](const std::string& link) { return link.starts_with("alternate "); }) == 1);
    CHECK(std::count_if(links.begin(), links.end(),
                        [](const std::string& link) { return link.starts_with("related "); }) == 1);
    CHECK_THAT(aggd.get("/v1/status").body, Contains("\"items\":2") && Contains("\"stories\":1"));
}

TEST_CASE("a compressed document that breaks off where Content-Length says loses nothing") {
    Origin origin;
    const std::string whole = gzip(rss("a", {"Third", "Second", "First"}));
    const HeaderLines headers = {{"Content-Type", "text/xml"}, {"Content-Encoding", "gzip"}, {"ETag", "\"half\""}};
    origin.on("/a", Answer{200, headers, whole.substr(0, whole.size() / 2)});
    DaemonUnderTest aggd(feed_table("a", origin.url("/a")));
    aggd.start();
    aggd.refresh();
    origin.on("/a", Answer{200, headers, whole});
    aggd.refresh();
    CHECK(aggd.titles() == Strings{"Third", "Second", "First"});
    for (const SeenRequest& request : origin.requests()) CHECK_FALSE(request.has("If-None-Match"));
}

TEST_CASE("feeds of every kind and encoding meet in one feed") {
    Origin origin;
    origin.on(
        "/atom",
        document(
            "<feed "
            "xmlns=\"http://www.w3.org/2005/Atom\"><title>A</title><id>a</id><updated>2022-01-10T10:00:00Z</updated>"
            "<entry><title>Атом</title><id>a1</id><link "
            "href=\"https://a.example/1\"/><updated>2022-01-10T10:00:00Z</updated></entry></feed>",
            "application/atom+xml"));
    origin.on(
        "/rdf",
        document(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">"
            "<channel rdf:about=\"r\"><title>R</title><link>https://r.example/</link></channel>"
            "<item "
            "rdf:about=\"https://r.example/1\"><title>中文</title><link>https://r.example/1</link></item></rdf:RDF>",
            "application/rdf+xml"));
    origin.on(
        "/json",
        document("{\"version\":\"https://jsonfeed.org/version/"
                 "1.1\",\"title\":\"J\",\"items\":[{\"id\":\"1\",\"url\":\"https://j.example/1\",\"title\":\"Қазақ\","
                 "\"content_text\":\"x\"}]}",
                 "application/feed+json"));
    origin.on("/1251", document("<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss "
                                "version=\"2.0\"><channel><title>W</title><item><title>\xCB\xB8\xE4</title>"
                                "<link>https://w.example/1</link></item></channel></rss>",
                                "text/xml"));
    DaemonUnderTest aggd(feed_table("atom", origin.url("/atom")) + feed_table("rdf", origin.url("/rdf")) +
                         feed_table("json", origin.url("/json")) + feed_table("w1251", origin.url("/1251")));
    aggd.start();
    aggd.refresh();
    Strings titles = aggd.titles();
    std::sort(titles.begin(), titles.end());
    Strings expected{"Атом", "中文", "Қазақ", "Лёд"};
    std::sort(expected.begin(), expected.end());
    CHECK(titles == expected);
}

TEST_CASE("bad requests get a proper status and a short text, and the daemon stays well") {
    DaemonUnderTest aggd("");
    aggd.start();
    const std::string url = aggd.tcp_url();
    const std::string host = url.substr(7);
    CHECK(http(url + "/no-such-thing").status == 404);
    CHECK(http(url + "/feed.atom", {}, "", "DELETE").status == 405);
    CHECK(http(url + "/feed.atom?n=banana").status == 400);
    CHECK(http(url + "/feed.atom", {"Host: evil.example"}).status == 421);
    CHECK(http(url + "/v1/status").status == 404);
    CHECK_THAT(raw_exchange(url, "\x16\x03\x01 this is no HTTP\r\n\r\n"), Contains(" 400 ") || Contains("400"));
    CHECK_THAT(
        raw_exchange(url, "GET / HTTP/1.1\r\nHost: " + host + "\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"),
        Contains(" 431 "));
    CHECK_THAT(raw_exchange(url, "GET /" + std::string(12'000, 'x') + " HTTP/1.1\r\nHost: " + host +
                                     "\r\nConnection: close\r\n\r\n"),
               Contains(" 414 "));
    CHECK_THAT(raw_exchange(url, "POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 99999999\r\n\r\n"),
               Contains(" 413 ") || Contains(" 405 "));
    CHECK(http(url + "/healthz").status == 200);
}
