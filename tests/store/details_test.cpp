#include "store/details.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::store;

TEST_CASE("details come back as they were stored") {
    Item item;
    item.authors = {{"Айгүл", "a@example.org", ""}, {"李", "", "https://example.org/li"}};
    item.categories = {"новости", "天气"};
    item.enclosures = {{"https://example.org/a.mp3", "audio/mpeg", 123}, {"https://example.org/b", "", std::nullopt}};
    item.image = "https://example.org/i.png";
    item.comments = "https://example.org/c";
    item.language = "kk";
    item.duration = std::chrono::seconds{61};
    item.source = {"Agency", "https://agency.example/"};
    item.published_text = "yesterday";
    Item read;
    from_details(to_details(item), read);
    CHECK(read == item);
}

TEST_CASE("an item without details costs two bytes") {
    CHECK(to_details(Item{}) == "{}");
    Item read;
    from_details("{}", read);
    CHECK(read == Item{});
}

TEST_CASE("damaged details are not taken for empty ones") {
    Item read;
    CHECK_THROWS(from_details("", read));
    CHECK_THROWS(from_details("[1", read));
}
