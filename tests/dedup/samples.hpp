// Items for dedup's tests.
#pragma once

#include <string>

#include "dedup/decide.hpp"
#include "tools/dedup_items/memory_archive.hpp"

namespace agg::test {

using namespace std::chrono_literals;

inline const TimePoint k_noon = from_unix_ms(1'641'816'000'000);  // 2022-01-10T12:00:00Z

inline Item told(const std::string& title, const std::string& html, TimePoint published = k_noon) {
    Item item;
    item.title = title;
    item.content_html = html;
    item.published = published;
    return item;
}

// An item at an address and under an id of its own.
inline Item told_at(const std::string& address, const std::string& title, const std::string& html,
                    TimePoint published = k_noon) {
    Item item = told(title, html, published);
    item.id = "id of " + address;
    item.link = "https://" + address;
    item.canonical_url = address;
    return item;
}

inline dedup::KeyedItem keyed(const Item& item) { return dedup::keyed_items({item}).front(); }

}  // namespace agg::test
