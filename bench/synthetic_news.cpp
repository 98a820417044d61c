#include "synthetic_news.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace agg::bench {
namespace {

// splitmix64: a good number for every seed, with no state to carry along.
std::uint64_t mixed(std::uint64_t seed) {
    seed += 0x9E3779B97F4A7C15ULL;
    seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBULL;
    return seed ^ (seed >> 31);
}

constexpr std::array<std::string_view, 20> k_latin = {"ba",  "re",  "mi",  "to", "lu",  "sen", "dor",
                                                      "ka",  "vel", "nor", "ti", "pa",  "gri", "sta",
                                                      "mon", "el",  "ra",  "fo", "qui", "zan"};
constexpr std::array<std::string_view, 20> k_cyrillic = {"ба",  "ре",  "ми",  "то", "лу",  "сен", "дор",
                                                         "ка",  "вел", "нор", "ти", "па",  "гри", "ста",
                                                         "мон", "ель", "ра",  "фо", "кви", "зан"};

// A text has the words of the language as often as Zipf found: rank 1 twice as often as rank 2.
std::uint32_t rank(std::uint64_t random) {
    const double even = static_cast<double>(random >> 11) * 0x1.0p-53;
    return static_cast<std::uint32_t>(std::exp(even * std::log(static_cast<double>(SyntheticNews::k_words)))) - 1;
}

constexpr std::uint64_t k_told_again = 5;  // one in so many
constexpr std::uint64_t k_earlier = 40;    // items before the copy

}  // namespace

std::string SyntheticNews::word(std::uint32_t rank, bool cyrillic) {
    const auto& syllables = cyrillic ? k_cyrillic : k_latin;
    std::string text;
    std::uint32_t rest = rank + 20;
    for (; rest > 0; rest /= 20) text += syllables[rest % 20];
    return text;
}

std::string SyntheticNews::sentence(std::uint64_t seed, std::size_t words, bool cyrillic) const {
    std::string text;
    for (std::size_t n = 0; n < words; ++n) {
        if (n > 0) text += ' ';
        text += word(rank(mixed(seed * 1'000 + n)), cyrillic);
    }
    return text;
}

Item SyntheticNews::item(std::uint64_t number) const {
    const bool is_copy = number % k_told_again == 0 && number > k_earlier;
    const std::uint64_t story = is_copy ? number - k_earlier + 1 : number;
    const bool cyrillic = mixed(story) % k_told_again == 0;
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(span_) * (items_ - 1 - number) / items_;
    Item item;
    item.id = fmt::format("tag:news.example,2026:{}", number);
    item.link = fmt::format("https://news-{}.example/2026/{}/{}", number % 500, number / 1'000, number);
    item.canonical_url = item.link;
    item.title = sentence(is_copy ? mixed(number) : story, 9, cyrillic);
    for (std::uint64_t paragraph = 0; paragraph < 3; ++paragraph)
        item.content_html += "<p>" + sentence(mixed(story) + paragraph, cyrillic ? 25 : 45, cyrillic) + ".</p>";
    item.authors.push_back({.name = sentence(story % 300, 2, false), .email = {}, .url = {}});
    item.categories.push_back(word(static_cast<std::uint32_t>(story % 50)));
    item.published = std::chrono::time_point_cast<TimePoint::duration>(end_ - age);
    return item;
}

std::vector<Feed> synthetic_feeds(std::size_t count) {
    std::vector<Feed> feeds(count);
    for (std::size_t n = 0; n < count; ++n) {
        feeds[n].name = fmt::format("news-{}", n);
        feeds[n].url = fmt::format("https://news-{}.example/feed.xml", n);
        feeds[n].tags = {fmt::format("tag-{}", n % 20)};
    }
    return feeds;
}

}  // namespace agg::bench
