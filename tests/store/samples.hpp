// Feeds, items and polls for the store's tests.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "store/reader.hpp"
#include "store/writer.hpp"

namespace agg::test {

using namespace std::chrono_literals;

inline const TimePoint k_noon = from_unix_ms(1'641'816'000'000);  // 2022-01-10T12:00:00Z

inline Feed feed(const std::string& name) {
    Feed one;
    one.name = name;
    one.url = "https://" + name + ".example/feed";
    return one;
}

// An item "ID" of `outlet`, at an address of its own, published at `published`.
inline Item item(const std::string& outlet, const std::string& id, TimePoint published = k_noon - 1h) {
    Item one;
    one.id = id;
    one.link = "https://" + outlet + ".example/" + id;
    one.canonical_url = outlet + ".example/" + id;
    one.title = outlet + " " + id;
    one.content_html = "<p>" + id + "</p>";
    one.published = published;
    return one;
}

inline store::Poll poll(FeedId feed, TimePoint now, const std::vector<Item>& items, const std::string& etag = "\"1\"") {
    store::Poll one;
    one.feed = feed;
    one.now = now;
    one.state.validators.etag = etag;
    one.state.last_poll = one.state.last_success = one.state.last_document = now;
    one.state.next_poll = now + 1h;
    one.items = dedup::keyed_items(items);
    return one;
}

// A text that packing hardly shortens: letters and digits at random, the same for the same seed.
inline std::string noise(std::size_t bytes, unsigned seed) {
    static constexpr char k_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::minstd_rand random(seed);
    std::string text;
    while (text.size() < bytes) text += k_alphabet[random() >> 10 & 63];
    return text;
}

inline std::vector<std::string> titles(const store::Page& page) {
    std::vector<std::string> all;
    for (const store::Story& story : page.stories) all.push_back(story.members.front().item.title);
    return all;
}

}  // namespace agg::test
