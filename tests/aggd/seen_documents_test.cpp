#include "aggd/seen_documents.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "aggd/document.hpp"

using namespace agg;
using namespace std::chrono_literals;
using aggd::Document;
using aggd::read_document;
using aggd::SeenDocument;
using aggd::SeenDocuments;

namespace {

const TimePoint k_noon = from_unix_ms(1'641'816'000'000);  // 2022-01-10T12:00:00Z
const std::string k_url = "https://a.example/feed";

struct Told {
    int number;
    std::string body = "It rains.";
};

fetch::Response answer(const std::vector<Told>& items, const std::string& title = "A") {
    fetch::Response response;
    response.status = 200;
    response.url = k_url;
    response.body = "<rss version=\"2.0\"><channel><title>" + title + "</title>";
    for (const Told& item : items)
        response.body += fmt::format(
            "<item><guid>guid-{0}</guid><link>https://a.example/{0}</link><title>Rain {0}</title>"
            "<pubDate>Mon, 10 Jan 2022 09:{0:02}:00 GMT</pubDate><description>{1}</description></item>",
            item.number, item.body);
    response.body += "</channel></rss>";
    return response;
}

std::vector<std::string> titles(const Document& document) {
    std::vector<std::string> all;
    for (const auto& item : document.items) all.push_back(item.item.title);
    return all;
}

// Sorted, as it is remembered.
SeenDocument remembered(const Document& document) {
    SeenDocuments all;
    SeenDocument seen = document.seen;
    seen.url = k_url;
    all.remember(FeedId{1}, std::move(seen));
    return *all.last(FeedId{1}, k_url, k_noon);
}

}  // namespace

TEST_CASE("of a document after another only what is new or changed is taken up") {
    const Document first = *read_document(answer({{2}, {1}}), 0, nullptr, k_noon);
    CHECK(titles(first) == std::vector<std::string>{"Rain 2", "Rain 1"});
    CHECK(first.unchanged.empty());
    const SeenDocument seen = remembered(first);
    const Document next = *read_document(answer({{3}, {2, "It rains no more."}, {1}}), 0, &seen, k_noon + 1h);
    CHECK(titles(next) == std::vector<std::string>{"Rain 3", "Rain 2"});
    CHECK(next.unchanged.size() == 1);
}

TEST_CASE("what is said of a document is the same whether its items were seen or not") {
    const SeenDocument seen = remembered(*read_document(answer({{2}, {1}}), 0, nullptr, k_noon));
    const auto response = answer({{3}, {2}, {1}});
    const Document all = *read_document(response, 0, nullptr, k_noon);
    const Document some = *read_document(response, 0, &seen, k_noon);
    REQUIRE(some.items.size() == 1);
    CHECK(some.reading.items == all.reading.items);
    CHECK(some.reading.identities == all.reading.identities);
    CHECK(some.reading.published == all.reading.published);
    CHECK(some.info.title == all.info.title);
    // And so is what the next one is held against.
    const Document after = *read_document(
        answer({{4}, {3}, {2}, {1}}), 0,
        [&] {
            static SeenDocument kept;
            kept = remembered(some);
            return &kept;
        }(),
        k_noon);
    CHECK(titles(after) == std::vector<std::string>{"Rain 4"});
}

TEST_CASE("an item that takes the id of one that was seen makes the whole document count") {
    const SeenDocument seen = remembered(*read_document(answer({{2}, {1}}), 0, nullptr, k_noon));
    auto response = answer({{3}, {2}, {1}});
    response.body.replace(response.body.find("guid-3"), 6, "guid-1");
    const Document document = *read_document(response, 0, &seen, k_noon + 1h);
    CHECK(titles(document) == std::vector<std::string>{"Rain 3", "Rain 2", "Rain 1"});
    CHECK(document.items[0].keys.identity != document.items[2].keys.identity);
    CHECK(document.seen.looked_at == k_noon + 1h);
}

TEST_CASE("a feed that says another language of itself says it of all its items") {
    const SeenDocument seen = remembered(*read_document(answer({{1}}), 0, nullptr, k_noon));
    const auto response = answer({{1}}, "A</title><language>kk</language><title>");
    const Document document = *read_document(response, 0, &seen, k_noon);
    CHECK(document.items.size() == 1);
}

TEST_CASE("every detail of an item counts") {
    const ParsedFeed feed;
    const ParsedItem plain;
    const std::uint64_t before = aggd::fingerprint_of(plain, feed);
    const auto changed = [&](auto change) {
        ParsedItem item;
        change(item);
        return aggd::fingerprint_of(item, feed) != before;
    };
    CHECK(changed([](ParsedItem& item) { item.id = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.link = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.original_link = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.comments = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.title.text = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.title.type = MarkupType::html; }));
    CHECK(changed([](ParsedItem& item) { item.summary.text = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.content.text = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.content.base = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.authors = {{"x", "", ""}}; }));
    CHECK(changed([](ParsedItem& item) { item.categories = {"x"}; }));
    CHECK(changed([](ParsedItem& item) { item.enclosures = {{"x", "", std::nullopt}}; }));
    CHECK(changed([](ParsedItem& item) { item.image = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.duration = std::chrono::seconds{1}; }));
    CHECK(changed([](ParsedItem& item) { item.source.title.text = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.source.link = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.language = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.published.text = "x"; }));
    CHECK(changed([](ParsedItem& item) { item.updated.time = k_noon; }));
}

TEST_CASE("a document is looked at as a whole once a day, at another address, and after the clock was set back") {
    SeenDocuments all;
    CHECK_FALSE(all.last(FeedId{1}, k_url, k_noon));
    all.remember(FeedId{1}, {.url = k_url, .looked_at = k_noon});
    CHECK(all.last(FeedId{1}, k_url, k_noon + 23h));
    CHECK_FALSE(all.last(FeedId{1}, k_url, k_noon + 24h));
    CHECK_FALSE(all.last(FeedId{1}, k_url, k_noon - 1h));
    CHECK_FALSE(all.last(FeedId{1}, "https://b.example/feed", k_noon));
    CHECK_FALSE(all.last(FeedId{2}, k_url, k_noon));
    all.forget(FeedId{1});
    CHECK_FALSE(all.last(FeedId{1}, k_url, k_noon));
}

TEST_CASE("that nothing changed for a day does not put off the next look at the whole") {
    const SeenDocument seen = remembered(*read_document(answer({{1}}), 0, nullptr, k_noon));
    const Document next = *read_document(answer({{2}, {1}}), 0, &seen, k_noon + 20h);
    CHECK(next.seen.looked_at == k_noon);
}

TEST_CASE("the memory of what was seen is bounded") {
    SeenDocuments all;
    SeenDocument large{.url = k_url, .looked_at = k_noon};
    large.items.resize(150'000);
    all.remember(FeedId{1}, large);
    all.remember(FeedId{2}, large);
    CHECK(all.last(FeedId{1}, k_url, k_noon));
    CHECK_FALSE(all.last(FeedId{2}, k_url, k_noon));
    all.forget(FeedId{1});
    all.remember(FeedId{2}, large);
    CHECK(all.last(FeedId{2}, k_url, k_noon));
}
